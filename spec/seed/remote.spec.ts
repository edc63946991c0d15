/** The tests of the remote client, over a wire whose other end the spec holds. */
import { connect } from '../../src/client/index.js';
import { isLagged } from '../../src/backpressure/index.js';
import { fakeWire, run, scriptedServer } from '../../src/testing/index.js';
import { at, connectPlain, expectIdleClient, formal, latest, plain, responsesTo, watch } from '../rules/support.js';
import { ask, brief, delta, done } from './support.js';

describe('over a wire', () => {
  it('a typed request comes back typed', () => {
    const server = scriptedServer(plain, { add: ({ a, b }) => a + b });
    const client = connect(server.wire, plain);
    expect(watch(client.request('add', { a: 1, b: 2 })).values).toEqual([3]);
    server.wire.end();
  });

  it('a second use of an id in flight fails at once, nothing is sent, and the first gets its answer', () => {
    run(() => {
      const { client, wire } = connectPlain();
      const first = watch(client.request('echo', 'first', { id: 1 }));
      const second = watch(client.request('echo', 'second', { id: 1 }));
      expect(second.error).toMatchObject({ code: -32600, message: 'duplicate request id: 1' });
      expect(wire.sent).toEqual([{ id: 1, method: 'echo', params: 'first' }]);
      wire.receive({ id: 1, result: 'yes' });
      expect(first.values).toEqual(['yes']);
      expectIdleClient(client);
    });
  });

  it('notifications arrive', () => {
    const { client, wire } = connectPlain();
    const events = watch(client.events$);
    wire.receive(done(1), delta(2));
    expect(brief(events.values)).toEqual(['done 1', 'delta 2']);
  });

  it('what must arrive does so at a capacity of 1, and what gave way is told', () => {
    const { client, wire } = connectPlain({ capacity: 1 });
    wire.receive(delta(1), delta(2), done(3), done(4), done(5));
    expect(brief(watch(client.events$).values)).toEqual(['delta 1', 'skipped 1', 'done 3', 'done 4', 'done 5']);
  });

  it('a question is answered under its own id, a string', () => {
    const { client, wire } = connectPlain();
    client.handle('ask', (text) => `${text} yes`);
    wire.receive(ask('server-request-1'));
    expect(wire.sent).toEqual([{ id: 'server-request-1', result: 'well? yes' }]);
  });

  it('a question that comes during the handshake is delivered, and comes first', () => {
    const wire = fakeWire();
    const client = connect(wire, formal);
    wire.receive(ask('early'), done(1), { id: 0, result: { name: 'formal' } }, done(2));
    expect(brief(watch(client.events$).values)).toEqual(['ask', 'done 1', 'done 2']);
    expect(client.respond('early', 'yes')).toBe('sent');
    expect(responsesTo('early', wire.sent)).toEqual([{ id: 'early', result: 'yes' }]);
    wire.end();
  });

  it('a question nobody knows is refused with -32601', () => {
    const { client, wire } = connectPlain();
    wire.receive({ id: 'q', method: 'thread/unknown', params: {} });
    expect(wire.sent).toMatchObject([{ id: 'q', error: { code: -32601 } }]);
    expect(client.stats().serverRequests.open).toBe(0);
  });

  it('a disconnect is told once, with its reason, after everything that was received', () => {
    const { client, wire } = connectPlain();
    const order: string[] = [];
    watch(client.events$, (event) => order.push(isLagged(event) ? 'gap' : event.method));
    watch(client.closed$, ({ reason }) => order.push(`closed: ${reason}`));
    const answer = watch(client.request('echo', 'x'));
    wire.receive(done(1));
    wire.end({ reason: 'server went away' });
    wire.end({ reason: 'again' });
    expect(order).toEqual(['done', 'closed: server went away']);
    expect(answer.error).toMatchObject({ name: 'TransportError', reason: 'closed' });
    expect(answer.ends).toBe(1);
  });

  it('a shutdown is over with the last answer it waits for', () => {
    run(({ flush }) => {
      const { client, wire } = connectPlain();
      const answer = watch(client.request('echo', 'x'));
      const report = watch(client.shutdown());
      at(10, () => {
        wire.receive({ id: 0, result: 'real' });
      });
      flush();
      expect(answer.values).toEqual(['real']);
      expect(report.values).toMatchObject([{ graceful: true, answered: 1, elapsed: 10 }]);
    });
  });

  it('a shutdown during which the other end goes is over at once, and in order', () => {
    run(({ flush }) => {
      const { client, wire } = connectPlain();
      watch(client.request('echo', 'x'));
      const report = watch(client.shutdown());
      at(10, () => {
        wire.end();
      });
      flush();
      expect(report.values).toMatchObject([{ elapsed: 10 }]);
      expect(latest(client.closed$)).toMatchObject({ reason: 'peer closed' });
    });
  });

  it('a shutdown after the other end went is over at once', () => {
    run(() => {
      const { client, wire } = connectPlain();
      wire.end();
      expect(watch(client.shutdown()).values).toMatchObject([{ graceful: true, elapsed: 0 }]);
    });
  });
});
