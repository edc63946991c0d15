import { NEVER, Subject, VirtualTimeScheduler, defer, tap } from 'rxjs';

import { retryOverloaded } from '../../src/client/index.js';
import { RpcError, defineContract, isOverloaded, request, type } from '../../src/protocol/index.js';
import { connect } from '../../src/client/index.js';
import { fakeWire, run } from '../../src/testing/index.js';
import {
  at,
  connectPlain,
  expectIdleClient,
  expectIdleServer,
  hostPlain,
  idsOf,
  named,
  responsesTo,
  servePlain,
  since,
  watch,
} from './support.js';

const overloaded = { code: -32001, message: 'Overloaded', data: { reason: 'overloaded', retryable: true } };

describe('C1 a request is cold', () => {
  it('is sent when it is subscribed, and again with a new id each time', () => {
    const { client, wire } = connectPlain();
    const request$ = client.request('echo', 'hi');
    expect(wire.sent).toEqual([]);
    watch(request$);
    watch(request$);
    expect(wire.sent).toEqual([
      { id: 0, method: 'echo', params: 'hi' },
      { id: 1, method: 'echo', params: 'hi' },
    ]);
  });

  it('emits one value and completes, before subscribe returns when the answer is at hand', () => {
    const { client, server } = hostPlain();
    const answer = watch(client.request('echo', 'hi'));
    expect(answer.values).toEqual(['hi']);
    expect(answer.end).toBe('complete');
    expectIdleClient(client);
    expectIdleServer(server);
  });

  it('makes no promise, no timer and no microtask', () => {
    const { client, server, connection } = hostPlain();
    const spies = [
      jest.spyOn(globalThis, 'setTimeout'),
      jest.spyOn(globalThis, 'setInterval'),
      jest.spyOn(globalThis, 'queueMicrotask'),
      jest.spyOn(Promise.prototype, 'then'),
      jest.spyOn(Promise, 'resolve'),
    ];
    try {
      client.handle('approve', () => ({ decision: 'accept' }));
      watch(client.events$);
      watch(client.request('work', { n: 1, scope: 'a' }));
      connection.notify('delta', { n: 1 });
      const answer = watch(server.request(connection, 'approve', { command: 'ls' }));
      expect(answer.values).toEqual([{ decision: 'accept' }]);
      for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  });

  it('adopts a promise that a handler returns', async () => {
    const { client, server } = hostPlain({ echo: (params) => Promise.resolve(params) });
    const answer = watch(client.request('echo', 'later'));
    expect(answer.values).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(answer.values).toEqual(['later']);
    expectIdleServer(server);
  });

  describe('but call', () => {
    it('sends at once and promises the result', async () => {
      const { client, wire } = connectPlain();
      const promise = client.call('echo', 'hi');
      expect(wire.sent).toHaveLength(1);
      wire.receive({ id: 0, result: 'hello' });
      await expect(promise).resolves.toBe('hello');
      expectIdleClient(client);
    });

    it('rejects with the reason of its signal, and cancels', async () => {
      const { client, wire } = connectPlain();
      const controller = new AbortController();
      const promise = client.call('echo', 'hi', { signal: controller.signal });
      controller.abort(new Error('changed my mind'));
      await expect(promise).rejects.toThrow('changed my mind');
      expect(named('cancel', wire.sent)).toEqual([{ method: 'cancel', params: { id: 0 } }]);
    });

    it('sends nothing when its signal is aborted already', async () => {
      const { client, wire } = connectPlain();
      await expect(client.call('echo', 'hi', { signal: AbortSignal.abort('no') })).rejects.toBe('no');
      expect(wire.sent).toEqual([]);
      expectIdleClient(client);
    });
  });
});

describe('C2 ids', () => {
  it('count from 0', () => {
    const { client, wire } = connectPlain();
    for (const n of [1, 2, 3]) watch(client.request('echo', n));
    expect(idsOf('echo', wire.sent)).toEqual([0, 1, 2]);
  });

  it('are the caller s own when given; 1 and "1" are two', () => {
    const { client, wire } = connectPlain();
    const one = watch(client.request('echo', 'number', { id: 1 }));
    const other = watch(client.request('echo', 'string', { id: '1' }));
    expect(idsOf('echo', wire.sent)).toEqual([1, '1']);
    wire.receive({ id: '1', result: 'string' }, { id: 1, result: 'number' });
    expect(one.values).toEqual(['number']);
    expect(other.values).toEqual(['string']);
  });

  it('in flight refuse a second use before anything is sent; the first goes on', () => {
    const { client, wire } = connectPlain();
    const first = watch(client.request('echo', 'first', { id: 7 }));
    const second = watch(client.request('echo', 'second', { id: 7 }));
    expect(second.error).toMatchObject({ name: 'RpcError', code: -32600, message: 'duplicate request id: 7' });
    expect(wire.sent).toHaveLength(1);
    expect(first.end).toBe('open');
    wire.receive({ id: 7, result: 'yes' });
    expect(first.values).toEqual(['yes']);
    expectIdleClient(client);
  });

  it('that wait for the wire refuse a second use as well', () => {
    const { client, wire } = connectPlain({ limits: { inFlight: 1 } });
    watch(client.request('echo', 'busy'));
    const first = watch(client.request('echo', 'first', { id: 7 }));
    const second = watch(client.request('echo', 'second', { id: 7 }));
    expect(second.error).toMatchObject({ code: -32600, message: 'duplicate request id: 7' });
    wire.receive({ id: 0, result: null }, { id: 7, result: 'yes' });
    expect(first.values).toEqual(['yes']);
  });

  it('are free again after the answer', () => {
    const { client, wire } = connectPlain();
    for (const answer of ['a', 'b']) {
      const again = watch(client.request('echo', answer, { id: 7 }));
      wire.receive({ id: 7, result: answer });
      expect(again.values).toEqual([answer]);
    }
  });

  it('of the counter never touch a request that took the number first', () => {
    const { client, wire } = connectPlain();
    const own = watch(client.request('echo', 'own', { id: 0 }));
    watch(client.request('echo', 'counted'));
    wire.receive({ id: 0, result: 'own' });
    expect(own.values).toEqual(['own']);
    expect(own.ends).toBe(1);
    expect(new Set(idsOf('echo', wire.sent)).size).toBe(idsOf('echo', wire.sent).length);
  });

  it('that a server sees twice are refused with id null, and the first goes on', () => {
    const work = new Subject<number>();
    const { server, wire } = servePlain({ work: () => work });
    const diagnostics = watch(server.diagnostics$);
    wire.receive({ id: 3, method: 'work', params: { n: 1 } }, { id: 3, method: 'echo', params: 'x' });
    expect(wire.sent).toMatchObject([{ id: null, error: { code: -32600, data: { id: 3 } } }]);
    expect(diagnostics.values).toEqual([{ type: 'duplicateRequest', id: 3, method: 'echo' }]);
    work.next(5);
    work.complete();
    expect(responsesTo(3, wire.sent)).toEqual([{ id: 3, result: 5 }]);
    expectIdleServer(server);
  });

  it('null settles nothing at a client', () => {
    const { client, wire } = connectPlain();
    const answer = watch(client.request('echo', 'x'));
    wire.receive({ id: null, error: { code: -32600, message: 'duplicate', data: { id: 0 } } });
    expect(answer.end).toBe('open');
    expect(watch(client.diagnostics$).values).toMatchObject([{ type: 'unmatchedResponse', id: null }]);
    wire.receive({ id: 0, result: 'fine' });
    expect(answer.values).toEqual(['fine']);
  });
});

describe('C3 an answer finds its owner', () => {
  it('among 100,000 in flight, in any order', () => {
    const count = 100_000;
    const { client, wire } = connectPlain({ limits: { inFlight: count } });
    const got = new Int32Array(count).fill(-1);
    for (let n = 0; n < count; n += 1) {
      client.request('work', { n }).subscribe((value) => {
        got[n] = value;
      });
    }
    expect(client.stats().requests).toMatchObject({ inFlight: count, waiting: 0 });
    for (let id = count - 1; id >= 0; id -= 1) wire.receive({ id, result: id });
    expect(got.every((value, n) => value === n)).toBe(true);
    expectIdleClient(client);
  });
});

describe('C4 the server bounds what waits', () => {
  it('runs up to concurrency, lets limits.requests wait, refuses one more', () => {
    const done = new Subject<number>();
    const { server, wire } = servePlain({ work: () => done }, { limits: { requests: 2, concurrency: 1 } });
    for (const id of [1, 2, 3, 4]) wire.receive({ id, method: 'work', params: { n: id } });
    expect(wire.sent).toEqual([{ id: 4, error: overloaded }]);
    expect(server.stats().requests).toMatchObject({ running: 1, waiting: 2 });
  });

  it('gives a place back as soon as one starts', () => {
    const jobs = new Map<number, Subject<number>>();
    const { server, wire } = servePlain(
      {
        work: ({ n }) => {
          const job = new Subject<number>();
          jobs.set(n, job);
          return job;
        },
      },
      { limits: { requests: 1, concurrency: 1 } },
    );
    wire.receive({ id: 1, method: 'work', params: { n: 1 } }, { id: 2, method: 'work', params: { n: 2 } });
    expect([...jobs.keys()]).toEqual([1]);
    jobs.get(1)?.complete();
    expect([...jobs.keys()]).toEqual([1, 2]);
    wire.receive({ id: 3, method: 'work', params: { n: 3 } });
    expect(responsesTo(3, wire.sent)).toEqual([]);
    jobs.get(2)?.complete();
    jobs.get(3)?.complete();
    expect(wire.sent).toHaveLength(3);
    expectIdleServer(server);
  });

  it('counts what waits for its scope', () => {
    const { wire } = servePlain({ work: () => NEVER }, { limits: { requests: 1 } });
    wire.receive(
      { id: 1, method: 'work', params: { n: 1, scope: 'a' } },
      { id: 2, method: 'work', params: { n: 2, scope: 'a' } },
      { id: 3, method: 'work', params: { n: 3, scope: 'a' } },
      { id: 4, method: 'echo', params: 'free' },
    );
    expect(wire.sent).toEqual([
      { id: 3, error: overloaded },
      { id: 4, result: 'free' },
    ]);
  });

  it('does so for each connection apart', () => {
    const { server, wire } = servePlain({ work: () => NEVER }, { limits: { requests: 1, concurrency: 1 } });
    const other = fakeWire();
    server.attach(other);
    for (const each of [wire, other]) {
      each.receive({ id: 1, method: 'work', params: { n: 1 } }, { id: 2, method: 'work', params: { n: 2 } });
      expect(each.sent).toEqual([]);
      each.receive({ id: 3, method: 'work', params: { n: 3 } });
      expect(each.sent).toEqual([{ id: 3, error: overloaded }]);
    }
  });

  it('runs any number unless concurrency is given', () => {
    const { server, client } = hostPlain({ work: () => NEVER });
    for (let n = 0; n < 1_000; n += 1) watch(client.request('work', { n }));
    expect(server.stats().requests).toMatchObject({ running: 1_000, waiting: 0 });
    expect(client.stats().requests).toMatchObject({ inFlight: 1_000, waiting: 0 });
  });

  it('raises a limit of 0 to 1', () => {
    const done = new Subject<number>();
    const { wire } = servePlain({ work: () => done }, { limits: { requests: 0, concurrency: 0 } });
    for (const id of [1, 2, 3]) wire.receive({ id, method: 'work', params: { n: id } });
    expect(wire.sent).toEqual([{ id: 3, error: overloaded }]);
    done.complete();
    expect(responsesTo(1, wire.sent)).toHaveLength(1);
    expect(responsesTo(2, wire.sent)).toHaveLength(1);
  });
});

describe('C4 unsent answers', () => {
  it('pause the input at the limit, and all go out when there is room', () => {
    const { server, wire } = servePlain({}, { limits: { unsentAnswers: 2 } });
    wire.fill();
    wire.receive({ id: 1, method: 'echo', params: 1 }, { id: 2, method: 'echo', params: 2 });
    expect(wire.paused).toBe(false);
    wire.receive({ id: 3, method: 'echo', params: 3 }, { id: 4, method: 'echo', params: 4 });
    expect(wire.paused).toBe(true);
    expect(wire.sent).toEqual([{ id: 1, result: 1 }]);
    wire.drain();
    expect(wire.paused).toBe(false);
    expect(wire.sent).toEqual([1, 2, 3, 4].map((id) => ({ id, result: id })));
    expectIdleServer(server);
  });

  it('close a wire that cannot be paused, with a reason', () => {
    const { server, wire } = servePlain({}, { limits: { unsentAnswers: 2 } }, { pausable: false });
    wire.fill();
    for (const id of [1, 2, 3, 4]) wire.receive({ id, method: 'echo', params: id });
    expect(wire.closedWith).toMatchObject({ reason: 'slow-consumer' });
    expect(server.stats().connections).toBe(0);
    expectIdleServer(server);
  });
});

describe('C4 the client bounds what it sends', () => {
  it('keeps inFlight on the wire, lets limits.requests wait, refuses one more', () => {
    const { client, wire } = connectPlain({ limits: { inFlight: 2, requests: 2 } });
    const answers = [0, 1, 2, 3, 4].map((n) => watch(client.request('work', { n })));
    expect(idsOf('work', wire.sent)).toEqual([0, 1]);
    expect(client.stats().requests).toMatchObject({ inFlight: 2, waiting: 2, sent: 2 });
    expect(answers[4]?.error).toMatchObject({ name: 'TransportError', reason: 'full', method: 'work' });
    wire.receive({ id: 1, result: 10 });
    expect(idsOf('work', wire.sent)).toEqual([0, 1, 2]);
    wire.receive({ id: 0, result: 0 }, { id: 2, result: 20 });
    expect(wire.sent).toHaveLength(4);
    expect(answers.map(({ end }) => end)).toEqual(['complete', 'complete', 'complete', 'open', 'error']);
  });

  it('allows 64 and 16,384 to a server elsewhere', () => {
    const { client, wire } = connectPlain();
    for (let n = 0; n < 64 + 16_384; n += 1) watch(client.request('work', { n }));
    expect(wire.sent).toHaveLength(64);
    expect(client.stats().requests).toMatchObject({ inFlight: 64, waiting: 16_384 });
    expect(watch(client.request('work', { n: 0 })).error).toMatchObject({ reason: 'full' });
  });

  it('keeps the order of what waits', () => {
    const { client, wire } = connectPlain({ limits: { inFlight: 1 } });
    for (const n of [0, 1, 2, 3]) watch(client.request('work', { n }));
    for (const id of [0, 1, 2, 3]) wire.receive({ id, result: id });
    expect(wire.sent.map((message) => 'params' in message && message.params)).toEqual([0, 1, 2, 3].map((n) => ({ n })));
  });
});

describe('C4 overload', () => {
  it('is one word for both queues', () => {
    const here = connectPlain({ limits: { inFlight: 1, requests: 1 } });
    const refusedHere = [0, 1, 2].map((n) => watch(here.client.request('work', { n })))[2]?.error;
    const there = hostPlain({ work: () => NEVER }, { server: { limits: { requests: 1, concurrency: 1 } } });
    const refusedThere = [0, 1, 2].map((n) => watch(there.client.request('work', { n })))[2]?.error;
    expect(refusedThere).toMatchObject({ name: 'RpcError', ...overloaded });
    expect([refusedHere, refusedThere].map(isOverloaded)).toEqual([true, true]);
    expect(isOverloaded(new RpcError(-32000, 'other'))).toBe(false);
  });

  it('is tried again by retryOverloaded', () => {
    run(({ cold, flush }) => {
      const { client, server } = hostPlain(
        { work: ({ n }) => cold('-----a|', { a: n }) },
        { server: { limits: { requests: 1, concurrency: 1 } } },
      );
      const answers = [1, 2, 3].map((n) =>
        watch(client.request('work', { n }).pipe(retryOverloaded({ count: 5, delay: 10 }))),
      );
      flush();
      expect(answers.map(({ values }) => values)).toEqual([[1], [2], [3]]);
      expectIdleClient(client);
      expectIdleServer(server);
    });
  });

  it('is tried again count times and no more', () => {
    run(({ flush }) => {
      let asked = 0;
      const { client } = hostPlain({
        echo: () => {
          asked += 1;
          throw new RpcError(-32001, 'Overloaded');
        },
      });
      const answer = watch(client.request('echo', 'x').pipe(retryOverloaded({ count: 3, delay: 10 })));
      flush();
      expect(asked).toBe(4);
      expect(answer.error).toMatchObject({ code: -32001 });
    });
  });

  it('is the only failure that is tried again', () => {
    run(({ flush }) => {
      let asked = 0;
      const { client } = hostPlain({
        echo: () => {
          asked += 1;
          throw new RpcError(-32600, 'no');
        },
      });
      const answer = watch(client.request('echo', 'x').pipe(retryOverloaded({ count: 3, delay: 10 })));
      flush();
      expect(asked).toBe(1);
      expect(answer.error).toMatchObject({ code: -32600 });
    });
  });
});

describe('C5 order by scope', () => {
  it('runs one at a time in order, and scopes independently', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const first = cold('      ---a|', { a: 1 });
      const firstRuns = '       ^---!';
      const second = cold('         -b|', { b: 2 });
      const secondRuns = '      ----^-!';
      const other = cold('      -c|', { c: 3 });
      const otherRuns = '       ^-!';
      const jobs = [first, second, other];
      const { client } = hostPlain({ work: ({ n }) => jobs[n] ?? NEVER });

      expectObservable(client.request('work', { n: 0, scope: 'a' })).toBe('----(a|)', { a: 1 });
      expectObservable(client.request('work', { n: 1, scope: 'a' })).toBe('------(b|)', { b: 2 });
      expectObservable(client.request('work', { n: 2, scope: 'b' })).toBe('--(c|)', { c: 3 });
      expectSubscriptions(first.subscriptions).toBe(firstRuns);
      expectSubscriptions(second.subscriptions).toBe(secondRuns);
      expectSubscriptions(other.subscriptions).toBe(otherRuns);
    });
  });

  it('runs shared ones together, and none overtakes a waiting exclusive one', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const read1 = cold('      --a|', { a: 1 });
      const read2 = cold('      ----a|', { a: 2 });
      const write = cold('           --a|', { a: 3 });
      const read3 = cold('              -a|', { a: 4 });
      const reads = [read1, read2, read3];
      const { client } = hostPlain({ read: ({ n }) => reads[n] ?? NEVER, work: () => write });

      expectObservable(client.request('read', { n: 0, scope: 'a' })).toBe('---(a|)', { a: 1 });
      expectObservable(client.request('read', { n: 1, scope: 'a' })).toBe('-----(a|)', { a: 2 });
      expectObservable(client.request('work', { n: 0, scope: 'a' })).toBe('--------(a|)', { a: 3 });
      expectObservable(client.request('read', { n: 2, scope: 'a' })).toBe('----------(a|)', { a: 4 });
      expectSubscriptions(read1.subscriptions).toBe('^--!');
      expectSubscriptions(read2.subscriptions).toBe('^----!');
      expectSubscriptions(write.subscriptions).toBe('-----^--!');
      expectSubscriptions(read3.subscriptions).toBe('--------^-!');
    });
  });

  it('runs requests without a scope together', () => {
    run(({ cold, expectSubscriptions, expectObservable }) => {
      const job = cold('---a|', { a: 1 });
      const { client } = hostPlain({ work: () => job });
      for (const n of [0, 1, 2]) expectObservable(client.request('work', { n })).toBe('----(a|)', { a: 1 });
      expectSubscriptions(job.subscriptions).toBe(['^---!', '^---!', '^---!']);
    });
  });

  it('keeps to concurrency over all scopes', () => {
    run(({ cold, flush }) => {
      const running = new Set<number>();
      let most = 0;
      const { client, server } = hostPlain(
        {
          work: ({ n }) => {
            const job = cold('--a|', { a: n });
            return defer(() => {
              running.add(n);
              most = Math.max(most, running.size);
              return job.pipe(tap({ complete: () => running.delete(n) }));
            });
          },
        },
        { server: { limits: { concurrency: 2 } } },
      );
      const answers = [0, 1, 2, 3, 4].map((n) =>
        watch(client.request('work', { n, ...(n % 2 === 0 && { scope: 'a' }) })),
      );
      flush();
      expect(most).toBe(2);
      expect(answers.map(({ values }) => values)).toEqual([[0], [1], [2], [3], [4]]);
      expectIdleServer(server);
    });
  });

  it('lets a slow handler delay no other scope and no event', () => {
    const { client, connection } = hostPlain({ work: ({ n, scope }) => (scope === 'slow' ? NEVER : n) });
    const events = watch(client.events$);
    watch(client.request('work', { n: 0, scope: 'slow' }));
    watch(client.request('work', { n: 1, scope: 'slow' }));
    expect(watch(client.request('work', { n: 2, scope: 'quick' })).values).toEqual([2]);
    expect(watch(client.request('echo', 'x')).values).toEqual(['x']);
    connection.notify('done', { n: 3, scope: 'slow' });
    expect(events.values).toMatchObject([{ method: 'done', params: { n: 3 } }]);
  });

  it('frees the scope when a handler fails', () => {
    const { client } = hostPlain({
      work: ({ n }) => {
        if (n === 0) throw new Error('broken');
        return n;
      },
    });
    watch(client.request('work', { n: 0, scope: 'a' }));
    expect(watch(client.request('work', { n: 1, scope: 'a' })).values).toEqual([1]);
  });
});

describe('C6 unsubscribing', () => {
  it('frees a waiting place at once, and nothing is ever sent', () => {
    const { client, wire } = connectPlain({ limits: { inFlight: 1, requests: 1 } });
    watch(client.request('echo', 'busy'));
    const waiting = watch(client.request('echo', 'given up'));
    waiting.unsubscribe();
    expect(client.stats().requests).toMatchObject({ inFlight: 1, waiting: 0 });
    const next = watch(client.request('echo', 'next'));
    wire.receive({ id: 0, result: null });
    expect(wire.sent).toMatchObject([
      { method: 'echo', params: 'busy' },
      { method: 'echo', params: 'next' },
    ]);
    expect(next.end).toBe('open');
  });

  it('cancels a sent request once; its id and place wait for the late answer, which is swallowed', () => {
    const { client, wire } = connectPlain({ limits: { inFlight: 1 } });
    const first = watch(client.request('echo', 'first', { id: 'f' }));
    first.unsubscribe();
    const second = watch(client.request('echo', 'second'));
    expect(named('cancel', wire.sent)).toEqual([{ method: 'cancel', params: { id: 'f' } }]);
    expect(client.stats().requests).toMatchObject({ inFlight: 1, waiting: 1 });
    expect(watch(client.request('echo', 'again', { id: 'f' })).error).toMatchObject({ code: -32600 });
    expect(named('echo', wire.sent)).toHaveLength(1);
    wire.receive({ id: 'f', result: 'too late' });
    expect(named('echo', wire.sent)).toHaveLength(2);
    expect(first.values).toEqual([]);
    expect(second.end).toBe('open');
    expect(watch(client.diagnostics$).values).toEqual([]);
    expect(watch(client.request('echo', 'reused', { id: 'f' })).end).toBe('open');
  });

  it('sends nothing once the answer is there', () => {
    const { client, wire } = connectPlain();
    const answer = watch(client.request('echo', 'x'));
    wire.receive({ id: 0, result: 'x' });
    answer.unsubscribe();
    expect(named('cancel', wire.sent)).toEqual([]);
  });

  it('gives the place up after cancelHold, and bars the id', () => {
    run(({ flush }) => {
      const { client, wire } = connectPlain({ limits: { inFlight: 1 } });
      watch(client.request('echo', 'first', { id: 'f' })).unsubscribe();
      watch(client.request('echo', 'second'));
      at(9_999, () => {
        expect(named('echo', wire.sent)).toHaveLength(1);
      });
      at(10_001, () => {
        expect(named('echo', wire.sent)).toHaveLength(2);
        expect(watch(client.request('echo', 'again', { id: 'f' })).error).toMatchObject({ code: -32600 });
      });
      flush();
    });
  });

  it('sends no cancel where the contract has no word for it', () => {
    const contract = defineContract({
      requests: { echo: request({ params: type<string>(), result: type<string>() }) },
    });
    const wire = fakeWire();
    const client = connect(wire, contract);
    watch(client.request('echo', 'x')).unsubscribe();
    expect(wire.sent).toHaveLength(1);
    expect(client.stats().requests.inFlight).toBe(1);
    wire.receive({ id: 0, result: 'late' });
    expect(client.stats().requests.inFlight).toBe(0);
  });

  it('leaves nothing behind when the wire ends', () => {
    const { client, wire } = connectPlain();
    watch(client.request('echo', 'x')).unsubscribe();
    wire.end();
    expectIdleClient(client);
  });

  it('stops the handler: unsubscribed, aborted, answered -32800 once', () => {
    run(({ cold, expectSubscriptions, flush }) => {
      const job = cold('        -----a|', { a: 1 });
      const runs = '            ^-!';
      let signal: AbortSignal | undefined;
      const { server, wire } = servePlain({
        work: (_, context) => {
          signal = context.signal;
          return job;
        },
      });
      wire.receive({ id: 1, method: 'work', params: { n: 1 } });
      at(2, () => {
        wire.receive({ method: 'cancel', params: { id: 1 } }, { method: 'cancel', params: { id: 1 } });
      });
      flush();
      expectSubscriptions(job.subscriptions).toBe(runs);
      expect(signal?.aborted).toBe(true);
      expect(wire.sent).toMatchObject([{ id: 1, error: { code: -32800 } }]);
      expectIdleServer(server);
    });
  });

  it('takes back a request that had not started at the server', () => {
    let started = 0;
    const job = new Subject<number>();
    const { server, wire } = servePlain({
      work: () => {
        started += 1;
        return job;
      },
    });
    wire.receive(
      { id: 1, method: 'work', params: { n: 1, scope: 'a' } },
      { id: 2, method: 'work', params: { n: 2, scope: 'a' } },
      { method: 'cancel', params: { id: 2 } },
    );
    expect(wire.sent).toMatchObject([{ id: 2, error: { code: -32800 } }]);
    expect(server.stats().requests).toMatchObject({ running: 1, waiting: 0 });
    job.complete();
    expect(started).toBe(1);
    expectIdleServer(server);
  });

  it('keeps the scope of a promise handler until that really ends', async () => {
    let finish: (n: number) => void = () => undefined;
    const started: number[] = [];
    const { wire } = servePlain({
      work: ({ n }) => {
        started.push(n);
        return n === 1
          ? new Promise<number>((resolve) => {
              finish = resolve;
            })
          : n;
      },
    });
    wire.receive(
      { id: 1, method: 'work', params: { n: 1, scope: 'a' } },
      { id: 2, method: 'work', params: { n: 2, scope: 'a' } },
      { method: 'cancel', params: { id: 1 } },
    );
    expect(wire.sent).toMatchObject([{ id: 1, error: { code: -32800 } }]);
    expect(started).toEqual([1]);
    finish(1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(started).toEqual([1, 2]);
    expect(responsesTo(1, wire.sent)).toHaveLength(1);
    expect(responsesTo(2, wire.sent)).toEqual([{ id: 2, result: 2 }]);
  });

  it('ignores a cancel for a request that is unknown or answered', () => {
    const { wire } = servePlain();
    wire.receive({ id: 1, method: 'echo', params: 'x' });
    const after = since(wire);
    wire.receive({ method: 'cancel', params: { id: 1 } }, { method: 'cancel', params: { id: 'never' } });
    expect(after()).toEqual([]);
  });
});

describe('C7 what must get through', () => {
  it('is urgent requests at a full client', () => {
    const { client, wire } = connectPlain({ limits: { inFlight: 1, requests: 1 } });
    watch(client.request('echo', 'on the wire'));
    watch(client.request('echo', 'waiting'));
    watch(client.request('stop', { n: 0 }));
    expect(named('stop', wire.sent)).toHaveLength(1);
  });

  it('is urgent requests at a full server, past scope and concurrency', () => {
    const { wire } = servePlain({ work: () => NEVER }, { limits: { requests: 1, concurrency: 1 } });
    wire.receive(
      { id: 1, method: 'work', params: { n: 1, scope: 'a' } },
      { id: 2, method: 'work', params: { n: 2, scope: 'a' } },
      { id: 3, method: 'work', params: { n: 3, scope: 'a' } },
      { id: 4, method: 'stop', params: { n: 4, scope: 'a' } },
    );
    expect(wire.sent).toEqual([
      { id: 3, error: overloaded },
      { id: 4, result: 'stopped' },
    ]);
  });

  it('is answers and cancels at a full client', () => {
    const { client, wire } = connectPlain({ limits: { inFlight: 1, requests: 1 } });
    const onTheWire = watch(client.request('echo', 'on the wire'));
    watch(client.request('echo', 'waiting'));
    wire.receive({ id: 'q', method: 'ask', params: 'well?' });
    expect(client.respond('q', 'yes')).toBe('sent');
    onTheWire.unsubscribe();
    expect(wire.sent.slice(1)).toEqual([
      { id: 'q', result: 'yes' },
      { method: 'cancel', params: { id: 0 } },
    ]);
  });

  it('is answers and cancels at a full server', () => {
    const { server, wire, connection } = servePlain({ work: () => NEVER }, { limits: { requests: 1, concurrency: 1 } });
    const answer = watch(server.request(connection, 'ask', 'well?'));
    const [question] = idsOf('ask', wire.sent);
    wire.receive({ id: 1, method: 'work', params: { n: 1 } }, { id: 2, method: 'work', params: { n: 2 } });
    wire.receive({ id: question ?? 'none', result: 'yes' }, { method: 'cancel', params: { id: 2 } });
    expect(answer.values).toEqual(['yes']);
    expect(responsesTo(2, wire.sent)).toMatchObject([{ error: { code: -32800 } }]);
  });
});

describe('C9 timeout', () => {
  it('errors at its frame, cancels once, and keeps the id for the late answer', () => {
    run(({ flush }) => {
      const { client, wire } = connectPlain();
      const answer = watch(client.request('echo', 'x', { timeout: 50 }));
      at(49, () => {
        expect(answer.end).toBe('open');
      });
      at(51, () => {
        expect(answer.error).toMatchObject({ name: 'TransportError', reason: 'timeout', method: 'echo' });
        expect(named('cancel', wire.sent)).toEqual([{ method: 'cancel', params: { id: 0 } }]);
        expect(client.stats().requests.inFlight).toBe(1);
        wire.receive({ id: 0, result: 'late' });
        expectIdleClient(client);
      });
      flush();
      expect(answer.ends).toBe(1);
      expect(watch(client.diagnostics$).values).toEqual([]);
    });
  });

  it('counts the time in the queue', () => {
    run(({ flush }) => {
      const { client, wire } = connectPlain({ limits: { inFlight: 1 } });
      watch(client.request('echo', 'first'));
      const second = watch(client.request('echo', 'second', { timeout: 50 }));
      const third = watch(client.request('echo', 'third', { timeout: 50 }));
      at(30, () => {
        wire.receive({ id: 0, result: null });
      });
      at(51, () => {
        expect([second, third].map(({ error }) => error)).toMatchObject([{ reason: 'timeout' }, { reason: 'timeout' }]);
        expect(named('echo', wire.sent)).toHaveLength(2);
        expect(named('cancel', wire.sent)).toHaveLength(1);
        expect(client.stats().requests).toMatchObject({ inFlight: 1, waiting: 0 });
      });
      flush();
    });
  });

  it('has a default for all requests, and each may have its own', () => {
    run(({ flush }) => {
      const { client } = connectPlain({ timeout: 20 });
      const common = watch(client.request('echo', 'x'));
      const own = watch(client.request('echo', 'x', { timeout: 40 }));
      at(21, () => {
        expect([common.end, own.end]).toEqual(['error', 'open']);
      });
      at(41, () => {
        expect(own.error).toMatchObject({ reason: 'timeout' });
      });
      flush();
    });
  });

  it('is one scheduled action for all requests, and none when all are answered', () => {
    const clock = new VirtualTimeScheduler();
    const { client, wire } = connectPlain({ scheduler: clock, limits: { inFlight: 1_000 } });
    for (let n = 0; n < 1_000; n += 1) watch(client.request('work', { n }, { timeout: 1 + ((n * 7) % 1_000) }));
    expect(clock.actions.length).toBe(1);
    for (let id = 0; id < 1_000; id += 1) wire.receive({ id, result: id });
    expect(clock.actions.length).toBe(0);
    expectIdleClient(client);
  });

  it('fires in the order of the deadlines', () => {
    run(({ flush }) => {
      const { client } = connectPlain();
      const order: number[] = [];
      for (const timeout of [30, 10, 20]) {
        client.request('work', { n: timeout }, { timeout }).subscribe({ error: () => order.push(timeout) });
      }
      flush();
      expect(order).toEqual([10, 20, 30]);
    });
  });
});
