import { RpcError } from '../../src/protocol/index.js';
import { run } from '../../src/testing/index.js';
import { connectPlain, expectIdleClient, hostPlain, named, servePlain, since, watch } from './support.js';

describe('A1 every request ends exactly once', () => {
  it('by its result', () => {
    const { client, wire } = connectPlain();
    const answer = watch(client.request('echo', 'x'));
    wire.receive({ id: 0, result: 1 }, { id: 0, result: 2 });
    expect([answer.values, answer.ends]).toEqual([[1], 1]);
    expectIdleClient(client);
  });

  it('by an error', () => {
    const { client, wire } = connectPlain();
    const answer = watch(client.request('echo', 'x'));
    wire.receive({ id: 0, error: { code: 1, message: 'no' } }, { id: 0, result: 2 });
    expect([answer.values, answer.end, answer.ends]).toEqual([[], 'error', 1]);
    expectIdleClient(client);
  });

  it('by a cancel: silent, whatever comes later', () => {
    const { client, wire } = connectPlain();
    const answer = watch(client.request('echo', 'x'));
    answer.unsubscribe();
    wire.receive({ id: 0, result: 1 });
    wire.end();
    expect([answer.values, answer.ends]).toEqual([[], 0]);
    expectIdleClient(client);
  });

  it('by its timeout, whatever comes later', () => {
    run(({ flush }) => {
      const { client, wire } = connectPlain();
      const answer = watch(client.request('echo', 'x', { timeout: 5 }));
      flush();
      wire.receive({ id: 0, result: 1 });
      wire.end();
      expect([answer.values, answer.end, answer.ends]).toEqual([[], 'error', 1]);
      expectIdleClient(client);
    });
  });

  it('by the wire s end, on the wire and waiting', () => {
    const { client, wire } = connectPlain({ limits: { inFlight: 1 } });
    const answers = [1, 2].map((n) => watch(client.request('work', { n })));
    wire.end({ reason: 'gone', orderly: false });
    expect(answers.map(({ error }) => error)).toMatchObject([{ reason: 'closed' }, { reason: 'closed' }]);
    expect(answers.map(({ ends }) => ends)).toEqual([1, 1]);
    expectIdleClient(client);
  });

  it('by a shutdown, once its time is over', () => {
    run(({ flush }) => {
      const { client } = connectPlain();
      const answer = watch(client.request('echo', 'x'));
      watch(client.shutdown({ timeout: 20 }));
      flush();
      expect(answer.error).toMatchObject({ name: 'TransportError', reason: 'closed' });
      expect(answer.ends).toBe(1);
      expectIdleClient(client);
    });
  });

  it('at once when the connection is already closed', () => {
    const { client, wire } = connectPlain();
    wire.end();
    const answer = watch(client.request('echo', 'x'));
    expect(answer.error).toMatchObject({ name: 'TransportError', reason: 'closed', method: 'echo' });
    expect(wire.sent).toEqual([]);
  });

  it('when nobody reads the events, however many there are', () => {
    const { client, connection } = hostPlain({}, { client: { capacity: 1 }, server: { capacity: 1 } });
    for (let n = 0; n < 1_000; n += 1) connection.notify('done', { n });
    expect(watch(client.request('echo', 'x')).values).toEqual(['x']);
  });

  it('when the queue has room for one', () => {
    const { client } = hostPlain({}, { client: { capacity: 1 }, server: { capacity: 1 } });
    expect(watch(client.request('echo', 'x')).values).toEqual(['x']);
  });
});

describe('A2 order', () => {
  it('of answers is kept among answers, of events among events, when the sink was full', () => {
    const { wire, connection } = servePlain();
    wire.fill();
    for (const id of [1, 2, 3]) {
      wire.receive({ id, method: 'echo', params: id });
      connection.notify('done', { n: id });
    }
    wire.drain();
    expect(wire.sent).toHaveLength(6);
    expect(wire.sent.filter((message) => 'result' in message)).toEqual([1, 2, 3].map((id) => ({ id, result: id })));
    expect(named('done', wire.sent)).toEqual([1, 2, 3].map((n) => ({ method: 'done', params: { n } })));
  });

  it('lets no event overtake an answer that was there first', () => {
    const { wire, connection } = servePlain();
    wire.fill();
    connection.notify('done', { n: 0 });
    const after = since(wire);
    wire.receive({ id: 1, method: 'echo', params: 'x' });
    connection.notify('done', { n: 1 });
    wire.drain();
    expect(after()).toEqual([
      { id: 1, result: 'x' },
      { method: 'done', params: { n: 1 } },
    ]);
  });

  it('lets an answer never wait for events: a pipe that takes one message gives it the answer', () => {
    const { wire, connection } = servePlain();
    wire.fill();
    connection.notify('done', { n: 0 });
    for (let n = 1; n < 100; n += 1) connection.notify('done', { n });
    wire.receive({ id: 1, method: 'echo', params: 'x' });
    const after = since(wire);
    wire.sent$.subscribe(() => {
      wire.fill();
    });
    wire.drain();
    expect(after()).toEqual([{ id: 1, result: 'x' }]);
  });

  it('of an event and the answer after it is kept in process when the listener is ready', () => {
    const { client } = hostPlain({
      work: ({ n }, context) => {
        context.notify('delta', { n });
        return n;
      },
    });
    const order: unknown[] = [];
    client.notifications('delta').subscribe((event) => order.push(event));
    client.request('work', { n: 1 }).subscribe((n) => order.push(n));
    expect(order).toEqual([{ n: 1 }, 1]);
  });

  it('makes an answer nobody waits for a diagnostic', () => {
    const { client, wire } = connectPlain();
    wire.receive({ id: 5, result: 'what?' });
    expect(watch(client.diagnostics$).values).toEqual([{ type: 'unmatchedResponse', id: 5 }]);
  });

  it('makes an answer with an error nobody waits for a diagnostic that tells it', () => {
    const { client, wire } = connectPlain();
    wire.receive({ id: 5, error: { code: 1, message: 'what?' } });
    expect(watch(client.diagnostics$).values).toMatchObject([
      { type: 'unmatchedResponse', id: 5, error: { message: 'what?' } },
    ]);
  });
});

describe('A3 errors', () => {
  it('of the server are RpcErrors with its code, message and data, and the method', () => {
    const { client, wire } = connectPlain();
    const answer = watch(client.request('echo', 'x'));
    wire.receive({ id: 0, error: { code: 12_345, message: 'no', data: [1] } });
    expect(answer.error).toBeInstanceOf(RpcError);
    expect(answer.error).toMatchObject({ code: 12_345, message: 'no', data: [1], method: 'echo' });
  });

  it('of the pipe are TransportErrors with the method and the cause', () => {
    const cause = new Error('EPIPE');
    const { client, wire } = connectPlain();
    const answer = watch(client.request('echo', 'x'));
    wire.end({ reason: 'broken pipe', orderly: false, error: cause });
    expect(answer.error).toMatchObject({ name: 'TransportError', reason: 'closed', method: 'echo', cause });
  });

  it('of the answer are DecodeErrors with the method, the value and the issues', () => {
    const { client, wire } = connectPlain();
    const answer = watch(client.request('add', { a: 1, b: 2 }));
    wire.receive({ id: 0, result: 'three' });
    expect(answer.error).toMatchObject({ name: 'DecodeError', method: 'add', value: 'three', issues: [{ path: [] }] });
  });

  it('are known by brand, so that copies of the library understand each other', () => {
    const brand = Symbol.for('rx-sluice.RpcError');
    const foreign = Object.assign(new Error('no'), {
      code: -32_001,
      [brand]: true,
      toObject: () => ({ code: -32_001, message: 'no' }),
    });
    const { client } = hostPlain({
      echo: () => {
        throw foreign;
      },
    });
    expect(watch(client.request('echo')).error).toMatchObject({ code: -32_001, message: 'no' });
  });

  it('of a request leave others untouched', () => {
    const { client, wire } = connectPlain();
    const answers = [1, 2].map((n) => watch(client.request('work', { n })));
    wire.receive({ id: 0, error: { code: 1, message: 'no' } }, { id: 1, result: 2 });
    expect(answers.map(({ end }) => end)).toEqual(['error', 'complete']);
  });
});
