import { NEVER, type Observable, Subject } from 'rxjs';

import { defineContract, ErrorCode, type Message, request, RpcError, type } from '../../src/protocol/index.js';
import { createServer } from '../../src/server/index.js';
import type { ServerConnection } from '../../src/server/server-connection.js';
import type { Server, ServerOptions } from '../../src/server/server.js';
import { fakeWire, type FakeWire } from '../../src/testing/index.js';
import {
  expectIdleServer,
  type Job,
  openSession,
  type Plain,
  plain,
  plainHandlers,
  responsesTo,
  serveFormal,
  servePlain,
  since,
  watch,
} from '../rules/support.js';

const work = (id: number | string, scope?: string) => job('work', id, scope);
const read = (id: number | string, scope?: string) => job('read', id, scope);
const stop = (id: number | string) => job('stop', id);
const job = (method: string, id: number | string, scope?: string) => ({
  id,
  method,
  params: { n: Number(id), ...(scope !== undefined && { scope }) },
});
const cancel = (id: number | string) => ({ method: 'cancel', params: { id } });
const overloaded = { code: -32001, message: 'Overloaded', data: { reason: 'overloaded', retryable: true } };
const stopped = new RpcError(ErrorCode.InternalError, 'stopped');

interface Bench {
  readonly server: Server<Plain>;
  readonly wire: FakeWire;
  readonly connection: ServerConnection<Plain>;
  /** The jobs that were started, in order. */
  readonly started: readonly number[];
  /** Lets a job end with its number. */
  finish(n: number): void;
  /** Jobs that are being worked at, that is subscribed. */
  readonly observed: readonly number[];
  /** A second wire of the same server. */
  attach(): FakeWire;
}

/** A server whose handlers of `work`, `read` and `stop` end when they are told. */
function makeBench(options: ServerOptions<Plain> = {}): Bench {
  const started: number[] = [];
  const jobs = new Map<number, Subject<number>>();
  const start = ({ n }: Job): Observable<number> => {
    started.push(n);
    const subject = new Subject<number>();
    jobs.set(n, subject);
    return subject;
  };
  const { server, wire, connection } = servePlain({ work: start, read: start, stop: start }, options);
  return {
    server,
    wire,
    connection: connection as ServerConnection<Plain>,
    started,
    finish: (n) => {
      jobs.get(n)?.next(n);
      jobs.get(n)?.complete();
    },
    get observed() {
      return [...jobs].filter(([, subject]) => subject.observed).map(([n]) => n);
    },
    attach: () => {
      const other = fakeWire();
      server.attach(other);
      return other;
    },
  };
}

const result = (n: number): Message => ({ id: n, result: n });
const refusal = (id: number | string | null, code: number) => ({
  id,
  error: expect.objectContaining({ code }) as unknown,
});

describe('C2 an id in use', () => {
  it('is refused under null whether its request runs, waits for its scope or for a place', () => {
    const { server, wire, finish, started } = makeBench({ limits: { concurrency: 1 } });
    const diagnostics = watch(server.diagnostics$);
    wire.receive(work(1, 'a'), work(2, 'a'), work(3), work(1), work(2), work(3));
    expect(wire.sent).toEqual(
      [1, 2, 3].map((id) => ({
        id: null,
        error: { code: -32600, message: `duplicate request id: ${id}`, data: { id } },
      })),
    );
    expect(diagnostics.values).toEqual([1, 2, 3].map((id) => ({ type: 'duplicateRequest', id, method: 'work' })));
    expect(started).toEqual([1]);
    for (const n of [1, 2, 3, 2]) finish(n);
    expect([1, 2, 3].map((id) => responsesTo(id, wire.sent))).toEqual([1, 2, 3].map((n) => [result(n)]));
    expectIdleServer(server);
  });

  it('is free again as soon as its answer went out, a cancel included', () => {
    const { wire, finish, started } = makeBench();
    wire.receive(work(1), cancel(1), work(1));
    expect(started).toEqual([1, 1]);
    finish(1);
    wire.receive(work(1));
    expect(wire.sent).toEqual([refusal(1, -32800), result(1)]);
    expect(started).toEqual([1, 1, 1]);
  });

  it('is another one as a string, and another one on another wire', () => {
    const { wire, attach, started } = makeBench();
    wire.receive(work(1), work('1'));
    attach().receive(work(1));
    expect([wire.sent, started]).toEqual([[], [1, 1, 1]]);
  });
});

describe('C4 a place to wait', () => {
  it('is taken while a scope or a slot is awaited, and nobody else s request is lost over a refusal', () => {
    const { server, wire, finish, started } = makeBench({ limits: { requests: 2, concurrency: 1 } });
    wire.receive(work(1, 'a'), work(2, 'a'), work(3), work(4), work(5, 'a'));
    expect(wire.sent).toEqual([4, 5].map((id) => ({ id, error: overloaded })));
    expect(server.stats().requests).toMatchObject({ running: 1, waiting: 2 });
    for (let round = 0; round < 3; round += 1) for (const n of [1, 2, 3]) finish(n);
    expect([...started].sort()).toEqual([1, 2, 3]);
    expectIdleServer(server);
  });

  it('is not needed by a request that can start at once, however many wait', () => {
    const { server, wire, started } = makeBench({ limits: { requests: 1, concurrency: 4 } });
    wire.receive(read(1, 'a'), work(2, 'a'), work(3, 'b'), work(4));
    expect(started).toEqual([1, 3, 4]);
    expect(server.stats().requests).toMatchObject({ running: 3, waiting: 1 });
    expect(wire.sent).toEqual([]);
  });

  it('is needed by a shared request behind an exclusive one that waits', () => {
    const { wire } = makeBench({ limits: { requests: 1 } });
    wire.receive(read(1, 'a'), work(2, 'a'), read(3, 'a'));
    expect(wire.sent).toEqual([{ id: 3, error: overloaded }]);
  });

  it('is given back by whoever leaves, from the scope s line and from the slots', () => {
    const { wire, server } = makeBench({ limits: { requests: 2, concurrency: 1 } });
    wire.receive(work(1, 'a'), work(2, 'a'), work(3), cancel(2), cancel(3), work(4, 'a'), work(5));
    expect(wire.sent).toEqual([refusal(2, -32800), refusal(3, -32800)]);
    expect(server.stats().requests).toMatchObject({ running: 1, waiting: 2 });
  });

  it('starts those who wait for a slot in the order their scopes were free', () => {
    const { wire, started, finish } = makeBench({ limits: { concurrency: 2 } });
    wire.receive(work(1), work(2), work(3, 'b'), work(4), work(5, 'b'));
    for (const n of [2, 1, 3]) finish(n);
    expect(started).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('C5 a scope', () => {
  it('is one for all connections of a server, while their slots and ids are their own', () => {
    const { server, wire, attach, started, finish } = makeBench({ limits: { concurrency: 1 } });
    const other = attach();
    wire.receive(work(1, 'a'));
    other.receive(work(2, 'a'), work(3, 'b'));
    expect(started).toEqual([1, 3]);
    finish(3);
    expect(started).toEqual([1, 3]);
    finish(1);
    expect(started).toEqual([1, 3, 2]);
    finish(2);
    expect([wire.sent, other.sent]).toEqual([[result(1)], [result(3), result(2)]]);
    expectIdleServer(server);
  });

  it('is let go by a client that vanishes, for what it ran and for what it had waiting', () => {
    const { server, wire, attach, started } = makeBench();
    const other = attach();
    wire.receive(work(1, 'a'), work(2, 'a'));
    other.receive(work(3, 'a'));
    expect(started).toEqual([1]);
    wire.end();
    expect(started).toEqual([1, 3]);
    expect(server.stats().requests).toMatchObject({ running: 1, waiting: 0 });
  });

  it('lets those behind through when the exclusive one they waited behind is cancelled', () => {
    const { wire, started } = makeBench();
    wire.receive(read(1, 'a'), work(2, 'a'), read(3, 'a'), cancel(2));
    expect(started).toEqual([1, 3]);
    expect(wire.sent).toEqual([refusal(2, -32800)]);
  });

  it('is held by a request that waits for a slot, and let go when that is cancelled', () => {
    const { server, wire, attach, started } = makeBench({ limits: { concurrency: 1 } });
    const other = attach();
    wire.receive(work(1), work(2, 'a'));
    other.receive(work(3, 'a'));
    expect(started).toEqual([1]);
    wire.receive(cancel(2));
    expect(started).toEqual([1, 3]);
    expect(server.stats().requests).toMatchObject({ running: 2, waiting: 0 });
  });

  it('skips a request that left while it waited, and goes on with the next', () => {
    const { wire, started, finish } = makeBench();
    wire.receive(work(1, 'a'), work(2, 'a'), work(3, 'a'), cancel(2));
    finish(1);
    expect(started).toEqual([1, 3]);
  });

  it.each([
    ['of one scope', ['a', 'a']],
    ['of two scopes', ['a', 'b']],
    ['without a scope', [undefined, undefined]],
  ])('and a slot let 100,000 requests %s through that end at once, on a flat stack', (_, scopes) => {
    const held = new Subject<number>();
    let ran = 0;
    const { server, wire } = servePlain(
      {
        work: ({ n }) => {
          ran += 1;
          return n === 0 ? held : n;
        },
      },
      { limits: { requests: 200_000, concurrency: 1 } },
    );
    wire.receive(work(0, 'a'));
    for (let n = 1; n <= 100_000; n += 1) wire.receive(work(n, scopes[n % 2]));
    expect(server.stats().requests).toMatchObject({ running: 1, waiting: 100_000 });
    held.complete();
    expect([ran, server.stats().requests.answered]).toEqual([100_001, 100_001]);
    expectIdleServer(server);
  });
});

describe('C6 a promise that ignores its signal', () => {
  it('is answered at once and keeps its scope and its slot until it has ended', async () => {
    const started: number[] = [];
    const promised: { resolve: (n: number) => void }[] = [];
    const { server, wire } = servePlain(
      {
        work: ({ n }) => {
          started.push(n);
          if (n > 1) return n;
          return new Promise<number>((resolve) => {
            promised.push({ resolve });
          });
        },
      },
      { limits: { concurrency: 1 } },
    );
    wire.receive(work(1, 'a'), work(2, 'a'), work(3), cancel(1));
    expect(wire.sent).toEqual([refusal(1, -32800)]);
    expect([started, server.stats().requests]).toMatchObject([[1], { running: 1, waiting: 2 }]);
    promised[0]?.resolve(1);
    await Promise.resolve();
    expect([...started].sort()).toEqual([1, 2, 3]);
    expect(responsesTo(1, wire.sent)).toHaveLength(1);
    expectIdleServer(server);
  });
});

describe('C7 urgent requests', () => {
  it('have a bound of their own, the size of the other, and give their places back', () => {
    const { server, wire, started, finish } = makeBench({ limits: { requests: 2, concurrency: 1 } });
    wire.receive(work(1), work(2), work(3), work(4), stop(11), stop(12), stop(13));
    expect(wire.sent).toEqual([4, 13].map((id) => ({ id, error: overloaded })));
    expect(started).toEqual([1, 11, 12]);
    expect(server.stats().requests).toMatchObject({ running: 3, waiting: 2 });
    finish(11);
    wire.receive(stop(14));
    expect(started).toEqual([1, 11, 12, 14]);
  });

  it('know no scope: they neither wait for one nor hold one', () => {
    const { wire, started } = makeBench();
    wire.receive(work(1, 'a'), job('stop', 2, 'a'), work(3, 'b'));
    expect(started).toEqual([1, 2, 3]);
  });

  it('can be cancelled', () => {
    const { server, wire, observed } = makeBench();
    wire.receive(stop(1), cancel(1));
    expect([wire.sent, observed]).toEqual([[refusal(1, -32800)], []]);
    expectIdleServer(server);
  });
});

describe('C8 the checks', () => {
  it('ask for the scope after the params, and take a callback that throws as -32603 and a diagnostic', () => {
    const asked: unknown[] = [];
    const contract = defineContract({
      requests: {
        scoped: request({
          params: () => {
            if (asked.length > 1) throw new Error('no schema');
            return { safeParse: (value: unknown) => ({ success: value !== 'bad' }) } as never;
          },
          scope: (params) => {
            asked.push(params);
            throw new Error('no scope');
          },
        }),
      },
    });
    const server = createServer(contract, {
      scoped: () => {
        throw new Error('never runs');
      },
    });
    const diagnostics = watch(server.diagnostics$);
    const wire = fakeWire();
    server.attach(wire);
    wire.receive({ id: 1, method: 'scoped', params: 'bad' }, { id: 2, method: 'scoped', params: 'good' });
    expect(wire.sent).toEqual([refusal(1, -32602), refusal(2, -32603)]);
    expect(asked).toEqual(['good']);
    expect(diagnostics.values).toMatchObject([{ type: 'callbackFailed', method: 'scoped' }]);
    wire.receive({ id: 2, method: 'scoped', params: 'good' });
    expect(wire.sent).toHaveLength(3);
    expect(server.stats().requests).toEqual({ running: 0, waiting: 0, answered: 0 });
  });

  it('come in order: each refusal hides the ones after it', () => {
    const { wire } = serveFormal({ work: () => NEVER }, { limits: { requests: 1, concurrency: 1 } });
    const preview = (id: number) => ({ id, method: 'preview', params: 'bad' });
    wire.receive({ id: 1, method: 'nothing of the kind' });
    const opened = openSession(wire);
    wire.receive(work(1), work(2), work(1), { id: 3, method: 'nothing' }, preview(4));
    wire.receive({ id: 5, method: 'add', params: 'bad' }, work(6));
    expect(wire.sent[0]).toMatchObject({ id: 1, error: { message: 'Not initialized' } });
    expect(opened()).toEqual([
      refusal(null, -32600),
      refusal(3, -32601),
      refusal(4, -32600),
      refusal(5, -32602),
      refusal(6, -32001),
    ]);
  });
});

describe('D1 an intake that is stopped', () => {
  it('refuses all that waits, says how many that were, and lets the others finish', () => {
    const { server, wire, connection, started, finish } = makeBench({ limits: { concurrency: 2 } });
    wire.receive(work(1, 'a'), work(2, 'a'), work(3), work(4), work(5, 'b'));
    connection.intake.close(stopped);
    expect(connection.intake.stop()).toBe(3);
    expect(wire.sent).toEqual([2, 4, 5].map((id) => refusal(id, -32603)));
    wire.receive(work(6), stop(7), { id: 8, method: 'nothing' });
    expect(wire.sent.slice(3)).toEqual([6, 7, 8].map((id) => refusal(id, -32603)));
    finish(1);
    finish(3);
    expect(started).toEqual([1, 3]);
    expect(wire.sent.slice(6)).toEqual([result(1), result(3)]);
    connection.intake.close(stopped);
    expect([connection.intake.stop(), connection.intake.isIdle]).toEqual([0, true]);
    expectIdleServer(server);
  });

  it('still refuses a duplicate under null', () => {
    const { wire, connection } = makeBench();
    wire.receive(work(1));
    connection.intake.close(stopped);
    connection.intake.stop();
    wire.receive(work(1));
    expect(wire.sent).toEqual([refusal(null, -32600)]);
  });

  it('and then aborted stops all handlers, urgent ones too, and says how many', () => {
    const { server, wire, connection, observed } = makeBench({ limits: { concurrency: 2 } });
    wire.receive(work(1, 'a'), work(2), stop(3), work(4));
    expect(connection.intake.abort(stopped)).toBe(3);
    expect(wire.sent).toEqual([4, 1, 2, 3].map((id) => refusal(id, -32603)));
    expect(observed).toEqual([]);
    expectIdleServer(server);
  });
});

describe('D3 a connection that ends', () => {
  it('from inside a handler ends what that handler returns', () => {
    const source = new Subject<number>();
    let signal: AbortSignal | undefined;
    const { server, wire } = servePlain({
      work: (_, context) => {
        signal = context.signal;
        context.connection.close();
        return source;
      },
    });
    const after = since(wire);
    wire.receive(work(1, 'a'));
    expect([source.observed, signal?.aborted, after()]).toEqual([false, true, []]);
    expectIdleServer(server);
    const other = fakeWire();
    server.attach(other);
    other.receive({ id: 1, method: 'echo', params: 'x' });
    expect(other.sent).toEqual([{ id: 1, result: 'x' }]);
  });

  it('while the same scope has others waiting elsewhere runs these in their order', () => {
    const { wire, attach, started, finish } = makeBench();
    const others = [attach(), attach()];
    wire.receive(work(1, 'a'));
    others[0]?.receive(work(2, 'a'));
    others[1]?.receive(work(3, 'a'));
    wire.end();
    finish(2);
    expect(started).toEqual([1, 2, 3]);
  });

  it('is nothing to a handler that has answered', () => {
    const server = createServer(plain, plainHandlers);
    const wire = fakeWire();
    server.attach(wire);
    wire.receive({ id: 1, method: 'add', params: { a: 1, b: 2 } });
    wire.end();
    expect(server.stats().requests.answered).toBe(1);
  });
});

describe('C8 a request without params and result', () => {
  it('is answered an empty object', () => {
    const contract = defineContract({ requests: { ping: request(), poll: request({ result: type<null>() }) } });
    const server = createServer(contract, { ping: () => undefined, poll: () => null });
    const wire = fakeWire();
    server.attach(wire);
    wire.receive({ id: 1, method: 'ping' }, { id: 2, method: 'poll' });
    expect(wire.sent).toEqual([
      { id: 1, result: {} },
      { id: 2, result: null },
    ]);
  });
});
