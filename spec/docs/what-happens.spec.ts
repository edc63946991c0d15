/**
 * Proves docs/guide/what-happens-when.md, which quotes the names of these tests. The last test compares the two.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { asyncScheduler, NEVER } from 'rxjs';
import type { Observable } from 'rxjs';

import { isLagged, paceOn } from '../../src/backpressure/index.js';
import { connect } from '../../src/client/index.js';
import type { Client } from '../../src/client/index.js';
import { startInProcess } from '../../src/in-process/index.js';
import { defineContract, deliveryOf, notification, request, serverRequest, type } from '../../src/protocol/index.js';
import type { RequestId } from '../../src/protocol/index.js';
import { createServer } from '../../src/server/index.js';
import type { Connection } from '../../src/server/index.js';
import { fakeWire, run } from '../../src/testing/index.js';

interface WithId {
  readonly id: RequestId;
}

const contract = defineContract({
  requests: {
    'turn/start': request({ params: type<{ threadId: string }>(), result: type<string>() }),
    ping: request({ result: type<string>() }),
  },
  notifications: { cancel: notification({ params: type<WithId>() }) },
  serverRequests: { approve: serverRequest({ params: type<{ command: string }>(), result: type<boolean>() }) },
  serverNotifications: {
    delta: notification({ params: type<number>(), delivery: 'best-effort' }),
    'turn/completed': notification({ params: type<{ threadId: string }>() }),
    resolved: notification({ params: type<WithId>() }),
  },
  cancel: { method: 'cancel', params: (id) => ({ id }), id: (params) => (params as WithId).id },
  resolved: { method: 'resolved', params: ({ id }) => ({ id }), id: (params) => (params as WithId).id },
});
type Words = typeof contract;

/** What an observer was told, a line for each. */
function told(source: Observable<unknown>): readonly string[] {
  const lines: string[] = [];
  source.subscribe({
    next: (value) => lines.push(`next ${JSON.stringify(value)}`),
    error: (error: unknown) => lines.push(`error ${String(error)}`),
    complete: () => lines.push('complete'),
  });
  return lines;
}

function serve(turn: () => Observable<string>): {
  readonly client: Client<Words>;
  readonly connection: Connection<Words>;
  readonly ask: (command: string) => Observable<boolean>;
} {
  const server = createServer(contract, { 'turn/start': turn, ping: () => 'pong' });
  const attached: Connection<Words>[] = [];
  server.connections$.subscribe((connections) => attached.push(...connections.slice(0, 1)));
  const client = startInProcess(server);
  const connection = attached[0];
  if (connection === undefined) throw new Error('the client is not attached');
  return { client, connection, ask: (command) => server.request(connection, 'approve', { command }) };
}

describe('when the peer dies with three requests in flight', () => {
  const die = (orderly: boolean): ReturnType<typeof observe> => {
    const wire = fakeWire();
    const client = connect(wire, contract);
    const seen = observe(client);
    wire.receive({ method: 'turn/completed', params: { threadId: 't' } });
    wire.end({ reason: 'peer exited with code 1', orderly });
    return seen;
  };
  const observe = (client: Client<Words>) => ({
    client,
    requests: [1, 2, 3].map((n) => told(client.request('turn/start', { threadId: `t${n}` }))),
    events: told(client.events$),
    closed: told(client.closed$),
    state: told(client.state$),
  });

  it('each of them errors once with TransportError closed, and says why', () => {
    const error = 'error TransportError: turn/start: peer exited with code 1';
    expect(die(false).requests).toEqual([[error], [error], [error]]);
    expect(die(true).requests).toEqual([[error], [error], [error]]);
  });

  it('what was received before is delivered, then events$ errors; after an orderly end it completes', () => {
    const event = '{"type":"notification","method":"turn/completed","params":{"threadId":"t"},"seq":1}';
    expect(die(false).events).toEqual([`next ${event}`, 'error TransportError: peer exited with code 1']);
    expect(die(true).events).toEqual([`next ${event}`, 'complete']);
  });

  it('state$ and closed$ carry the reason as a value and never error', () => {
    const { state, closed } = die(false);
    expect(state).toEqual([
      'next {"type":"ready"}',
      'next {"type":"closed","reason":"peer exited with code 1"}',
      'complete',
    ]);
    expect(closed).toEqual(['next {"reason":"peer exited with code 1","orderly":false}', 'complete']);
  });

  it('what is asked afterwards is refused at once', () => {
    const { client } = die(false);
    expect(told(client.request('ping'))).toEqual(['error TransportError: ping: peer exited with code 1']);
    expect(client.notify('cancel', { id: 1 })).toBe('closed');
    expect(client.respond(1, true)).toBe('closed');
  });
});

describe('when the user interface stalls through 100,000 deltas', () => {
  const stall = (see: (client: Client<Words>, seen: unknown[]) => void): unknown[] => {
    const seen: unknown[] = [];
    run(({ flush }) => {
      const { client, connection } = serve(() => NEVER);
      client.events$
        .pipe(paceOn(asyncScheduler, { capacity: 256, ...deliveryOf(contract), delay: 16 }))
        .subscribe((event) => seen.push(isLagged(event) ? event : event.type === 'notification' ? event.method : ''));
      for (let n = 0; n < 100_000; n += 1) connection.notify('delta', n);
      connection.notify('turn/completed', { threadId: 't' });
      see(client, seen);
      flush();
      client.shutdown();
    });
    return seen;
  };

  it('it holds 256 of them and no more', () => {
    stall((_, seen) => {
      expect(seen).toEqual([]);
    });
    expect(stall(() => undefined)).toHaveLength(1 + 256 + 1);
  });

  it('the first thing it sees is one marker with the exact count, then the newest deltas, then the end of the turn', () => {
    const [gap, ...rest] = stall(() => undefined);
    expect(gap).toEqual({ type: 'lagged', skipped: 99_744 });
    expect(new Set(rest.slice(0, -1))).toEqual(new Set(['delta']));
    expect(rest.at(-1)).toBe('turn/completed');
  });

  it('if more lossless events come than it may hold, that subscriber alone errors with LagError', () => {
    const { client, connection } = serve(() => NEVER);
    const stalled = told(client.events$.pipe(paceOn(asyncScheduler, { capacity: 256, ...deliveryOf(contract) })));
    const other = told(client.events$);
    for (let n = 0; n < 4_096; n += 1) connection.notify('turn/completed', { threadId: 't' });
    expect(stalled).toEqual([]);
    connection.notify('turn/completed', { threadId: 't' });
    expect(stalled).toEqual([expect.stringContaining('error LagError: the budget of 4096 lossless events is used up')]);
    connection.notify('turn/completed', { threadId: 't' });
    expect(other).toHaveLength(4_098);
    client.shutdown();
  });

  it('an answer does not wait for it', () => {
    stall((client, seen) => {
      expect(told(client.request('ping'))).toEqual(['next "pong"', 'complete']);
      expect(seen).toEqual([]);
    });
  });
});

describe('when the approval panel is closed before it answered', () => {
  it('the question stays open, and the panel that mounts next is asked it', () => {
    const { client, ask } = serve(() => NEVER);
    const answer = told(ask('rm -rf build'));
    const panel = client.handle('approve', () => NEVER);
    panel.unsubscribe();
    expect(answer).toEqual([]);
    expect(client.openRequests()).toMatchObject([{ method: 'approve', params: { command: 'rm -rf build' } }]);
    client.handle('approve', () => true);
    expect(answer).toEqual(['next true', 'complete']);
  });

  it('its work is told to stop, and an answer that comes late from it counts for nothing', async () => {
    const { client, ask } = serve(() => NEVER);
    const answer = told(ask('ls'));
    let decide = (_: boolean): void => undefined;
    let signal: AbortSignal | undefined;
    const panel = client.handle('approve', (_, context) => {
      signal = context.signal;
      return new Promise<boolean>((resolve) => (decide = resolve));
    });
    panel.unsubscribe();
    expect(signal?.aborted).toBe(true);
    decide(true);
    await Promise.resolve();
    expect(answer).toEqual([]);
    expect(client.respond(0, false)).toBe('sent');
    expect(client.respond(0, true)).toBe('alreadySettled');
    expect(answer).toEqual(['next false', 'complete']);
  });

  it('if the whole client is shut down instead, whoever asked gets an RpcError', () => {
    const { client, ask } = serve(() => NEVER);
    const answer = told(ask('ls'));
    client.shutdown();
    expect(answer).toEqual(['error RpcError: the client is shutting down']);
  });
});

describe('when an id is used twice', () => {
  it('the second request errors with -32600 before anything is sent, and the first goes on', () => {
    const wire = fakeWire();
    const client = connect(wire, contract);
    const first = told(client.request('ping', undefined, { id: 7 }));
    let error: unknown;
    client.request('ping', undefined, { id: 7 }).subscribe({ error: (reason: unknown) => (error = reason) });
    expect(error).toMatchObject({
      name: 'RpcError',
      code: -32600,
      message: 'duplicate request id: 7',
      data: { id: 7 },
    });
    expect(wire.sent).toHaveLength(1);
    wire.receive({ id: 7, result: 'pong' });
    expect(first).toEqual(['next "pong"', 'complete']);
  });

  it('1 and "1" are two ids', () => {
    const wire = fakeWire();
    const client = connect(wire, contract);
    const number = told(client.request('ping', undefined, { id: 1 }));
    const string = told(client.request('ping', undefined, { id: '1' }));
    wire.receive({ id: '1', result: 'b' }, { id: 1, result: 'a' });
    expect([number, string]).toEqual([
      ['next "a"', 'complete'],
      ['next "b"', 'complete'],
    ]);
  });

  it('a server refuses the second one without its id, so that the first is not ended by it', () => {
    const server = createServer(contract, { 'turn/start': () => NEVER, ping: () => 'pong' });
    const diagnostics = told(server.diagnostics$);
    const wire = fakeWire();
    server.attach(wire);
    wire.receive({ id: 7, method: 'turn/start', params: { threadId: 't' } }, { id: 7, method: 'ping' });
    expect(wire.sent).toEqual([
      { id: null, error: { code: -32600, message: 'duplicate request id: 7', data: { id: 7 } } },
    ]);
    expect(diagnostics).toEqual(['next {"type":"duplicateRequest","id":7,"method":"ping"}']);
    wire.end();
  });

  it('an id that was given up stays taken until its late answer has come', () => {
    const wire = fakeWire();
    const client = connect(wire, contract);
    client.request('ping', undefined, { id: 7 }).subscribe().unsubscribe();
    expect(told(client.request('ping', undefined, { id: 7 }))).toEqual(['error RpcError: duplicate request id: 7']);
    wire.receive({ id: 7, result: 'late' });
    const again = told(client.request('ping', undefined, { id: 7 }));
    expect(again).toEqual([]);
    wire.receive({ id: 7, result: 'pong' });
    expect(again).toEqual(['next "pong"', 'complete']);
  });

  it('after cancelHold its place on the wire is free, but the id is barred until the late answer comes', () => {
    run(({ flush }) => {
      const wire = fakeWire();
      const client = connect(wire, contract, { limits: { inFlight: 1 } });
      const ask = (id?: number): readonly string[] =>
        told(client.request('ping', undefined, id === undefined ? {} : { id }));
      client.request('ping', undefined, { id: 7 }).subscribe().unsubscribe();
      const next = ask();
      expect(wire.sent).toHaveLength(2); // the request and its cancel
      asyncScheduler.schedule(() => {
        expect(wire.sent).toHaveLength(2);
      }, 9_999);
      flush();
      expect(wire.sent[2]).toEqual({ id: 0, method: 'ping' });
      wire.receive({ id: 0, result: 'pong' });
      expect(next).toEqual(['next "pong"', 'complete']);
      expect(ask(7)).toEqual(['error RpcError: duplicate request id: 7']);
      wire.receive({ id: 7, result: 'very late' });
      expect(ask(7)).toEqual([]);
      wire.end();
    });
  });
});

describe('when an answer needs the scope that waits for it', () => {
  const scope = (threadId: string): string => threadId;
  const params = type<string>();
  const thread = defineContract({
    requests: {
      'turn/start': request({ params, result: type<string>(), scope }),
      'thread/read': request({ params, result: type<string>(), scope, access: 'shared' }),
      'thread/peek': request({ params, result: type<string>(), scope, urgent: true }),
      'thread/list': request({ params, result: type<string>() }),
    },
    serverRequests: { approve: serverRequest({ params, result: type<string>() }) },
  });
  const open = (): Client<typeof thread> => {
    const read = (threadId: string): string => `state of ${threadId}`;
    return startInProcess(
      createServer(thread, {
        'turn/start': (threadId, context) => context.request('approve', threadId, { timeout: 1_000 }),
        'thread/read': read,
        'thread/peek': read,
        'thread/list': read,
      }),
    );
  };

  it('the request waits behind the handler that waits for the answer, until one of them is given up', () => {
    run(({ flush }) => {
      const client = open();
      const state: (readonly string[])[] = [];
      client.serverRequests$.subscribe(() => state.push(told(client.request('thread/read', 't'))));
      const turn = told(client.request('turn/start', 't'));
      expect([state, turn]).toEqual([[[]], []]);
      flush();
      expect(turn).toEqual(['error RpcError: approve: no answer in time']);
      expect(state).toEqual([['next "state of t"', 'complete']]);
    });
  });

  it('an urgent request gets through, and so does one without a scope', () => {
    for (const method of ['thread/peek', 'thread/list'] as const) {
      const client = open();
      client.handle('approve', (threadId) => client.request(method, threadId));
      expect(told(client.request('turn/start', 't'))).toEqual(['next "state of t"', 'complete']);
    }
  });
});

describe('when the user quits in the middle of a turn', () => {
  it('a turn that ends within five seconds still gets its answer', () => {
    run(({ cold, flush, expectObservable }) => {
      const { client } = serve(() => cold('3s (a|)', { a: 'done' }));
      expectObservable(client.request('turn/start', { threadId: 't' })).toBe('3s (a|)', { a: 'done' });
      asyncScheduler.schedule(() => {
        expectObservable(client.shutdown()).toBe('3s (r|)', { r: report({ answered: 1, elapsed: 2_000 }) });
      }, 1_000);
      flush();
    });
  });

  it('a longer one is stopped: its handler is unsubscribed and its caller gets an RpcError', () => {
    run(({ cold, flush, expectSubscriptions }) => {
      const turn = cold('1m');
      const { client } = serve(() => turn);
      const answer = told(client.request('turn/start', { threadId: 't' }));
      const reports = told(client.shutdown());
      flush();
      expectSubscriptions(turn.subscriptions).toBe('^ 4999ms !');
      expect(answer).toEqual(['error RpcError: server is shutting down']);
      expect(reports).toEqual([
        `next ${JSON.stringify(report({ graceful: false, aborted: 1, elapsed: 5_000 }))}`,
        'complete',
      ]);
    });
  });

  it('toward a server in another process its caller gets TransportError closed', () => {
    run(({ flush }) => {
      const client = connect(fakeWire(), contract);
      const answer = told(client.request('turn/start', { threadId: 't' }));
      const reports = told(client.shutdown());
      flush();
      expect(answer).toEqual(['error TransportError: turn/start: the client is shutting down']);
      expect(reports).toEqual([
        `next ${JSON.stringify(report({ graceful: false, aborted: 1, elapsed: 5_000 }))}`,
        'complete',
      ]);
    });
  });

  it('nothing new starts: a request is refused, an open question fails', () => {
    run(({ flush }) => {
      const { client, ask } = serve(() => NEVER);
      told(client.events$);
      told(client.request('turn/start', { threadId: 't' }));
      const question = told(ask('ls'));
      const reports = told(client.shutdown({ timeout: 10 }));
      expect(told(client.request('ping'))).toEqual(['error TransportError: ping: the client is shutting down']);
      expect(question).toEqual(['error RpcError: the client is shutting down']);
      flush();
      expect(reports).toEqual([
        `next ${JSON.stringify(report({ graceful: false, cancelled: 1, aborted: 1, elapsed: 10 }))}`,
        'complete',
      ]);
    });
  });

  const report = (told: object): object => ({
    graceful: true,
    answered: 0,
    cancelled: 0,
    dropped: 0,
    undelivered: 0,
    aborted: 0,
    elapsed: 0,
    ...told,
  });
});

it('the page quotes these tests, and no others', () => {
  const names = (text: string, pattern: RegExp): readonly string[] =>
    [...text.matchAll(pattern)].map(([, name = '']) => name).sort();
  const page = readFileSync(join(__dirname, '../../docs/guide/what-happens-when.md'), 'utf8');
  const spec = readFileSync(__filename, 'utf8');
  expect(names(page, /^> (.+)$/gm)).toEqual(names(spec, /^ {2}it\('(.+)', (?:async )?\(\) => \{$/gm));
});
