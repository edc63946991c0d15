import { config } from 'rxjs';

import { isLagged } from '../../src/backpressure/index.js';
import type { Lagged } from '../../src/backpressure/index.js';
import { connect } from '../../src/client/index.js';
import { startInProcess } from '../../src/in-process/index.js';
import { createServer } from '../../src/server/index.js';
import { fakeWire, run } from '../../src/testing/index.js';
import {
  connectPlain,
  expectIdleClient,
  expectIdleServer,
  hostPlain,
  latest,
  named,
  openSession,
  plain,
  plainHandlers,
  responsesTo,
  serveFormal,
  servePlain,
  watch,
} from './support.js';

/** Events as one readable word each: `delta 1`, and gaps as `skipped 3`. */
function brief(events: readonly unknown[]): readonly string[] {
  return events.map((event) => {
    if (isLagged(event)) return `skipped ${event.skipped}`;
    const { method, params } = event as { readonly method: string; readonly params?: { readonly n?: number } };
    return `${method} ${params?.n ?? ''}`.trim();
  });
}

const gapsOf = (events: readonly unknown[]): readonly Lagged[] => events.filter(isLagged);
const delta = (n: number, scope?: string) => ({
  method: 'delta',
  params: { n, ...(scope !== undefined && { scope }) },
});
const done = (n: number, scope?: string) => ({ method: 'done', params: { n, ...(scope !== undefined && { scope }) } });

describe('E1 delivery class', () => {
  it('is lossless for what the contract does not know', () => {
    const { client, wire } = connectPlain({ limits: { events: 1 } });
    for (const n of [1, 2, 3]) wire.receive({ method: 'surprise', params: { n } });
    expect(brief(watch(client.events$).values)).toEqual(['surprise 1', 'surprise 2', 'surprise 3']);
  });

  it('is best-effort only where the contract says so', () => {
    const { client, wire } = connectPlain({ limits: { events: 1 } });
    wire.receive(delta(1), delta(2), done(3), done(4));
    expect(brief(watch(client.events$).values)).toEqual(['delta 1', 'skipped 1', 'done 3', 'done 4']);
  });
});

describe('E2 a gap', () => {
  it('is a place: it stands where the events would have stood, and weighs nothing', () => {
    const { client, wire } = connectPlain({ limits: { events: 2 } });
    wire.receive(delta(1), delta(2), delta(3), done(4), delta(5), done(6));
    expect(brief(watch(client.events$).values)).toEqual([
      'delta 1',
      'delta 2',
      'skipped 1',
      'done 4',
      'skipped 1',
      'done 6',
    ]);
  });

  it('merges with its neighbour', () => {
    const { client, wire } = connectPlain({ limits: { events: 1 } });
    wire.receive(delta(1), delta(2), { method: '$/lagged', params: { skipped: 3 } }, delta(6));
    const events = watch(client.events$);
    expect(brief(events.values)).toEqual(['delta 1', 'skipped 5']);
  });

  it('is told alone when no event waits', () => {
    const { client, wire } = connectPlain();
    wire.receive({ method: '$/lagged', params: { skipped: 3 } });
    expect(brief(watch(client.events$).values)).toEqual(['skipped 3']);
  });

  it('is told before the end', () => {
    const { client, wire } = connectPlain({ limits: { events: 1 } });
    wire.receive(delta(1), delta(2), delta(3));
    wire.end();
    const events = watch(client.events$);
    expect(brief(events.values)).toEqual(['delta 1', 'skipped 2']);
    expect(events.end).toBe('complete');
  });

  it('is told before an error', () => {
    const { client, wire } = connectPlain({ limits: { events: 1 } });
    wire.receive(delta(1), delta(2));
    wire.end({ orderly: false, reason: 'broken' });
    const events = watch(client.events$);
    expect(brief(events.values)).toEqual(['delta 1', 'skipped 1']);
    expect(events.end).toBe('error');
  });

  it('of 0 says nothing', () => {
    const { client, wire } = connectPlain();
    const events = watch(client.events$);
    wire.receive({ method: '$/lagged', params: { skipped: 0 } }, delta(1));
    expect(brief(events.values)).toEqual(['delta 1']);
  });

  it('is counted: delivered + skipped + conflated = emitted', () => {
    const { client, wire } = connectPlain({ limits: { events: 2 } });
    wire.receive(delta(1), delta(2), delta(3), done(4), { method: '$/lagged', params: { skipped: 10 } }, delta(15));
    const events = watch(client.events$);
    wire.receive(delta(16), { method: '$/lagged', params: { skipped: 4 } });
    const counts = client.stats().events;
    const seen = events.values.filter((event) => !isLagged(event)).length;
    const skipped = gapsOf(events.values).reduce((sum, gap) => sum + gap.skipped, 0);
    expect(seen + skipped).toBe(20);
    expect(counts).toMatchObject({ emitted: 20, delivered: seen, skipped, conflated: 0, waiting: 0 });
  });
});

describe('E3 a full buffer at the connection', () => {
  const lagging = (limits: { readonly events?: number; readonly losslessEvents?: number; readonly bytes?: number }) => {
    const served = serveFormal({}, { limits });
    const after = openSession(served.wire, { lag: true });
    served.wire.fill();
    served.connection.notify('done', { n: 0 });
    return { ...served, after };
  };

  it('gives up the oldest best-effort events, says so to the source, and tells the gap in band', () => {
    const { wire, connection, after } = lagging({ events: 2 });
    expect([1, 2, 3, 4].map((n) => connection.notify('delta', { n }))).toEqual([
      'queued',
      'queued',
      'dropped',
      'dropped',
    ]);
    wire.drain();
    expect(after()).toEqual([done(0), { method: '$/lagged', params: { skipped: 2 } }, delta(3), delta(4)]);
  });

  it('keeps lossless events in their order among the others', () => {
    const { server, wire, connection, after } = lagging({ events: 2 });
    connection.notify('delta', { n: 1 });
    connection.notify('done', { n: 2 });
    connection.notify('delta', { n: 3 });
    connection.notify('delta', { n: 4 });
    connection.notify('done', { n: 5 });
    expect(server.stats().events).toMatchObject({ waiting: 4, skipped: 1 });
    wire.drain();
    expect(after()).toEqual([
      done(0),
      { method: '$/lagged', params: { skipped: 1 } },
      done(2),
      delta(3),
      delta(4),
      done(5),
    ]);
    expectIdleServer(server);
  });

  it('folds what the contract folds before it gives anything up', () => {
    const { server, wire, connection, after } = lagging({ events: 2 });
    connection.notify('text', { item: 'a', text: 'one ' });
    connection.notify('text', { item: 'b', text: 'other' });
    connection.notify('text', { item: 'a', text: 'two' });
    wire.drain();
    const texts = named('text', after());
    expect(texts).toHaveLength(2);
    expect(texts).toContainEqual({ method: 'text', params: { item: 'a', text: 'one two' } });
    expect(texts).toContainEqual({ method: 'text', params: { item: 'b', text: 'other' } });
    expect(server.stats().events).toMatchObject({ skipped: 0, conflated: 1 });
  });

  it('folds to the newer one when the contract names no merge', () => {
    const { wire, connection, after } = lagging({ events: 2 });
    for (const value of [1, 2, 3]) connection.notify('state', { key: 'k', value });
    wire.drain();
    expect(named('state', after())).toEqual([{ method: 'state', params: { key: 'k', value: 3 } }]);
  });

  it('starts a new slot rather than pass maxBytes', () => {
    const { wire, connection, after } = lagging({ events: 10 });
    for (let n = 0; n < 3; n += 1) connection.notify('text', { item: 'a', text: 'x'.repeat(400) });
    wire.drain();
    const texts = named('text', after()).map((message) =>
      'params' in message ? (message.params as { text: string }).text : '',
    );
    expect(texts.length).toBeGreaterThan(1);
    expect(texts.join('')).toBe('x'.repeat(1_200));
  });

  it('closes the connection the moment the lossless budget is full, with a reason', () => {
    const { server, wire, connection } = lagging({ losslessEvents: 2 });
    const diagnostics = watch(server.diagnostics$);
    expect([1, 2].map((n) => connection.notify('done', { n }))).toEqual(['queued', 'queued']);
    expect(wire.closedWith).toBeUndefined();
    connection.notify('done', { n: 3 });
    expect(wire.closedWith).toMatchObject({ reason: 'slow-consumer' });
    expect(latest(connection.closed$)).toMatchObject({ reason: 'slow-consumer' });
    expect(connection.notify('done', { n: 4 })).toBe('closed');
    expect(diagnostics.values).toMatchObject([{ type: 'budgetExceeded' }]);
    expectIdleServer(server);
  });

  it('closes the connection when the bytes are too many', () => {
    const { wire, connection } = lagging({ bytes: 10_000 });
    for (let n = 0; n < 3; n += 1) connection.notify('resolved', { id: 'x'.repeat(6_000) });
    expect(wire.closedWith).toMatchObject({ reason: 'slow-consumer' });
  });

  it('tells the source when there is room again', () => {
    const { wire, connection } = lagging({ events: 1 });
    const writable = watch(connection.writable$);
    connection.notify('delta', { n: 1 });
    connection.notify('delta', { n: 2 });
    expect(writable.values).toEqual([]);
    wire.drain();
    expect(writable.values).toHaveLength(1);
    expect(connection.notify('delta', { n: 3 })).toBe('sent');
  });
});

describe('E4 before the first view', () => {
  it('the newest best-effort events are refused, and the gap is told with its numbers', () => {
    const { client, wire } = connectPlain({ limits: { events: 2 } });
    for (const n of [1, 2, 3, 4, 5]) wire.receive(delta(n));
    const events = watch(client.events$);
    expect(brief(events.values)).toEqual(['delta 1', 'delta 2', 'skipped 3']);
    const before = events.values[1];
    const seq = before !== undefined && 'seq' in before ? before.seq : NaN;
    expect(events.values[2]).toEqual({ type: 'lagged', skipped: 3, first: seq + 1, last: seq + 3 });
  });

  it('too many lossless ones close nothing: they become a gap and a diagnostic', () => {
    const { client, wire } = connectPlain({ limits: { losslessEvents: 2 } });
    for (const n of [1, 2, 3, 4]) wire.receive(done(n));
    expect(wire.closedWith).toBeUndefined();
    expect(brief(watch(client.events$).values)).toEqual(['done 1', 'done 2', 'skipped 2']);
    expect(watch(client.diagnostics$).values).toEqual([{ type: 'backlogOverflow', method: 'done' }]);
  });

  it('a view takes what it matches, in order; the rest stays for others', () => {
    const { client, wire } = connectPlain();
    wire.receive(done(1, 'a'), delta(2, 'b'), done(3, 'b'), delta(4, 'a'));
    expect(brief(watch(client.scoped('a')).values)).toEqual(['done 1', 'delta 4']);
    expect(watch(client.notifications('delta')).values).toEqual([{ n: 2, scope: 'b' }]);
    expect(brief(watch(client.events$).values)).toEqual(['done 3']);
    expect(brief(watch(client.events$).values)).toEqual([]);
    expectIdleClient(client);
  });

  it('ends with the first subscription to any view: what comes then is not kept', () => {
    const { client, wire } = connectPlain();
    wire.receive(done(1, 'a'));
    watch(client.scoped('b'));
    wire.receive(done(2, 'a'));
    expect(brief(watch(client.events$).values)).toEqual(['done 1']);
  });

  it('is over for good: a view subscribed later sees only what comes after it', () => {
    const { client, wire } = connectPlain();
    watch(client.events$).unsubscribe();
    wire.receive(done(1));
    const events = watch(client.events$);
    wire.receive(done(2));
    expect(brief(events.values)).toEqual(['done 2']);
  });

  it('a gap is told once to each filtered view and stays for events$', () => {
    const { client, wire } = connectPlain({ limits: { events: 1 } });
    wire.receive(delta(1, 'a'), delta(2, 'a'), done(3, 'a'));
    expect(watch(client.notifications('delta')).values).toMatchObject([{ n: 1 }, { type: 'lagged', skipped: 1 }]);
    expect(brief(watch(client.events$).values)).toEqual(['skipped 1', 'done 3']);
  });

  it('listen misses nothing', () => {
    const seen: unknown[] = [];
    const wire = fakeWire();
    wire.receive(done(1), done(2));
    connect(wire, plain, { listen: (client) => client.events$.subscribe((event) => seen.push(event)) });
    wire.receive(done(3));
    expect(brief(seen)).toEqual(['done 1', 'done 2', 'done 3']);
  });

  it('what nobody ever claims stays readable after a shutdown, then completes', () => {
    run(({ flush }) => {
      const { client, wire } = connectPlain();
      wire.receive(done(1));
      watch(client.shutdown());
      flush();
      const events = watch(client.events$);
      expect(brief(events.values)).toEqual(['done 1']);
      expect(events.end).toBe('complete');
    });
  });
});

describe('E5 a ready listener', () => {
  it('gets its event before the call that caused it returns, with no scheduler', () => {
    const { client, server, connection } = hostPlain();
    const events = watch(client.events$);
    server.broadcast('done', { n: 1 });
    expect(brief(events.values)).toEqual(['done 1']);
    expect(connection.notify('delta', { n: 2 })).toBe('sent');
    expect(brief(events.values)).toEqual(['done 1', 'delta 2']);
    expectIdleClient(client);
  });

  it('sees the same order as every other, also when one sends from inside next', () => {
    const { client, connection } = hostPlain();
    const orders: string[][] = [[], []];
    client.notifications('done').subscribe(({ n }) => {
      orders[0]?.push(`done ${n}`);
      if (n < 3) connection.notify('done', { n: n + 1 });
    });
    client.notifications('done').subscribe(({ n }) => {
      orders[1]?.push(`done ${n}`);
    });
    connection.notify('done', { n: 1 });
    expect(orders).toEqual([
      ['done 1', 'done 2', 'done 3'],
      ['done 1', 'done 2', 'done 3'],
    ]);
  });

  it('subscribed during a dispatch sees only what comes after it', () => {
    const { client, connection } = hostPlain();
    const late: number[] = [];
    client.notifications('done').subscribe(({ n }) => {
      if (n === 1) client.notifications('done').subscribe((event) => late.push(event.n));
    });
    connection.notify('done', { n: 1 });
    expect(late).toEqual([]);
    connection.notify('done', { n: 2 });
    expect(late).toEqual([2]);
  });

  it('unsubscribed during a dispatch sees nothing more', () => {
    const { client, connection } = hostPlain();
    const second = { seen: 0, stop: () => undefined as void };
    client.notifications('done').subscribe(() => {
      second.stop();
    });
    const subscription = client.notifications('done').subscribe(() => {
      second.seen += 1;
    });
    second.stop = () => {
      subscription.unsubscribe();
    };
    connection.notify('done', { n: 1 });
    connection.notify('done', { n: 2 });
    expect(second.seen).toBe(0);
  });

  it('that throws does not touch the others', () => {
    const thrown: unknown[] = [];
    config.onUnhandledError = (error) => thrown.push(error);
    try {
      run(({ flush }) => {
        const { client, connection } = hostPlain();
        client.events$.subscribe(() => {
          throw new Error('broken listener');
        });
        const other = watch(client.events$);
        connection.notify('done', { n: 1 });
        connection.notify('done', { n: 2 });
        flush();
        expect(brief(other.values)).toEqual(['done 1', 'done 2']);
        expect(watch(client.request('echo', 'x')).values).toEqual(['x']);
      });
    } finally {
      config.onUnhandledError = null;
    }
    expect(thrown.length).toBeGreaterThan(0);
  });

  it('lets what is re-entered wait in the bounded buffer of its connection', () => {
    const { client, connection } = hostPlain(
      {
        work: ({ n }, context) => {
          for (let k = 1; k <= n; k += 1) context.notify('delta', { n: k });
          return n;
        },
      },
      { server: { limits: { events: 4 } }, client: { limits: { events: 4 } } },
    );
    const answers: unknown[] = [];
    const events = watch(client.events$, (event) => {
      if (!isLagged(event) && event.method === 'done')
        client.request('work', { n: 10 }).subscribe((n) => answers.push(n));
    });
    connection.notify('done', { n: 0 });
    expect(brief(events.values)).toEqual(['done 0', 'skipped 6', 'delta 7', 'delta 8', 'delta 9', 'delta 10']);
    expect(answers).toEqual([10]);
    expect(client.stats().events).toMatchObject({ emitted: 11, delivered: 5, skipped: 6 });
  });

  it('is found by method and by scope', () => {
    const { client, connection } = hostPlain();
    const a = watch(client.scoped('a'));
    const deltas = watch(client.notifications('delta'));
    connection.notify('delta', { n: 1, scope: 'a' });
    connection.notify('delta', { n: 2, scope: 'b' });
    connection.notify('done', { n: 3, scope: 'a' });
    expect(brief(a.values)).toEqual(['delta 1', 'done 3']);
    expect(deltas.values).toEqual([
      { n: 1, scope: 'a' },
      { n: 2, scope: 'b' },
    ]);
  });

  it('of a scope sees the server requests of that scope', () => {
    const { client, server, connection } = hostPlain();
    const [a, b] = [watch(client.scoped('a')), watch(client.scoped('b'))];
    watch(server.request(connection, 'approve', { command: 'ls', scope: 'a' }));
    expect(a.values).toMatchObject([{ type: 'serverRequest', method: 'approve' }]);
    expect(b.values).toEqual([]);
  });
});

describe('E6 markers', () => {
  it('pass every view but those of lossless events', () => {
    const { client, wire } = connectPlain();
    const views = {
      events: watch(client.events$),
      scoped: watch(client.scoped('a')),
      delta: watch(client.notifications('delta')),
      done: watch(client.notifications('done')),
    };
    wire.receive({ method: '$/lagged', params: { skipped: 3 } });
    expect(brief(views.events.values)).toEqual(['skipped 3']);
    expect(brief(views.scoped.values)).toEqual(['skipped 3']);
    expect(brief(views.delta.values)).toEqual(['skipped 3']);
    expect(views.done.values).toEqual([]);
  });

  it('are plain: type, skipped, and the numbers where they are known', () => {
    const { client, wire } = connectPlain();
    const events = watch(client.events$);
    wire.receive(done(1), { method: '$/lagged', params: { skipped: 3 } }, done(5));
    const [first, gap, last] = events.values;
    if (first === undefined || last === undefined || !('seq' in first) || !('seq' in last))
      throw new Error('no events');
    expect(gap).toEqual({ type: 'lagged', skipped: 3, first: first.seq + 1, last: last.seq - 1 });
  });

  it('never end a stream', () => {
    const { client, wire } = connectPlain();
    const events = watch(client.events$);
    wire.receive({ method: '$/lagged', params: { skipped: 1 } }, done(2));
    expect(events.end).toBe('open');
    expect(latest(client.state$)).toEqual({ type: 'ready' });
  });
});

describe('E7 over a wire whose sink is full', () => {
  it('a client that did not announce lag loses nothing', () => {
    const { wire, connection } = serveFormal({}, { limits: { events: 1 } });
    const after = openSession(wire);
    wire.fill();
    for (const n of [1, 2, 3, 4]) connection.notify('delta', { n });
    wire.drain();
    expect(after()).toEqual([1, 2, 3, 4].map((n) => delta(n)));
  });

  it('and is closed with a reason when the budget is full', () => {
    const { wire, connection } = servePlain({}, { limits: { events: 1, losslessEvents: 2 } });
    wire.fill();
    for (const n of [1, 2, 3, 4]) connection.notify('delta', { n });
    expect(wire.closedWith).toMatchObject({ reason: 'slow-consumer' });
  });

  it('an answer goes out although the events are at their limit', () => {
    const { wire, connection } = servePlain({}, { limits: { losslessEvents: 2 } });
    wire.fill();
    for (const n of [0, 1, 2]) connection.notify('done', { n });
    wire.receive({ id: 1, method: 'echo', params: 'x' });
    wire.drain();
    expect(responsesTo(1, wire.sent)).toEqual([{ id: 1, result: 'x' }]);
  });

  it('stays in the frame: what waits goes out when there is room, and no sooner', () => {
    run(({ cold, expectObservable }) => {
      const { wire, connection } = servePlain();
      const values = { a: done(1), b: done(2), c: done(3) };
      wire.fill();
      cold('            ab----|').subscribe((n) => connection.notify('done', { n: n === 'a' ? 1 : 2 }));
      cold('            ----d|').subscribe(() => {
        wire.drain();
      });
      cold('            -----c|').subscribe(() => connection.notify('done', { n: 3 }));
      const expected = 'a---bc';
      expectObservable(wire.sent$).toBe(expected, values);
    });
  });

  it('one full sink delays no other connection', () => {
    const { server, wire } = servePlain();
    const other = fakeWire();
    server.attach(other);
    wire.fill();
    for (const n of [1, 2, 3]) server.broadcast('done', { n });
    expect(named('done', other.sent)).toHaveLength(3);
    expect(named('done', wire.sent)).toHaveLength(1);
  });
});

describe('E9 numbers', () => {
  it('grow by one with each event and each answer', () => {
    const { client, wire } = connectPlain();
    const events = watch(client.events$);
    const answer = watch(client.exchange('echo', 'x'));
    wire.receive(done(1), { id: 0, result: 'x' }, done(2));
    const [first, second] = events.values;
    const [exchange] = answer.values;
    if (first === undefined || second === undefined || !('seq' in first) || !('seq' in second))
      throw new Error('no events');
    expect(exchange).toEqual({ id: 0, seq: first.seq + 1, result: 'x' });
    expect(second.seq).toBe(first.seq + 2);
    expect(client.stats().seq).toBe(second.seq);
  });

  it('leave out what was skipped in band', () => {
    const { client, wire } = connectPlain();
    const events = watch(client.events$);
    wire.receive(done(1), { method: '$/lagged', params: { skipped: 5 } }, done(7));
    const [first, , last] = events.values;
    if (first === undefined || last === undefined || !('seq' in first) || !('seq' in last))
      throw new Error('no events');
    expect(last.seq - first.seq).toBe(6);
  });
});

describe('two clients of one server', () => {
  it('each have their own order, numbers and backlog', () => {
    const server = createServer(plain, plainHandlers);
    const [one, two] = [startInProcess(server, { ownServer: false }), startInProcess(server, { ownServer: false })];
    const first = watch(one.events$);
    server.broadcast('done', { n: 1 });
    server.broadcast('done', { n: 2 });
    const second = watch(two.events$);
    expect(brief(first.values)).toEqual(['done 1', 'done 2']);
    expect(second.values).toEqual(first.values);
  });
});
