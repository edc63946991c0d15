import { NEVER, of } from 'rxjs';

import { defineContract, type Diagnostic, notification, request, RpcError, type } from '../../src/protocol/index.js';
import { createServer } from '../../src/server/index.js';
import type { Handlers, Server } from '../../src/server/server.js';
import { fakeWire } from '../../src/testing/index.js';
import {
  expectIdleServer,
  type Formal,
  named,
  openSession,
  plain,
  plainHandlers,
  responsesTo,
  serveFormal,
  servePlain,
  since,
  watch,
} from '../rules/support.js';

const echo = (id: number | string) => ({ id, method: 'echo', params: id });
const hello = (id: number | string, params: unknown = {}) => ({ id, method: 'initialize', params });
const broken = (): never => {
  throw new Error('broken');
};

/** What a server has to say from now on. */
function diagnosticsOf(server: Pick<Server<Formal>, 'diagnostics$'>): readonly Diagnostic[] {
  return watch(server.diagnostics$).values;
}

describe('section 5, what comes in', () => {
  it('that is malformed is answered -32700 with id null, told, and takes nothing with it', () => {
    const { server, wire } = servePlain({ work: () => NEVER });
    const diagnostics = diagnosticsOf(server);
    const error = new SyntaxError('not JSON');
    wire.receive({ id: 1, method: 'work', params: { n: 1 } }, { malformed: error }, echo(2));
    expect(wire.sent).toEqual([
      { id: null, error: { code: -32700, message: 'not JSON' } },
      { id: 2, result: 2 },
    ]);
    expect(diagnostics).toEqual([{ type: 'malformed', error }]);
    expect(server.stats().requests.running).toBe(1);
  });

  it('before the handshake is a diagnostic if it is a notification, a cancel too', () => {
    const { server, wire } = serveFormal({ log: broken });
    const diagnostics = diagnosticsOf(server);
    wire.receive({ method: 'log', params: 'x' }, { method: 'cancel', params: { id: 1 } }, { method: 'initialized' });
    expect(diagnostics).toEqual(
      ['log', 'cancel'].map((method) => ({ type: 'ignoredNotification', method, reason: 'Not initialized' })),
    );
    expect(wire.sent).toEqual([]);
  });

  it('is not compared with a schema where that is switched off', () => {
    const counted: unknown[] = [];
    const { wire } = servePlain({ count: (params) => counted.push(params) }, { validate: { params: false } });
    wire.receive({ method: 'count', params: 'not a number' });
    expect(counted).toEqual(['not a number']);
  });

  it('reaches the listener of a notification, with who sent it', () => {
    const heard: unknown[] = [];
    const { wire, connection } = servePlain({
      log: (text, context) => {
        heard.push(text, context.connection === connection, context.session.state, context.notify('done', { n: 1 }));
      },
    });
    wire.receive({ method: 'log', params: 'x' }, { method: 'count', params: { n: 1 } });
    expect(heard).toEqual(['x', true, 'open', 'sent']);
    expect(wire.sent).toEqual([{ method: 'done', params: { n: 1 } }]);
  });

  it('from inside a handler waits until that one has returned, in order', () => {
    const order: unknown[] = [];
    const { wire } = servePlain({
      echo: (params) => {
        order.push(`${String(params)} in`);
        if (params === 1) wire.receive(echo(3));
        order.push(`${String(params)} out`);
        return params;
      },
    });
    wire.receive(echo(1), echo(2));
    expect(order).toEqual(['1 in', '1 out', '2 in', '2 out', '3 in', '3 out']);
  });
});

describe('C6 the word for a cancel', () => {
  it('without an id, with an unknown one, or unreadable, stops nothing', () => {
    const { server, wire } = servePlain({ work: () => NEVER });
    const diagnostics = diagnosticsOf(server);
    wire.receive({ id: 1, method: 'work', params: { n: 1 } });
    wire.receive({ method: 'cancel', params: {} }, { method: 'cancel', params: { id: 2 } }, { method: 'cancel' });
    expect([wire.sent, server.stats().requests.running]).toEqual([[], 1]);
    expect(diagnostics).toMatchObject([
      { type: 'callbackFailed', method: 'cancel', error: expect.any(TypeError) as unknown },
    ]);
  });

  it('means nothing where the contract has none', () => {
    const contract = defineContract({ requests: { wait: request() }, notifications: { cancel: notification() } });
    const server = createServer(contract, { wait: () => NEVER });
    const wire = fakeWire();
    server.attach(wire);
    wire.receive({ id: 1, method: 'wait' }, { method: 'cancel' });
    expect([wire.sent, server.stats().requests.running]).toEqual([[], 1]);
  });
});

describe('C4 unsent answers', () => {
  it('pause the input once at the limit, however many more come, and all go out before it is read again', () => {
    const calls: string[] = [];
    const fake = fakeWire();
    const wire = {
      ...fake,
      pause: () => {
        calls.push('pause');
      },
      resume: () => {
        calls.push(`resume after ${String(fake.sent.length)}`);
      },
    };
    createServer(plain, plainHandlers, { limits: { unsentAnswers: 2 } }).attach(wire);
    fake.fill();
    fake.receive(echo(1), echo(2));
    expect(calls).toEqual([]);
    // What was on its way before the pause took effect.
    fake.receive(echo(3), echo(4), echo(5));
    expect([calls, fake.sent]).toEqual([['pause'], [{ id: 1, result: 1 }]]);
    fake.drain();
    expect(calls).toEqual(['pause', 'resume after 5']);
    expect(fake.sent).toEqual([1, 2, 3, 4, 5].map((id) => ({ id, result: id })));
  });

  it('count answers of handlers that were running before as well, and refusals', () => {
    const { wire } = servePlain({}, { limits: { unsentAnswers: 2 } });
    wire.fill();
    wire.receive(echo(1), { id: 2, method: 'nothing' }, { malformed: new Error('not JSON') });
    expect(wire.paused).toBe(true);
    wire.drain();
    expect(wire.sent).toHaveLength(3);
  });

  it('close a wire that cannot be paused, and say so', () => {
    const { server, wire } = servePlain({}, { limits: { unsentAnswers: 2 } }, { pausable: false });
    const diagnostics = diagnosticsOf(server);
    wire.fill();
    wire.receive(echo(1), echo(2), echo(3));
    expect(wire.closedWith).toEqual({ reason: 'slow-consumer', orderly: false });
    expect(diagnostics).toEqual([{ type: 'budgetExceeded', budget: 'unsentAnswers' }]);
    expectIdleServer(server);
  });
});

describe('A1 what a wire cannot carry', () => {
  it.each([
    ['a result', () => 5n],
    [
      'the data of an error',
      () => {
        throw new RpcError(-5, 'no', 5n);
      },
    ],
  ])('is an error in the place of %s', (_what, handler) => {
    const { server, wire } = servePlain({ echo: handler });
    const diagnostics = diagnosticsOf(server);
    const send = wire.send.bind(wire);
    jest.spyOn(wire, 'send').mockImplementation((message) => {
      JSON.stringify(message);
      return send(message);
    });
    wire.receive(echo(1));
    expect(wire.sent).toEqual([
      { id: 1, error: { code: -32603, message: expect.stringContaining('cannot be sent: ') } },
    ]);
    expect(diagnostics).toMatchObject([{ type: 'unsendable' }]);
    expectIdleServer(server);
  });
});

describe('section 3, writable$', () => {
  it('emits when all that waited is gone, not while the sink is full again, and completes with the connection', () => {
    const { wire, connection } = servePlain();
    const writable = watch(connection.writable$);
    wire.fill();
    for (const n of [1, 2, 3]) connection.notify('done', { n });
    const once = wire.sent$.subscribe(() => {
      wire.fill();
    });
    wire.drain();
    expect(writable.values).toHaveLength(0);
    once.unsubscribe();
    wire.drain();
    expect(writable.values).toHaveLength(1);
    connection.close();
    expect([writable.values.length, writable.end]).toEqual([1, 'complete']);
  });

  it('lets a source go on from inside', () => {
    const { wire, connection } = servePlain();
    wire.fill();
    connection.notify('done', { n: 1 });
    expect(connection.notify('done', { n: 2 })).toBe('queued');
    connection.writable$.subscribe(() => {
      expect(connection.notify('done', { n: 3 })).toBe('sent');
    });
    wire.drain();
    expect(named('done', wire.sent)).toEqual([1, 2, 3].map((n) => ({ method: 'done', params: { n } })));
  });
});

describe('H1 and H2 the handshake', () => {
  it('that fails commits nothing and may be tried again', () => {
    let failing = true;
    const { wire, connection } = serveFormal({ initialize: () => (failing ? broken() : { name: 'formal' }) });
    wire.receive(hello(1, { capabilities: { experimental: true } }), echo(2));
    expect(connection.session).toMatchObject({ state: 'new', client: undefined, experimental: false });
    failing = false;
    wire.receive(hello(3), echo(4));
    expect(wire.sent).toMatchObject([
      { id: 1, error: { code: -32603 } },
      { id: 2, error: { message: 'Not initialized' } },
      { id: 3, result: { name: 'formal' } },
      { id: 4, result: 4 },
    ]);
  });

  it('is refused when the capabilities cannot be read, and that is told', () => {
    const { server, wire, connection } = serveFormal();
    const diagnostics = diagnosticsOf(server);
    wire.receive({ id: 1, method: 'initialize', params: { capabilities: { optOut: 5 } } });
    expect(wire.sent).toEqual([{ id: 1, error: { code: -32602, message: 'the capabilities cannot be read' } }]);
    expect(diagnostics).toMatchObject([{ type: 'callbackFailed', method: 'initialize' }]);
    expect(connection.session.state).toBe('new');
    openSession(wire);
    expect(connection.session.state).toBe('open');
  });

  it('is answered before the warnings of the start and before the open questions', () => {
    const { server, wire } = serveFormal({}, { onSession: (client) => client.notify('sum', { total: 1 }) });
    watch(server.request(server.everyone, 'ask', 'well?'));
    expect(wire.sent).toEqual([]);
    openSession(wire);
    expect(wire.sent).toEqual([
      { id: 'hello', result: { name: 'formal' } },
      { id: 0, method: 'ask', params: 'well?' },
      { method: 'sum', params: { total: 1 } },
    ]);
  });

  it('is answered before what is broadcast while the sink is full', () => {
    const { server, wire } = serveFormal({ initialize: () => of({ name: 'slow' }) });
    wire.fill();
    wire.receive({ malformed: new Error('noise') }, hello(1));
    server.broadcast('sum', { total: 1 });
    wire.drain();
    expect(wire.sent.slice(1)).toEqual([
      { id: 1, result: { name: 'slow' } },
      { method: 'sum', params: { total: 1 } },
    ]);
  });

  it('is waited for in vain by a session that ended in the middle', () => {
    const { server, wire, connection } = serveFormal({ initialize: () => NEVER });
    wire.receive(hello(1));
    expect(connection.session.state).toBe('opening');
    wire.end();
    expect(server.everyone.members.size).toBe(0);
    expectIdleServer(server);
  });
});

describe('D3 the end of a connection', () => {
  it('is one, whoever asks for it how often', () => {
    const { server, wire, connection } = servePlain();
    const connections = watch(server.connections$);
    const closed = watch(connection.closed$);
    connection.close('enough');
    connection.close('again');
    wire.end();
    expect(closed.values).toEqual([{ reason: 'enough', orderly: true }]);
    expect(connections.values).toEqual([[connection], []]);
    expect(watch(connection.closed$).values).toHaveLength(1);
  });

  it('gives up what came and was not yet dispatched', () => {
    const ran: unknown[] = [];
    const { wire } = servePlain({
      echo: (params, context) => {
        ran.push(params);
        wire.receive(echo(2));
        context.connection.close();
        return params;
      },
    });
    wire.receive(echo(1), echo(3));
    expect([ran, wire.sent]).toEqual([[1], []]);
  });

  it('stops handlers and questions of this connection only', () => {
    const server = createServer(plain, { ...plainHandlers, work: () => NEVER });
    const wires = [fakeWire(), fakeWire()];
    const connections = wires.map((wire) => server.attach(wire));
    wires.forEach((wire) => {
      wire.receive({ id: 1, method: 'work', params: { n: 1 } });
    });
    const asked = connections.map((connection) => watch(server.request(connection, 'ask', 'well?')));
    connections[0]?.close();
    expect(asked.map(({ end }) => end)).toEqual(['error', 'open']);
    expect(server.stats()).toMatchObject({ connections: 1, requests: { running: 1 }, serverRequests: { open: 1 } });
    connections[1]?.close();
    expectIdleServer(server);
  });

  it('by an overflow is told to both sides, and whoever sends learns it at once', () => {
    const { server, wire, connection } = servePlain({}, { limits: { losslessEvents: 1 } });
    const diagnostics = diagnosticsOf(server);
    wire.fill();
    expect([1, 2, 3, 4].map((n) => connection.notify('done', { n }))).toEqual(['sent', 'queued', 'closed', 'closed']);
    expect(wire.closedWith).toEqual({ reason: 'slow-consumer', orderly: false });
    expect(diagnostics).toEqual([{ type: 'budgetExceeded', budget: 'losslessEvents' }]);
    expectIdleServer(server);
  });
});

describe('C7 what is re-entered without end', () => {
  it('is refused past a bound if it is a request; answers and notifications still get through', () => {
    const seen = { echo: 0, log: 0 };
    const handlers: Partial<Handlers<typeof plain>> = {
      echo: () => {
        seen.echo += 1;
        return 0;
      },
      log: () => {
        seen.log += 1;
      },
    };
    // A wire of its own, since the fake one lets nothing arrive inside a delivery.
    const server = createServer(plain, { ...plainHandlers, ...handlers });
    const base = fakeWire();
    let deliver: ((inbound: never) => void) | undefined;
    const inbound$ = {
      subscribe: (next: (inbound: never) => void) => {
        deliver = next;
      },
    };
    const connection = server.attach({ ...base, inbound$: inbound$ as never });
    const arrive = (message: object): void => deliver?.(message as never);
    const answer = watch(server.request(connection, 'ask', 'well?'));
    const after = since(base);
    const reentered = 16_384;
    base.sent$.subscribe((message) => {
      if (responsesTo('first', [message]).length === 0) return;
      for (let n = 0; n <= reentered; n += 1) arrive(echo(n));
      arrive({ method: 'log', params: 'x' });
      arrive({ id: 0, result: 'yes' });
    });
    arrive(echo('first'));
    expect(seen).toEqual({ echo: reentered + 1, log: 1 });
    expect(answer.values).toEqual(['yes']);
    expect(responsesTo(reentered, after())).toMatchObject([{ error: { code: -32001, data: { retryable: true } } }]);
    expect(server.stats().requests.answered).toBe(reentered + 1);
    connection.close();
    expectIdleServer(server);
  });
});

describe('E9 the answer of an ordered request', () => {
  const contract = defineContract({
    requests: { snapshot: request({ params: type<number>(), result: type<number>(), ordered: true }) },
    serverNotifications: { done: notification({ params: type<number>() }) },
  });

  it('comes behind the events before it and before those after it; its errors need no place', () => {
    const server = createServer(contract, {
      snapshot: (n) => {
        if (n < 0) throw new RpcError(-32600, 'no');
        return n;
      },
    });
    const wire = fakeWire();
    const connection = server.attach(wire);
    wire.fill();
    for (const n of [0, 1]) connection.notify('done', n);
    wire.receive({ id: 1, method: 'snapshot', params: 1 }, { id: 2, method: 'snapshot', params: -1 });
    connection.notify('done', 2);
    wire.drain();
    const told = wire.sent.map((message) => ('method' in message ? message.params : `answer ${String(message.id)}`));
    expect(told).toEqual([0, 'answer 2', 1, 'answer 1', 2]);
  });

  it('counts among the unsent ones: who does not read them is read no more', () => {
    const server = createServer(contract, { snapshot: (n) => n }, { limits: { unsentAnswers: 2 } });
    const wire = fakeWire();
    const connection = server.attach(wire);
    wire.fill();
    connection.notify('done', 0);
    for (const id of [1, 2]) wire.receive({ id, method: 'snapshot', params: id });
    expect(wire.paused).toBe(true);
    wire.drain();
    expect([wire.paused, wire.sent.length]).toEqual([false, 3]);
  });
});
