import { NEVER, Subject } from 'rxjs';

import { isLagged } from '../../src/backpressure/index.js';
import { connect } from '../../src/client/index.js';
import { startInProcess } from '../../src/in-process/index.js';
import { RpcError } from '../../src/protocol/index.js';
import type { Capabilities } from '../../src/protocol/index.js';
import { createServer } from '../../src/server/index.js';
import { fakeWire, run, scriptedServer } from '../../src/testing/index.js';
import {
  expectIdleClient,
  formal,
  formalHandlers,
  connectPlain,
  latest,
  named,
  openSession,
  responsesTo,
  serveFormal,
  servePlain,
  since,
  watch,
} from './support.js';

const hello = (capabilities: Partial<Capabilities> = {}) => ({
  id: 'hello',
  method: 'initialize',
  params: { capabilities },
});

describe('H1 before the handshake', () => {
  it('a server refuses every other request', () => {
    const { wire } = serveFormal();
    wire.receive({ id: 1, method: 'echo' }, { id: 2, method: 'stop', params: { n: 0 } });
    expect(wire.sent).toMatchObject([
      { id: 1, error: { code: -32600, message: 'Not initialized' } },
      { id: 2, error: { code: -32600, message: 'Not initialized' } },
    ]);
  });

  it('a server refuses a second handshake', () => {
    const { wire } = serveFormal();
    const after = openSession(wire);
    wire.receive({ id: 2, method: 'initialize', params: {} });
    expect(after()).toMatchObject([{ id: 2, error: { code: -32600, message: 'Already initialized' } }]);
  });

  it('a server refuses a second handshake while the first is answered, and requests until it is', () => {
    const opening = new Subject<{ name: string }>();
    const { wire, connection } = serveFormal({ initialize: () => opening });
    wire.receive(hello());
    expect(connection.session.state).toBe('opening');
    wire.receive({ id: 2, method: 'initialize', params: {} }, { id: 3, method: 'echo' });
    expect(wire.sent).toMatchObject([
      { id: 2, error: { code: -32600, message: 'Already initialized' } },
      { id: 3, error: { code: -32600, message: 'Not initialized' } },
    ]);
    opening.next({ name: 'slow' });
    opening.complete();
    expect(connection.session.state).toBe('open');
    expect(responsesTo('hello', wire.sent)).toEqual([{ id: 'hello', result: { name: 'slow' } }]);
  });

  it('a refused handshake commits nothing, so that it may be tried again', () => {
    let tries = 0;
    const { wire, connection } = serveFormal({
      initialize: () => {
        tries += 1;
        if (tries === 1) throw new RpcError(-32600, 'bad name');
        return { name: 'formal' };
      },
    });
    wire.receive(hello());
    expect(connection.session.state).toBe('new');
    wire.receive({ ...hello(), id: 'again' });
    expect(responsesTo('again', wire.sent)).toEqual([{ id: 'again', result: { name: 'formal' } }]);
    expect(connection.session.state).toBe('open');
  });

  it('a session tells what its client told', () => {
    const { wire, connection } = serveFormal();
    expect(connection.session.state).toBe('new');
    openSession(wire, { experimental: true, optOut: ['delta'], lag: true, legacy: true });
    expect(connection.session).toMatchObject({
      state: 'open',
      client: { capabilities: { experimental: true } },
      experimental: true,
      optOut: ['delta'],
      lag: true,
      legacy: true,
    });
  });

  it('a contract without handshake has an open session, and a client that is ready at once', () => {
    const { connection } = servePlain();
    expect(connection.session.state).toBe('open');
    const { client, wire } = connectPlain();
    expect(latest(client.state$)).toEqual({ type: 'ready' });
    expect(watch(client.ready$).end).toBe('complete');
    expect(wire.sent).toEqual([]);
  });
});

describe('H1 the client makes the handshake itself', () => {
  const params = { capabilities: { experimental: true } };

  it('with id 0; its requests wait, in order, until it is done', () => {
    run(({ cold, expectObservable }) => {
      const wire = fakeWire({ inbound$: cold('---r', { r: { id: 0, result: { name: 'formal' } } }) });
      const client = connect(wire, formal, { handshake: params });
      watch(client.request('echo', 1));
      watch(client.request('echo', 2));
      expectObservable(wire.sent$).toBe('        i--(dab)', {
        i: { id: 0, method: 'initialize', params },
        d: { method: 'initialized' },
        a: { id: 1, method: 'echo', params: 1 },
        b: { id: 2, method: 'echo', params: 2 },
      });
      expectObservable(client.ready$).toBe('     ---(r|)', { r: { name: 'formal' } });
      expectObservable(client.state$).toBe('     c--r', { c: { type: 'connecting' }, r: { type: 'ready' } });
    });
  });

  it('with empty params unless some are given', () => {
    const wire = fakeWire();
    connect(wire, formal);
    expect(wire.sent).toEqual([{ id: 0, method: 'initialize', params: {} }]);
  });

  it('and bounds what waits for it', () => {
    const wire = fakeWire();
    const client = connect(wire, formal, { limits: { requests: 2 } });
    const answers = [1, 2, 3].map((n) => watch(client.request('echo', n)));
    expect(answers.map(({ error }) => error)).toMatchObject([undefined, undefined, { reason: 'full' }]);
    expect(wire.sent).toHaveLength(1);
    expect(client.stats().requests).toMatchObject({ waiting: 2 });
  });

  it('lets a request be given up while it waits', () => {
    const wire = fakeWire();
    const client = connect(wire, formal);
    watch(client.request('echo', 1)).unsubscribe();
    wire.receive({ id: 0, result: {} });
    expect(named('echo', wire.sent)).toEqual([]);
    expect(named('cancel', wire.sent)).toEqual([]);
    expectIdleClient(client);
  });

  it('and when it is refused, all that waits fails with the server s words, and the client has shut down', () => {
    run(({ flush }) => {
      const wire = fakeWire();
      const client = connect(wire, formal);
      const answers = [1, 2].map((n) => watch(client.request('echo', n)));
      const ready = watch(client.ready$);
      wire.receive({ id: 0, error: { code: -32600, message: 'too old' } });
      flush();
      for (const { error, ends } of [...answers, ready]) {
        expect((error as Error).message).toContain('too old');
        expect(ends).toBe(1);
      }
      expect(latest(client.state$)).toMatchObject({ type: 'closed' });
      expect(wire.closedWith).toBeDefined();
      expect(named('initialized', wire.sent)).toEqual([]);
      expect(watch(client.request('echo', 3)).end).toBe('error');
      expect(named('echo', wire.sent)).toEqual([]);
      expectIdleClient(client);
    });
  });

  it('and when the wire ends during it, all that waits fails', () => {
    const wire = fakeWire();
    const client = connect(wire, formal);
    const answer = watch(client.request('echo', 1));
    const ready = watch(client.ready$);
    wire.end({ reason: 'exit 1', orderly: false });
    expect([answer.error, ready.error]).toMatchObject([{ reason: 'closed' }, { reason: 'closed' }]);
    expectIdleClient(client);
  });

  it('and events and questions that come during it are delivered', () => {
    const wire = fakeWire();
    const client = connect(wire, formal);
    wire.receive({ method: 'done', params: { n: 1 } }, { id: 'q', method: 'ask', params: 'well?' });
    wire.receive({ id: 0, result: {} });
    expect(watch(client.events$).values).toMatchObject([{ method: 'done' }, { method: 'ask' }]);
    expect(client.openRequests()).toMatchObject([{ id: 'q' }]);
  });

  it('in process before startInProcess returns, when the server answers at once', () => {
    const server = createServer(formal, formalHandlers);
    const client = startInProcess(server, { handshake: {} });
    expect(latest(client.state$)).toEqual({ type: 'ready' });
    expect(watch(client.ready$).values).toEqual([{ name: 'formal' }]);
    expect(watch(client.request('echo', 'x')).values).toEqual(['x']);
  });

  it('in process with a server that takes its time, requests waiting', () => {
    run(({ cold, expectObservable }) => {
      const server = createServer(formal, {
        ...formalHandlers,
        initialize: () => cold('--a|', { a: { name: 'slow' } }),
      });
      const client = startInProcess(server);
      expectObservable(client.request('echo', 'x')).toBe('---(x|)');
    });
  });

  it('with a scripted server', () => {
    const server = scriptedServer(formal, { initialize: () => ({ name: 'scripted' }), echo: (text) => text });
    const client = connect(server.wire, formal, { handshake: params });
    expect(server.requests).toEqual([{ id: 0, method: 'initialize', params }]);
    expect(server.notifications).toEqual([{ method: 'initialized' }]);
    expect(watch(client.request('echo', 'x')).values).toEqual(['x']);
    expect(server.unanswered).toEqual([]);
  });
});

describe('H2 capabilities and the flag are one step', () => {
  it('so no event slips through before the first of them counts', () => {
    const { wire, server } = serveFormal(
      {},
      {
        onSession: () => {
          server.broadcast('delta', { n: 1 });
          server.broadcast('trial', { n: 2 });
          server.broadcast('done', { n: 3 });
        },
      },
    );
    wire.receive(hello({ optOut: ['delta'] }));
    expect(wire.sent).toMatchObject([{ id: 'hello', result: {} }, { method: 'done' }]);
  });

  it('and nothing is broadcast to a session that is still opening', () => {
    const { wire, server } = serveFormal({ initialize: () => NEVER });
    server.broadcast('done', { n: 1 });
    wire.receive(hello());
    server.broadcast('done', { n: 2 });
    expect(wire.sent).toEqual([]);
  });

  it('in process, where opt-outs hold for the very first event', () => {
    const server = createServer(formal, formalHandlers, {
      onSession: (connection) => {
        server.broadcast('delta', { n: 1 });
        server.broadcast('done', { n: 2 });
        connection.notify('delta', { n: 3 });
      },
    });
    const client = startInProcess(server, { handshake: { capabilities: { optOut: ['delta'] } } });
    const events = watch(client.events$).values.map((event) => !isLagged(event) && event.params);
    expect(events).toEqual([{ n: 2 }, { n: 3 }]);
  });
});

describe('H3 broadcasts', () => {
  it('reach open sessions only', () => {
    const { server, wire } = serveFormal();
    const late = fakeWire();
    server.attach(late);
    const after = openSession(wire);
    server.broadcast('done', { n: 1 });
    expect(after()).toEqual([{ method: 'done', params: { n: 1 } }]);
    expect(late.sent).toEqual([]);
  });

  it('leave out what a session opted out of, by exact name', () => {
    const { server, wire } = serveFormal();
    const after = openSession(wire, { optOut: ['del', 'done', 'no such event'] });
    server.broadcast('delta', { n: 1 });
    server.broadcast('done', { n: 2 });
    expect(after()).toEqual([{ method: 'delta', params: { n: 1 } }]);
  });

  it('leave out experimental ones without the capability', () => {
    const { server, wire } = serveFormal();
    const [plainWire, keen] = [wire, fakeWire()];
    server.attach(keen);
    const [afterPlain, afterKeen] = [openSession(plainWire), openSession(keen, { experimental: true })];
    server.broadcast('trial', { n: 1 });
    expect(afterPlain()).toEqual([]);
    expect(afterKeen()).toEqual([{ method: 'trial', params: { n: 1 } }]);
  });

  it('to an audience are gated in the same way', () => {
    const { server, wire, connection } = serveFormal();
    const audience = server.audience();
    audience.add(connection);
    const after = openSession(wire, { optOut: ['delta'] });
    server.notify(audience, 'delta', { n: 1 });
    server.notify(audience, 'trial', { n: 2 });
    expect(server.notify(audience, 'done', { n: 3 })).toBe('sent');
    expect(after()).toEqual([{ method: 'done', params: { n: 3 } }]);
    expect(server.notify(server.audience(), 'done', { n: 4 })).toBe('closed');
  });

  it('are gated, targeted sends are not', () => {
    const { server, wire, connection } = serveFormal({
      work: ({ n }, context) => {
        context.notify('delta', { n });
        return n;
      },
    });
    const after = openSession(wire, { optOut: ['delta'] });
    connection.notify('delta', { n: 1 });
    connection.notify('trial', { n: 2 });
    server.notify(connection, 'delta', { n: 3 });
    wire.receive({ id: 1, method: 'work', params: { n: 4 } });
    expect(named('delta', after())).toHaveLength(3);
    expect(named('trial', after())).toHaveLength(1);
  });

  it('never leave out answers and questions', () => {
    const { server, wire, connection } = serveFormal();
    const after = openSession(wire, { optOut: ['echo', 'ask'] });
    wire.receive({ id: 1, method: 'echo', params: 'x' });
    watch(server.request(connection, 'ask', 'well?'));
    expect(after()).toMatchObject([{ id: 1, result: 'x' }, { method: 'ask' }]);
  });

  it('of startup follow the handshake s answer', () => {
    const { wire } = serveFormal({}, { onSession: (connection) => connection.notify('done', { n: 1 }) });
    const after = since(wire);
    wire.receive(hello());
    expect(after()).toEqual([
      { id: 'hello', result: { name: 'formal' } },
      { method: 'done', params: { n: 1 } },
    ]);
  });

  it('reach everyone, and only while they are there', () => {
    const { server, wire, connection } = serveFormal();
    expect(server.everyone.members.size).toBe(0);
    openSession(wire);
    expect([...server.everyone.members]).toEqual([connection]);
    wire.end();
    expect(server.everyone.members.size).toBe(0);
  });
});

describe('H4 what the contract does not declare', () => {
  it('under the legacy prefix arrives as legacyNotification', () => {
    const { client, wire } = connectPlain();
    wire.receive({ method: 'old/task', params: { x: 1 } });
    expect(watch(client.events$).values).toMatchObject([
      { type: 'legacyNotification', method: 'old/task', params: { x: 1 } },
    ]);
  });

  it('under the legacy prefix is best-effort unless listed', () => {
    const { client, wire } = connectPlain({ limits: { events: 1 } });
    wire.receive({ method: 'old/a' }, { method: 'old/b' }, { method: 'old/end' }, { method: 'old/end' });
    expect(watch(client.events$).values).toMatchObject([
      { method: 'old/a' },
      { type: 'lagged', skipped: 1 },
      { method: 'old/end' },
      { method: 'old/end' },
    ]);
  });

  it('otherwise arrives as unknown', () => {
    const { client, wire } = connectPlain();
    wire.receive({ method: 'brand/new', params: { x: 1 } });
    expect(watch(client.events$).values).toMatchObject([{ type: 'unknown', method: 'brand/new', params: { x: 1 } }]);
  });
});
