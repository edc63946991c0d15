import { EMPTY, NEVER, Subject, of, throwError } from 'rxjs';

import { RpcError } from '../../src/protocol/index.js';
import type { Message } from '../../src/protocol/index.js';
import { run } from '../../src/testing/index.js';
import {
  connectPlain,
  expectIdleServer,
  hostPlain,
  openSession,
  responsesTo,
  serveFormal,
  servePlain,
  since,
  watch,
} from './support.js';

const settle = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

const errorOf = (messages: readonly Message[]): unknown => {
  const [message] = messages;
  return message !== undefined && 'error' in message ? message.error : message;
};

describe('C8 a server handler', () => {
  const answerOf = (result: unknown): unknown => watch(hostPlain({ echo: () => result }).client.request('echo')).values;

  it('answers a value', () => {
    expect(answerOf(5)).toEqual([5]);
    expect(answerOf(null)).toEqual([null]);
    expect(answerOf('text')).toEqual(['text']);
  });

  it('answers an array as a value', () => {
    expect(answerOf([1, 2])).toEqual([[1, 2]]);
  });

  it('answers an async iterable as a value', () => {
    const iterable = {
      async *[Symbol.asyncIterator]() {
        yield await Promise.resolve(1);
      },
    };
    expect(answerOf(iterable)).toEqual([iterable]);
  });

  it('answers the last value of an observable, when it completes', () => {
    run(({ cold, expectObservable }) => {
      const { client } = hostPlain({ work: () => cold('-a-b-|', { a: 1, b: 2 }) });
      expectObservable(client.request('work', { n: 0 })).toBe('-----(b|)', { b: 2 });
    });
  });

  it('answers what a promise resolves to', async () => {
    const { client } = hostPlain({ work: ({ n }) => Promise.resolve(n + 1) });
    await expect(client.call('work', { n: 1 })).resolves.toBe(2);
  });

  it('answers an empty object for nothing where the contract has no result schema', async () => {
    for (const nothing of [undefined, EMPTY, of(undefined), Promise.resolve(undefined)]) {
      const answer = watch(hostPlain({ stop: () => nothing }).client.request('stop', { n: 0 }));
      await settle();
      expect(answer.values).toEqual([{}]);
    }
  });

  it('answers an RpcError as it is, however it fails', async () => {
    const no = new RpcError(4711, 'no', { why: 'because' });
    const failing = [
      () => {
        throw no;
      },
      () => throwError(() => no),
      () => Promise.reject(no),
    ];
    for (const echo of failing) {
      const { client } = hostPlain({ echo });
      const answer = watch(client.request('echo'));
      await settle();
      expect(answer.error).toMatchObject({ name: 'RpcError', code: 4711, message: 'no', data: { why: 'because' } });
      expect(answer.ends).toBe(1);
    }
  });

  it('answers -32603 for any other failure, without its stack, and tells it as a diagnostic', async () => {
    const secret = new Error('password is 1234');
    const failing = [
      () => {
        throw secret;
      },
      () => throwError(() => secret),
      () => Promise.reject(secret),
    ];
    for (const echo of failing) {
      const { server, wire } = servePlain({ echo });
      const diagnostics = watch(server.diagnostics$);
      wire.receive({ id: 1, method: 'echo' });
      await settle();
      expect(wire.sent).toHaveLength(1);
      expect(errorOf(wire.sent)).toMatchObject({ code: -32603 });
      expect(JSON.stringify(wire.sent)).not.toContain('handlers.spec');
      expect(diagnostics.values).toEqual([{ type: 'handlerFailed', method: 'echo', error: secret }]);
      expectIdleServer(server);
    }
  });

  it('knows who asks for what', () => {
    let known: unknown;
    const { wire, connection } = servePlain({
      echo: (_, { id, method, connection: asker, session }) => {
        known = { id, method, isMine: asker === connection, state: session.state };
      },
    });
    wire.receive({ id: 'x', method: 'echo' });
    expect(known).toEqual({ id: 'x', method: 'echo', isMine: true, state: 'open' });
  });

  it('of a notification is called, and its failure is a diagnostic', () => {
    const said: string[] = [];
    const { server, wire } = servePlain({
      log: (text) => {
        said.push(text);
        throw new Error('disk full');
      },
    });
    const diagnostics = watch(server.diagnostics$);
    wire.receive({ method: 'log', params: 'hello' }, { id: 1, method: 'echo', params: 'still here' });
    expect(said).toEqual(['hello']);
    expect(diagnostics.values).toMatchObject([{ method: 'log' }]);
    expect(wire.sent).toEqual([{ id: 1, result: 'still here' }]);
  });
});

describe('C8 a client handler', () => {
  it('answers the first value of an observable and unsubscribes', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const answers = cold('-a-b-|', { a: 'first', b: 'second' });
      const lifetime = '    ^!';
      const { server, client, connection } = hostPlain();
      client.handle('ask', () => answers);
      expectObservable(server.request(connection, 'ask', 'well?')).toBe('-(a|)', { a: 'first' });
      expectSubscriptions(answers.subscriptions).toBe(lifetime);
    });
  });

  it('answers a value, or what a promise resolves to', async () => {
    const { server, client, connection } = hostPlain();
    client.handle('ask', (question) => (question === 'now' ? 'value' : Promise.resolve('promise')));
    const now = watch(server.request(connection, 'ask', 'now'));
    const later = watch(server.request(connection, 'ask', 'later'));
    expect(now.values).toEqual(['value']);
    await settle();
    expect(later.values).toEqual(['promise']);
  });

  it('that throws is an error: an RpcError as it is, anything else -32603', () => {
    const { server, client, connection } = hostPlain();
    client.handle('ask', (question) => {
      throw question === 'rpc' ? new RpcError(4711, 'no', 'data') : new Error('broken');
    });
    expect(watch(server.request(connection, 'ask', 'rpc')).error).toMatchObject({
      code: 4711,
      message: 'no',
      data: 'data',
    });
    expect(watch(server.request(connection, 'ask', 'other')).error).toMatchObject({ code: -32603 });
  });
});

describe('C8 the checks come in order', () => {
  it('id before all: one that is none is refused with id null', () => {
    const { wire } = serveFormal();
    wire.receive({ id: 1.5, method: 'nothing of the kind' });
    expect(wire.sent).toMatchObject([{ id: null, error: { code: -32600 } }]);
  });

  it('duplicate before session', () => {
    const { wire } = serveFormal({ initialize: () => NEVER });
    wire.receive({ id: 1, method: 'initialize', params: {} }, { id: 1, method: 'echo' });
    expect(wire.sent).toMatchObject([{ id: null, error: { code: -32600, data: { id: 1 } } }]);
  });

  it('duplicate before method', () => {
    const { wire } = servePlain({ echo: () => NEVER });
    wire.receive({ id: 1, method: 'echo' }, { id: 1, method: 'nothing of the kind' });
    expect(wire.sent).toMatchObject([{ id: null, error: { code: -32600, data: { id: 1 } } }]);
  });

  it('session before method', () => {
    const { wire } = serveFormal();
    wire.receive({ id: 1, method: 'nothing of the kind' });
    expect(errorOf(wire.sent)).toMatchObject({ code: -32600, message: 'Not initialized' });
  });

  it('method before capacity', () => {
    const { wire } = servePlain({ work: () => NEVER }, { limits: { requests: 1, concurrency: 1 } });
    for (const id of [1, 2]) wire.receive({ id, method: 'work', params: { n: id } });
    wire.receive({ id: 3, method: 'nothing of the kind' });
    expect(errorOf(wire.sent)).toMatchObject({ code: -32601 });
  });

  it('experimental before params', () => {
    const { wire } = serveFormal();
    const after = openSession(wire);
    wire.receive({ id: 1, method: 'preview', params: 'nonsense' });
    expect(errorOf(after())).toMatchObject({
      code: -32600,
      message: expect.stringContaining('experimental') as unknown,
    });
  });

  it('and lets experimental requests pass with the capability', () => {
    const { wire } = serveFormal();
    const after = openSession(wire, { experimental: true });
    wire.receive({ id: 1, method: 'preview', params: { a: 1 } });
    expect(after()).toEqual([{ id: 1, result: 'seen' }]);
  });

  it('params before capacity, with the issues as data', () => {
    const { wire } = servePlain({ work: () => NEVER }, { limits: { requests: 1, concurrency: 1 } });
    for (const id of [1, 2]) wire.receive({ id, method: 'work', params: { n: id } });
    wire.receive({ id: 3, method: 'add', params: { a: 1, b: 'two' } });
    expect(errorOf(wire.sent)).toMatchObject({ code: -32602, data: { issues: [{ path: ['b'] }] } });
  });

  it('and a refused request leaves nothing behind', () => {
    const { server, wire } = servePlain();
    wire.receive(
      { id: 1, method: 'add', params: {} },
      { id: 1, method: 'none' },
      { id: 1, method: 'echo', params: 'ok' },
    );
    expect(wire.sent).toHaveLength(3);
    expect(wire.sent[2]).toEqual({ id: 1, result: 'ok' });
    expectIdleServer(server);
  });
});

describe('C10 validation', () => {
  it('checks params by default, in process too', () => {
    const { client } = hostPlain();
    const wrong = { a: 1, b: 'two' } as unknown as { a: number; b: number };
    expect(watch(client.request('add', wrong)).error).toMatchObject({
      code: -32602,
      data: { issues: [{ path: ['b'] }] },
    });
  });

  it('of params can be switched off', () => {
    const { client } = hostPlain({}, { server: { validate: { params: false } } });
    const wrong = { a: 1, b: 'two' } as unknown as { a: number; b: number };
    expect(watch(client.request('add', wrong)).values).toEqual(['1two']);
  });

  it('is loose: keys a schema does not know survive', () => {
    let seen: unknown;
    const { wire } = servePlain({
      add: (params) => {
        seen = params;
        return 3;
      },
    });
    wire.receive({ id: 1, method: 'add', params: { a: 1, b: 2, note: 'kept' } });
    expect(seen).toEqual({ a: 1, b: 2, note: 'kept' });
  });

  it('of a notification that does not fit is a diagnostic, and no handler runs', () => {
    let called = 0;
    const { server, wire } = servePlain({
      count: () => {
        called += 1;
      },
    });
    const diagnostics = watch(server.diagnostics$);
    wire.receive({ method: 'count', params: { n: 'many' } });
    expect(called).toBe(0);
    expect(diagnostics.values).toMatchObject([{ type: 'ignoredNotification', method: 'count' }]);
    expect(wire.sent).toEqual([]);
  });

  it('of results errors with DecodeError over a remote wire', () => {
    const { client, wire } = connectPlain();
    const answer = watch(client.request('add', { a: 1, b: 2 }));
    wire.receive({ id: 0, result: 'three' });
    expect(answer.error).toMatchObject({ name: 'DecodeError', method: 'add', value: 'three' });
    expect(client.stats().requests.inFlight).toBe(0);
  });

  it('of results is off in process, and can be switched on', () => {
    const add = (): number => 'three' as unknown as number;
    expect(watch(hostPlain({ add }).client.request('add', { a: 1, b: 2 })).values).toEqual(['three']);
    const strict = hostPlain({ add }, { client: { validate: { results: true } } });
    expect(watch(strict.client.request('add', { a: 1, b: 2 })).error).toMatchObject({ name: 'DecodeError' });
  });

  it('of events is a diagnostic over a remote wire, and the event is delivered as it is', () => {
    const { client, wire } = connectPlain();
    const events = watch(client.events$);
    wire.receive({ method: 'sum', params: { total: 'none' } });
    expect(events.values).toMatchObject([{ type: 'notification', method: 'sum', params: { total: 'none' } }]);
    expect(watch(client.diagnostics$).values).toMatchObject([{ type: 'invalidEvent', method: 'sum' }]);
  });

  it('of events is off in process', () => {
    const { client, connection } = hostPlain();
    const events = watch(client.events$);
    connection.notify('sum', { total: 'none' } as unknown as { total: number });
    expect(events.values).toHaveLength(1);
    expect(watch(client.diagnostics$).values).toEqual([]);
  });

  it('of a server request s answer errors at the server', () => {
    const { server, wire, connection } = servePlain();
    const answer = watch(server.request(connection, 'approve', { command: 'ls' }));
    const [question] = wire.sent;
    const id = question !== undefined && 'id' in question ? question.id : null;
    wire.receive({ id: id ?? 'none', result: { decision: 'maybe' } });
    expect(answer.error).toMatchObject({ name: 'DecodeError', method: 'approve' });
    expectIdleServer(server);
  });
});

describe('section 5, words on the wire', () => {
  it('a malformed message is a diagnostic and -32700 at a server, which goes on', () => {
    const { server, wire } = servePlain();
    const diagnostics = watch(server.diagnostics$);
    const malformed = new SyntaxError('not JSON');
    wire.receive({ malformed }, { id: 1, method: 'echo', params: 'x' });
    expect(diagnostics.values).toEqual([{ type: 'malformed', error: malformed }]);
    expect(wire.sent).toMatchObject([
      { id: null, error: { code: -32700 } },
      { id: 1, result: 'x' },
    ]);
    expect(wire.closedWith).toBeUndefined();
  });

  it('a malformed message is a diagnostic at a client, which goes on', () => {
    const { client, wire } = connectPlain();
    const answer = watch(client.request('echo', 'x'));
    const malformed = new SyntaxError('not JSON');
    wire.receive({ malformed }, { id: 0, result: 'x' });
    expect(watch(client.diagnostics$).values).toEqual([{ type: 'malformed', error: malformed }]);
    expect(answer.values).toEqual(['x']);
    expect(wire.sent).toHaveLength(1);
  });

  it('a notification of an unknown method is a diagnostic at a server', () => {
    const { server, wire } = servePlain();
    const diagnostics = watch(server.diagnostics$);
    const after = since(wire);
    wire.receive({ method: 'nothing of the kind' });
    expect(diagnostics.values).toMatchObject([{ type: 'ignoredNotification', method: 'nothing of the kind' }]);
    expect(after()).toEqual([]);
  });

  it('a response without a request is a diagnostic at a server', () => {
    const { server, wire } = servePlain();
    const diagnostics = watch(server.diagnostics$);
    wire.receive({ id: 99, result: 'what?' });
    expect(diagnostics.values).toMatchObject([{ type: 'unmatchedResponse', id: 99 }]);
    expect(responsesTo(99, wire.sent)).toEqual([]);
  });

  it('in process messages pass by reference', () => {
    const params = { deep: { down: 1 } };
    let seen: unknown;
    const { client } = hostPlain({
      echo: (given) => {
        seen = given;
        return given;
      },
    });
    const answer = watch(client.request('echo', params));
    expect(seen).toBe(params);
    expect(answer.values[0]).toBe(params);
  });

  it('a handler that never answers holds only itself', () => {
    const never = new Subject<number>();
    const { server, client } = hostPlain({ work: () => never });
    const answer = watch(client.request('work', { n: 0 }));
    expect(answer.end).toBe('open');
    answer.unsubscribe();
    expect(never.observed).toBe(false);
    expectIdleServer(server);
  });
});
