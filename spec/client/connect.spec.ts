import { Observable, Subject } from 'rxjs';

import type { Client, ClientEvent } from '../../src/client/index.js';
import { connect, connectWith } from '../../src/client/index.js';
import type { Lagged } from '../../src/backpressure/index.js';
import type { CloseInfo, Inbound, Wire } from '../../src/protocol/index.js';
import { fakeWire, run } from '../../src/testing/index.js';
import { formal, latest, type Plain, plain, watch } from '../rules/support.js';

describe('connect', () => {
  describe('listen', () => {
    it('runs before the first message is read, with the client that is returned', () => {
      const wire = fakeWire();
      wire.receive({ method: 'done', params: { n: 1 } });
      const seen: (ClientEvent<Plain> | Lagged)[] = [];
      let early: Client<Plain> | undefined;
      const client = connect(wire, plain, {
        listen: (given) => {
          early = given;
          given.events$.subscribe((event) => seen.push(event));
          expect(seen).toEqual([]);
          expect(latest(given.state$)).toEqual({ type: 'connecting' });
        },
      });
      expect(early).toBe(client);
      expect(seen).toMatchObject([{ method: 'done', seq: 1 }]);
      expect(latest(client.state$)).toEqual({ type: 'ready' });
    });

    it('H1 lets what it asks wait for the handshake, whatever id it takes', () => {
      const wire = fakeWire();
      connect(wire, formal, { listen: (client) => watch(client.request('echo', 'x', { id: 0 })) });
      expect(wire.sent).toEqual([{ id: 1, method: 'initialize', params: {} }]);
      wire.receive({ id: 1, result: { name: 'x' } });
      expect(wire.sent.slice(1)).toEqual([{ method: 'initialized' }, { id: 0, method: 'echo', params: 'x' }]);
    });

    it('that throws leaves the wire alone', () => {
      let subscribed = 0;
      const never$ = new Observable<never>(() => {
        subscribed += 1;
      });
      const wire: Wire = { ...fakeWire(), inbound$: never$, writable$: never$, closed$: never$ };
      const listen = (): void => {
        throw new Error('planned');
      };
      expect(() => connect(wire, plain, { listen })).toThrow('planned');
      expect(subscribed).toBe(0);
    });
  });

  it('subscribes once to each stream of the wire, before it returns', () => {
    const subscribed: string[] = [];
    const probe = <T>(name: string): Observable<T> =>
      new Observable(() => {
        subscribed.push(name);
      });
    const wire: Wire = {
      ...fakeWire(),
      inbound$: probe<Inbound>('inbound$'),
      writable$: probe<void>('writable$'),
      closed$: probe<CloseInfo>('closed$'),
    };
    const client = connect(wire, plain);
    for (const stream$ of [client.events$, client.closed$, client.state$]) watch<unknown>(stream$);
    expect(subscribed.sort()).toEqual(['closed$', 'inbound$', 'writable$']);
  });

  it('reads until the wire ends', () => {
    run(({ hot, expectObservable, expectSubscriptions }) => {
      const inbound$ = hot<Inbound>('a-b-c-|', {
        a: { method: 'done', params: { n: 1 } },
        b: { method: 'done', params: { n: 2 } },
        c: { malformed: new Error('no JSON') },
      });
      const lifetime = '             ^-----!';
      const expected = '             a-b---|';
      const diagnoses = '            ----m-|';
      const client = connect(fakeWire({ inbound$ }), plain);
      expectObservable(client.notifications('done')).toBe(expected, { a: { n: 1 }, b: { n: 2 } });
      expectObservable(client.diagnostics$).toBe(diagnoses, { m: { type: 'malformed', error: new Error('no JSON') } });
      expectSubscriptions(inbound$.subscriptions).toBe(lifetime);
    });
  });

  it('to a wire that has ended gives a client that has ended', () => {
    const wire = fakeWire();
    wire.end({ reason: 'never there', orderly: false });
    const client = connect(wire, formal);
    expect(latest(client.state$)).toEqual({ type: 'closed', reason: 'never there' });
    expect(watch(client.ready$).error).toMatchObject({ name: 'TransportError', message: 'never there' });
    expect(watch(client.events$).error).toMatchObject({ name: 'TransportError', reason: 'closed' });
    expect(wire.sent).toEqual([]);
  });
});

describe('connectWith', () => {
  it('asks for the server s shutdown when the client is shut down, once, and not before', () => {
    const asked: unknown[] = [];
    const report$ = new Subject<never>();
    const client = connectWith(fakeWire(), plain, {}, (options) => {
      asked.push(options);
      return report$;
    });
    expect(asked).toEqual([]);
    client.shutdown({ timeout: 7 });
    client.shutdown();
    expect(asked).toEqual([{ timeout: 7 }]);
    expect(report$.observed).toBe(true);
  });
});
