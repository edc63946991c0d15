import { NEVER, Subject } from 'rxjs';

import { isLagged } from '../../src/backpressure/index.js';
import { startInProcess } from '../../src/in-process/index.js';
import { RpcError } from '../../src/protocol/index.js';
import { createServer } from '../../src/server/index.js';
import { fakeWire, run, scriptedServer } from '../../src/testing/index.js';
import { connect } from '../../src/client/index.js';
import {
  at,
  connectPlain,
  expectIdleClient,
  expectIdleServer,
  hostPlain,
  idsOf,
  latest,
  named,
  plain,
  plainHandlers,
  responsesTo,
  servePlain,
  since,
  watch,
} from './support.js';

const question = (id: number | string, text = 'well?') => ({ id, method: 'ask', params: text });
const resolved = (id: number | string) => ({ method: 'resolved', params: { id } });

describe('S1 each server request gets exactly one answer', () => {
  it('answered by its handler', () => {
    const { client, wire } = connectPlain();
    client.handle('ask', () => 'yes');
    wire.receive(question('q'));
    expect(wire.sent).toEqual([{ id: 'q', result: 'yes' }]);
    expectIdleClient(client);
    expect(client.stats().serverRequests).toEqual({ open: 0, settled: 1 });
  });

  it('refused when its handler threw', () => {
    const { client, wire } = connectPlain();
    client.handle('ask', () => {
      throw new Error('broken');
    });
    wire.receive(question('q'));
    expect(wire.sent).toMatchObject([{ id: 'q', error: { code: -32603 } }]);
    expect(JSON.stringify(wire.sent)).not.toContain('server-requests.spec');
    expectIdleClient(client);
  });

  it('refused at once with -32601 only for a method the contract does not have', () => {
    const { client, wire } = connectPlain();
    wire.receive({ id: 'q', method: 'nothing of the kind' }, question('r'));
    expect(wire.sent).toMatchObject([{ id: 'q', error: { code: -32601 } }]);
    expect(client.openRequests()).toMatchObject([{ id: 'r' }]);
  });

  it('refused with -32001 over the limit', () => {
    const { client, wire } = connectPlain({ limits: { serverRequests: 2 } });
    for (const id of [1, 2, 3]) wire.receive(question(id));
    expect(wire.sent).toMatchObject([{ id: 3, error: { code: -32001 } }]);
    expect(client.openRequests().map(({ id }) => id)).toEqual([1, 2]);
  });

  it('refused when the client shuts down', () => {
    run(({ flush }) => {
      const { client, wire } = connectPlain();
      wire.receive(question(1), question(2));
      watch(client.shutdown());
      flush();
      expect(responsesTo(1, wire.sent)).toMatchObject([{ error: {} }]);
      expect(responsesTo(2, wire.sent)).toMatchObject([{ error: {} }]);
      expectIdleClient(client);
    });
  });

  it('failed at the server when the client is gone', () => {
    const { server, wire, connection } = servePlain();
    const answer = watch(server.request(connection, 'ask', 'well?'));
    wire.end();
    expect(answer.error).toMatchObject({ name: 'TransportError', reason: 'closed', method: 'ask' });
    expect(answer.ends).toBe(1);
    expectIdleServer(server);
  });

  it('failed at the server at once when the client was gone before', () => {
    const { server, wire, connection } = servePlain();
    wire.end();
    const answer = watch(server.request(connection, 'ask', 'well?'));
    expect(answer.error).toMatchObject({ name: 'TransportError', reason: 'closed' });
    expectIdleServer(server);
  });

  it('failed at the server by the contract s timeout, and the late answer is a diagnostic at most', () => {
    run(({ flush }) => {
      const { server, wire, connection } = servePlain();
      const answer = watch(server.request(connection, 'ask', 'well?'));
      at(99, () => {
        expect(answer.end).toBe('open');
      });
      at(101, () => {
        expect(answer.error).toMatchObject({ name: 'TransportError', reason: 'timeout', method: 'ask' });
        const [id] = idsOf('ask', wire.sent);
        wire.receive({ id: id ?? 'none', result: 'late' });
      });
      flush();
      expect([answer.values, answer.ends]).toEqual([[], 1]);
      expect(named('resolved', wire.sent)).toHaveLength(1);
      expectIdleServer(server);
    });
  });

  it('failed at the server by a timeout of its own', () => {
    run(({ flush }) => {
      const { server, connection } = servePlain();
      const answer = watch(server.request(connection, 'approve', { command: 'ls' }, { timeout: 30 }));
      at(31, () => {
        expect(answer.error).toMatchObject({ reason: 'timeout' });
      });
      flush();
    });
  });

  it('failed at the server by its shutdown', () => {
    run(({ flush }) => {
      const { server, connection } = servePlain();
      const answer = watch(server.request(connection, 'ask', 'well?'));
      watch(server.shutdown());
      flush();
      expect([answer.end, answer.ends]).toEqual(['error', 1]);
      expectIdleServer(server);
    });
  });

  it('given back when the source unsubscribes: the dialog closes', () => {
    const { server, client, connection } = hostPlain();
    const answer = watch(server.request(connection, 'ask', 'well?'));
    expect(client.openRequests()).toHaveLength(1);
    answer.unsubscribe();
    expect(client.openRequests()).toEqual([]);
    expectIdleServer(server);
    expectIdleClient(client);
  });

  it('and an invalid one fails at the source', () => {
    const { server, client, connection } = hostPlain({}, { server: { validate: { results: true } } });
    client.handle('approve', () => ({ decision: 'maybe' as 'accept' }));
    const answer = watch(server.request(connection, 'approve', { command: 'ls' }));
    expect([answer.end, answer.ends]).toEqual(['error', 1]);
    expectIdleServer(server);
    expectIdleClient(client);
  });
});

describe('S1 the contract s resolved notification follows exactly once', () => {
  const settled: Record<string, (id: number | string, wire: ReturnType<typeof fakeWire>) => void> = {
    'a result': (id, wire) => {
      wire.receive({ id, result: 'yes' });
    },
    'an error': (id, wire) => {
      wire.receive({ id, error: { code: 1, message: 'no' } });
    },
  };
  for (const [what, settle] of Object.entries(settled)) {
    it(`after ${what}, though it be answered twice`, () => {
      const { server, wire, connection } = servePlain();
      watch(server.request(connection, 'ask', 'well?'));
      const [id = 'none'] = idsOf('ask', wire.sent);
      settle(id, wire);
      settle(id, wire);
      expect(named('resolved', wire.sent)).toEqual([resolved(id)]);
    });
  }

  it('after it was taken back', () => {
    const { server, wire, connection } = servePlain();
    watch(server.request(connection, 'ask', 'well?')).unsubscribe();
    const [id = 'none'] = idsOf('ask', wire.sent);
    expect(named('resolved', wire.sent)).toEqual([resolved(id)]);
  });

  it('and is seen among the events, after the request', () => {
    const { server, client, connection } = hostPlain();
    const events = watch(client.events$);
    client.handle('ask', () => 'yes');
    watch(server.request(connection, 'ask', 'well?'));
    expect(events.values.map((event) => !isLagged(event) && event.method)).toEqual(['ask', 'resolved']);
  });
});

describe('S2 an open request', () => {
  it('is found by a dialog that mounts later', () => {
    const { server, client, connection } = hostPlain();
    const answer = watch(server.request(connection, 'ask', 'well?'));
    const dialog = watch(client.serverRequests$, (request) => {
      if (request.method === 'ask') request.respond('yes');
    });
    expect(dialog.values).toMatchObject([{ method: 'ask', params: 'well?' }]);
    expect(answer.values).toEqual(['yes']);
    expectIdleClient(client);
  });

  it('is found by a handler that comes later', () => {
    const { server, client, connection } = hostPlain();
    const answer = watch(server.request(connection, 'ask', 'well?'));
    client.handle('ask', (text) => `${text} yes`);
    expect(answer.values).toEqual(['well? yes']);
  });

  it('is not refused by a flood of events that nobody reads', () => {
    const { server, client, connection } = hostPlain({}, { client: { limits: { events: 2, losslessEvents: 2 } } });
    for (let n = 0; n < 100; n += 1) {
      connection.notify('delta', { n });
      connection.notify('done', { n });
    }
    watch(server.request(connection, 'ask', 'well?'));
    expect(client.openRequests()).toMatchObject([{ method: 'ask' }]);
  });

  it('does not count in the lossless budget', () => {
    const { client, wire } = connectPlain({ limits: { losslessEvents: 2 } });
    for (const id of [1, 2, 3, 4, 5]) wire.receive(question(id));
    for (const n of [1, 2]) wire.receive({ method: 'done', params: { n } });
    const events = watch(client.events$);
    expect(events.values.map((event) => (isLagged(event) ? 'gap' : event.method))).toEqual([
      ...['ask', 'ask', 'ask', 'ask', 'ask'],
      ...['done', 'done'],
    ]);
  });

  it('stands in its place among the events', () => {
    const { server, client, connection } = hostPlain();
    const events = watch(client.events$);
    connection.notify('done', { n: 1 });
    watch(server.request(connection, 'ask', 'well?'));
    connection.notify('done', { n: 2 });
    expect(events.values).toMatchObject([
      { type: 'notification', method: 'done' },
      { type: 'serverRequest', method: 'ask', params: 'well?' },
      { type: 'notification', method: 'done' },
    ]);
  });

  it('leaves the inbox when the server settles it, and its handler is aborted', () => {
    const { client, wire } = connectPlain();
    let signal: AbortSignal | undefined;
    client.handle('ask', (_, context) => {
      signal = context.signal;
      return NEVER;
    });
    wire.receive(question('q'));
    expect(client.openRequests()).toHaveLength(1);
    wire.receive(resolved('q'));
    expect(client.openRequests()).toEqual([]);
    expect(signal?.aborted).toBe(true);
    expect(client.respond('q', 'late')).toBe('alreadySettled');
    expectIdleClient(client);
  });
});

describe('S3 respond and fail', () => {
  it('say what became of the answer', () => {
    const { client, wire } = connectPlain();
    wire.receive(question(1), question(2));
    expect(client.respond(1, 'yes')).toBe('sent');
    expect(client.respond(1, 'again')).toBe('alreadySettled');
    expect(client.fail(2, new RpcError(4711, 'no', 'data'))).toBe('sent');
    expect(client.fail(2, new Error('again'))).toBe('alreadySettled');
    expect(client.respond(3, 'what?')).toBe('unknown');
    expect(client.respond('1', 'other kind of id')).toBe('unknown');
    wire.receive(question(4));
    wire.end();
    expect(client.respond(4, 'late')).toBe('closed');
    expect(wire.sent).toEqual([
      { id: 1, result: 'yes' },
      { id: 2, error: { code: 4711, message: 'no', data: 'data' } },
    ]);
  });

  it('exist on each open request as well', () => {
    const { client, wire } = connectPlain();
    wire.receive(question(1), question(2));
    const [first, second] = client.openRequests();
    expect(first?.method === 'ask' && first.respond('yes')).toBe('sent');
    expect(first?.method === 'ask' && first.respond('yes')).toBe('alreadySettled');
    expect(second?.fail(new Error('no'))).toBe('sent');
    expect(wire.sent).toMatchObject([
      { id: 1, result: 'yes' },
      { id: 2, error: { code: -32603 } },
    ]);
  });

  it('remember the last 1,024 that were settled', () => {
    const { client, wire } = connectPlain();
    client.handle('ask', () => 'yes');
    for (let id = 0; id < 1_024; id += 1) wire.receive(question(id));
    expect(client.respond(0, 'again')).toBe('alreadySettled');
    for (let id = 1_024; id < 2_048; id += 1) wire.receive(question(id));
    expect(client.respond(0, 'again')).toBe('unknown');
    expect(client.respond(1_024, 'again')).toBe('alreadySettled');
    expect(wire.sent).toHaveLength(2_048);
  });

  it('the first answer wins, also over the handler', () => {
    const { client, wire } = connectPlain();
    const slow = new Subject<string>();
    client.handle('ask', () => slow);
    wire.receive(question('q'));
    expect(client.respond('q', 'quick')).toBe('sent');
    expect(slow.observed).toBe(false);
    slow.next('slow');
    expect(wire.sent).toEqual([{ id: 'q', result: 'quick' }]);
  });
});

describe('S3 handle', () => {
  it('throws for a second handler of one method', () => {
    const { client } = connectPlain();
    client.handle('ask', () => 'one');
    expect(() => client.handle('ask', () => 'two')).toThrow();
  });

  it('may be taken up again after it ended', () => {
    const { client, wire } = connectPlain();
    client.handle('ask', () => 'one').unsubscribe();
    client.handle('ask', () => 'two');
    wire.receive(question('q'));
    expect(wire.sent).toEqual([{ id: 'q', result: 'two' }]);
  });

  it('puts what is not answered back when it ends', () => {
    const { client, wire } = connectPlain();
    const never = new Subject<string>();
    const handling = client.handle('ask', () => never);
    wire.receive(question('q'));
    handling.unsubscribe();
    expect(never.observed).toBe(false);
    expect(wire.sent).toEqual([]);
    expect(client.openRequests()).toMatchObject([{ id: 'q' }]);
    client.handle('ask', () => 'yes');
    expect(wire.sent).toEqual([{ id: 'q', result: 'yes' }]);
  });

  it('answers, and the stream observes', () => {
    const { client, wire } = connectPlain();
    const stream = watch(client.serverRequests$);
    client.handle('ask', () => 'from the handler');
    wire.receive(question('q'));
    expect(stream.values).toMatchObject([{ id: 'q', method: 'ask' }]);
    expect(wire.sent).toEqual([{ id: 'q', result: 'from the handler' }]);
  });

  it('sees the requests in the order of their ids when it comes late', () => {
    const { client, wire } = connectPlain();
    for (const id of [3, 1, 2]) wire.receive(question(id, `${id}`));
    const seen: string[] = [];
    client.handle('ask', (text) => {
      seen.push(text);
      return text;
    });
    expect(seen).toEqual(['1', '2', '3']);
  });

  it('answers in virtual time what a script asks', () => {
    run(({ cold, expectObservable }) => {
      const server = scriptedServer(plain);
      const client = connect(server.wire, plain);
      client.handle('ask', () => cold('--a', { a: 'yes' }));
      expectObservable(server.ask('ask', 'well?')).toBe('--(a|)', { a: 'yes' });
    });
  });
});

describe('S4 open requests', () => {
  it('come by id first, then as they come', () => {
    const { client, wire } = connectPlain();
    for (const id of [3, 1, 2]) wire.receive(question(id));
    const stream = watch(client.serverRequests$);
    wire.receive(question(0));
    expect(stream.values.map(({ id }) => id)).toEqual([1, 2, 3, 0]);
    expect(client.openRequests().map(({ id }) => id)).toEqual([0, 1, 2, 3]);
  });

  it('of an audience wait while it is empty and go to whoever joins, in id order', () => {
    const { server, wire, connection } = servePlain();
    const audience = server.audience();
    const answers = ['one', 'two'].map((text) => watch(server.request(audience, 'approve', { command: text })));
    expect(server.openRequests()).toHaveLength(2);
    const after = since(wire);
    expect(audience.add(connection)).toBe(true);
    expect(after()).toMatchObject([
      { method: 'approve', params: { command: 'one' } },
      { method: 'approve', params: { command: 'two' } },
    ]);
    for (const id of idsOf('approve', after())) wire.receive({ id, result: { decision: 'accept' } });
    expect(answers.map(({ values }) => values)).toEqual([[{ decision: 'accept' }], [{ decision: 'accept' }]]);
    expectIdleServer(server);
  });

  it('of an audience outlive a member that ends: a reloaded page finds them', () => {
    const server = createServer(plain, plainHandlers);
    const audience = server.audience();
    const first = fakeWire();
    audience.add(server.attach(first));
    const answer = watch(server.request(audience, 'approve', { command: 'ls' }));
    expect(idsOf('approve', first.sent)).toHaveLength(1);
    first.end();
    expect(answer.end).toBe('open');
    expect(audience.members.size).toBe(0);
    const second = startInProcess(server, { ownServer: false });
    for (const connection of latest(server.connections$) ?? []) audience.add(connection);
    expect(second.openRequests()).toMatchObject([{ method: 'approve', params: { command: 'ls' } }]);
    second.handle('approve', () => ({ decision: 'decline' }));
    expect(answer.values).toEqual([{ decision: 'decline' }]);
    expectIdleServer(server);
  });

  it('of an audience are answered by the first; the others are told', () => {
    const { server, wire, connection } = servePlain();
    const other = fakeWire();
    const audience = server.audience();
    audience.add(connection);
    audience.add(server.attach(other));
    const answer = watch(server.request(audience, 'approve', { command: 'ls' }));
    const [id = 'none'] = idsOf('approve', wire.sent);
    expect(idsOf('approve', other.sent)).toEqual([id]);
    other.receive({ id, result: { decision: 'accept' } });
    wire.receive({ id, result: { decision: 'decline' } });
    expect(answer.values).toEqual([{ decision: 'accept' }]);
    expect(named('resolved', wire.sent)).toHaveLength(1);
    expect(named('resolved', other.sent)).toHaveLength(1);
    expectIdleServer(server);
  });

  it('of an audience never go to one who is no member, nor can he answer', () => {
    const { server, wire, connection } = servePlain();
    const stranger = fakeWire();
    server.attach(stranger);
    const audience = server.audience();
    audience.add(connection);
    const answer = watch(server.request(audience, 'approve', { command: 'ls' }));
    const [id = 'none'] = idsOf('approve', wire.sent);
    expect(stranger.sent).toEqual([]);
    stranger.receive({ id, result: { decision: 'accept' } });
    expect(answer.end).toBe('open');
  });

  it('a closed connection cannot be added', () => {
    const { server, wire, connection } = servePlain();
    wire.end();
    expect(server.audience().add(connection)).toBe(false);
  });
});
