/** W1 to W12: what upstream's event delivery does wrong, each with a spec that it does not happen here. */
import { Subject } from 'rxjs';

import { appServerContract } from '../../src/app-server/index.js';
import { isLagged, type Lagged, paceWith, resyncOnLag } from '../../src/backpressure/index.js';
import { deliveryOf } from '../../src/protocol/index.js';
import { fakeWire, marbles, run } from '../../src/testing/index.js';
import {
  connectPlain,
  hostPlain,
  latest,
  named,
  openSession,
  plain,
  serveFormal,
  servePlain,
  watch,
} from '../rules/support.js';
import { ask, brief, delta, done, type Event, gap } from './support.js';

describe('W1 an answer never waits behind events', () => {
  it('a request resolves at a capacity of 1 with a thousand lossless events unread', () => {
    const { client, connection } = hostPlain({}, { client: { capacity: 1 }, server: { capacity: 1 } });
    for (let n = 0; n < 1_000; n += 1) connection.notify('done', { n });
    expect(watch(client.request('echo', 'x')).values).toEqual(['x']);
  });

  it('an answer goes first when a full sink has room again', () => {
    const { wire, connection } = servePlain();
    wire.fill();
    for (let n = 0; n < 1_000; n += 1) connection.notify('done', { n });
    wire.receive({ id: 1, method: 'echo', params: 'x' });
    wire.drain();
    expect(brief(wire.sent.slice(0, 3))).toEqual(['done 0', 'answer', 'done 1']);
  });
});

describe('W2 an answer to a question never waits for room among the events', () => {
  it('respond and fail are sent while a listener is busy with a lossless event', () => {
    const { client, wire } = connectPlain({ limits: { events: 1, losslessEvents: 1 } });
    wire.receive(ask('q'), ask('r'));
    const said: unknown[] = [];
    watch(client.events$, (event) => {
      if (isLagged(event) || event.method !== 'done') return;
      said.push(client.respond('q', 'yes'), client.fail('r', new Error('no')), ...wire.sent);
    });
    wire.receive(done(1));
    expect(said).toMatchObject(['sent', 'sent', { id: 'q', result: 'yes' }, { id: 'r', error: { code: -32603 } }]);
  });
});

describe('W3 there is one list of what must arrive', () => {
  const events = [delta(1), delta(2), delta(3), done(4), done(5)];
  const mustArrive = (words: readonly string[]): readonly string[] => words.filter((word) => /^(done|skip)/.test(word));
  const arrived = ['skipped 2', 'done 4', 'done 5'];

  it('the server keeps and loses by the contract', () => {
    const { wire, connection } = serveFormal({}, { limits: { events: 1 } });
    const after = openSession(wire, { lag: true });
    wire.fill();
    connection.notify('sum', { total: 0 });
    for (const { method, params } of events) connection.notify(method as 'done', params as { n: number });
    wire.drain();
    expect(mustArrive(brief(after()))).toEqual(arrived);
  });

  it('the client keeps and loses by the same', () => {
    const { client, wire } = connectPlain({ limits: { events: 1 } });
    wire.receive(...events);
    expect(mustArrive(brief(watch(client.events$).values))).toEqual(arrived);
  });

  it('an operator keeps and loses by the same, once it is told of the contract', () => {
    run(({ hot, flush }) => {
      const source = hot<Event>(
        '(abcde)---',
        Object.fromEntries(events.map((event, index) => ['abcde'[index], event])),
      );
      const ready = hot('        -----(xxxx)');
      const paced = watch(source.pipe(paceWith(ready, { capacity: 1, ...deliveryOf(plain) })));
      flush();
      expect(mustArrive(brief(paced.values))).toEqual(arrived);
    });
  });
});

describe('W4 every loss is counted', () => {
  it('delivered + skipped = emitted, at whichever of two buffers it was lost', () => {
    const { server, wire, connection } = serveFormal({}, { limits: { events: 3 } });
    openSession(wire, { lag: true });
    wire.fill();
    for (let n = 0; n < 20; n += 1) connection.notify(n % 5 === 0 ? 'done' : 'delta', { n });
    wire.drain();
    const far = connectPlain({ limits: { events: 2 } });
    far.wire.receive(...wire.sent.slice(1));
    const events = watch(far.client.events$).values;
    const skipped = events.filter(isLagged).reduce((sum, each) => sum + each.skipped, 0);
    expect(server.stats().events.skipped).toBeGreaterThan(0);
    expect(skipped).toBeGreaterThan(server.stats().events.skipped);
    expect(events.filter((event) => !isLagged(event)).length + skipped).toBe(20);
    expect(far.client.stats().events).toMatchObject({ emitted: 20, skipped, waiting: 0 });
  });
});

describe('W5 an event is lossless unless its contract says otherwise', () => {
  it('also one that no contract knows yet', () => {
    const { client, wire } = connectPlain({ limits: { events: 1 } });
    const events = [1, 2, 3].map((n) => ({ method: 'kind/of/next/year', params: { n } }));
    wire.receive(...events);
    expect(watch(client.events$).values).toMatchObject(events);
    expect(deliveryOf(appServerContract).lossless({ method: 'kind/of/next/year', params: {} })).toBe(true);
  });
});

describe('W6 a gap can be repaired, and is never an error', () => {
  it('says how many were lost and between which numbers, and by method where asked', () => {
    const { client, wire } = connectPlain({ limits: { events: 1 } });
    wire.receive(delta(1), delta(2), delta(3), done(4));
    const events = watch(client.events$);
    expect(events.values).toMatchObject([{ seq: 1 }, { type: 'lagged', skipped: 2, first: 2, last: 3 }, { seq: 4 }]);
    expect(events.end).toBe('open');
    run(({ hot, expectObservable }) => {
      const out = hot('       abc---', { a: delta(1), b: delta(2), c: delta(3) });
      const ready = hot('     ----x-');
      const expected = '      ----(ld)';
      const skippedBy = ({ method }: { readonly method: string }): string => method;
      const paced = out.pipe(paceWith(ready, { capacity: 1, skippedBy }));
      expectObservable(paced).toBe(expected, {
        l: { type: 'lagged', skipped: 2, skippedBy: { delta: 2 } },
        d: delta(3),
      });
    });
  });

  it('calls for a snapshot where a view asks for one', () => {
    run(({ hot, cold, expectObservable }) => {
      const lagged: Lagged = { type: 'lagged', skipped: 3 };
      const events = hot<string | Lagged>('a-l--b--', { a: 'a', b: 'b', l: lagged });
      const snapshot = cold('--s|', { s: 'snapshot' });
      const repaired = events.pipe(resyncOnLag(() => snapshot));
      expectObservable(repaired).toBe('a----(sb)', { a: 'a', b: 'b', s: 'snapshot' });
    });
  });
});

describe('W7 a marker takes no place', () => {
  it('a consumer of capacity 1 gets an event with each marker', () => {
    run(({ hot, expectObservable }) => {
      const source = hot('  abc---def---ghi---');
      const ready = hot('   ----x-----x-----x-');
      const expected = '    ----(2c)--(2f)--(2i)';
      expectObservable(source.pipe(paceWith(ready, { capacity: 1 }))).toBe(expected, marbles);
    });
  });
});

describe('W8 a marker needs no event after it', () => {
  it('comes as soon as the consumer is ready, though nothing follows', () => {
    run(({ hot, expectObservable }) => {
      const source = hot('  abc---------');
      const ready = hot('   ----x---x---');
      const expected = '    ----a---2---';
      expectObservable(source.pipe(paceWith(ready, { capacity: 1, overflow: 'drop-newest' }))).toBe(expected, marbles);
    });
  });

  it('comes over a wire as soon as the sink has room, though nothing follows', () => {
    const { wire, connection } = serveFormal({}, { limits: { events: 1 } });
    const after = openSession(wire, { lag: true });
    wire.fill();
    for (const n of [1, 2, 3]) connection.notify('delta', { n });
    wire.drain();
    expect(after()).toEqual([delta(1), gap(1), delta(3)]);
  });
});

describe('W9 events are folded before any is lost, and the newest state survives', () => {
  it('growing text becomes one piece, a state its newest value', () => {
    const { server, wire, connection } = serveFormal({}, { limits: { events: 2 } });
    const after = openSession(wire, { lag: true });
    wire.fill();
    connection.notify('done', { n: 0 });
    for (let n = 0; n < 100; n += 1) {
      connection.notify('text', { item: 'a', text: `${n % 10}` });
      connection.notify('state', { key: 'k', value: n });
    }
    wire.drain();
    expect(named('text', after())).toEqual([{ method: 'text', params: { item: 'a', text: '0123456789'.repeat(10) } }]);
    expect(named('state', after())).toEqual([{ method: 'state', params: { key: 'k', value: 99 } }]);
    expect(server.stats().events).toMatchObject({ skipped: 0, conflated: 198 });
  });
});

describe('W10 lossless events have a budget of their own', () => {
  it.each([
    ['by count', { losslessEvents: 3 }, 1],
    ['by bytes', { bytes: 3_000 }, 1_000],
  ])('%s: the moment it is full the connection closes with a reason, and the server goes on', (_, limits, size) => {
    const { server, wire, connection } = servePlain({}, { limits });
    const other = fakeWire();
    server.attach(other);
    wire.fill();
    const told: string[] = [];
    for (let n = 0; n < 6; n += 1) told.push(connection.notify('resolved', { id: 'x'.repeat(size) }));
    expect(told.slice(0, 2)).toEqual(['sent', 'queued']);
    expect(told.at(-1)).toBe('closed');
    expect(latest(connection.closed$)).toMatchObject({ reason: 'slow-consumer' });
    other.receive({ id: 1, method: 'echo', params: 'x' });
    expect(other.sent).toEqual([{ id: 1, result: 'x' }]);
  });
});

describe('W11 everything received is numbered', () => {
  it('answers and events share one count, so that a snapshot can say what it covers', () => {
    const { client, connection } = hostPlain({
      echo: (params, context) => {
        context.notify('done', { n: 2 });
        return params;
      },
    });
    const events = watch(client.events$);
    connection.notify('done', { n: 1 });
    const [exchange] = watch(client.exchange('echo', 'snapshot')).values;
    connection.notify('done', { n: 3 });
    const seqs = events.values.map((event) => (isLagged(event) ? NaN : event.seq));
    expect(exchange?.result).toBe('snapshot');
    expect(seqs.map((seq) => seq < (exchange?.seq ?? NaN))).toEqual([true, true, false]);
    expect(new Set([...seqs, exchange?.seq]).size).toBe(4);
  });
});

describe('W12 any number of consumers, each with a pace of its own', () => {
  it('a stalled one costs a quick one nothing', () => {
    const { client, connection } = hostPlain();
    const ready$ = new Subject<void>();
    const quick = watch(client.notifications('delta'));
    const others = [watch(client.events$), watch(client.events$)];
    const slow = watch(client.notifications('delta').pipe(paceWith(ready$, { capacity: 1 })));
    for (let n = 0; n < 100; n += 1) connection.notify('delta', { n });
    expect([quick, ...others].map(({ values }) => values.length)).toEqual([100, 100, 100]);
    expect(slow.values).toEqual([]);
    ready$.next();
    expect(slow.values).toEqual([{ type: 'lagged', skipped: 99 }, { n: 99 }]);
  });
});
