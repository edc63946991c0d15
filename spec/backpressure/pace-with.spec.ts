import { concat, config, EMPTY, from, NEVER, Observable, of, range, Subject, take, throwError } from 'rxjs';
import { isLagged, lagged, LagError, paceWith } from '../../src/backpressure/index.js';
import type { DropReason, Lagged, PaceWithOptions } from '../../src/backpressure/index.js';
import { marbles } from '../../src/testing/marbles.js';
import { run } from '../../src/testing/run.js';

const isCapital = (event: string): boolean => /[A-Z]/.test(event);
function refuse(): never {
  throw new Error('no');
}

describe('paceWith', () => {
  describe('credits (E8)', () => {
    it('let one event through each', () => {
      run(({ hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  abc---------|');
        const ready = hot('   ---x-x---x---');
        const expected = '    ---a-b---c--|';
        const lifetime = '    ^-----------!';
        expectObservable(source.pipe(paceWith(ready))).toBe(expected);
        expectSubscriptions(source.subscriptions).toBe(lifetime);
        expectSubscriptions(ready.subscriptions).toBe(lifetime);
      });
    });

    it('are kept when they come early', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  -----a-b-c---');
        const ready = hot('   x-x--------x-');
        const expected = '    -----a-b---c-';
        expectObservable(source.pipe(paceWith(ready))).toBe(expected);
      });
    });

    it('are one for each value, numbers too', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  abc--------');
        const ready = hot('   ---t---t---', { t: 3 });
        const expected = '    ---a---b---';
        expectObservable(source.pipe(paceWith(ready))).toBe(expected);
      });
    });

    it('are as many as demand says', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  abcd---------');
        const ready = hot('   -----t----u--', { t: 3, u: 1 });
        const expected = '    -----(abc)d--';
        expectObservable(source.pipe(paceWith(ready, { demand: (n) => n }))).toBe(expected);
      });
    });

    it('are none where demand makes no sense', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  abc----------');
        const ready = hot('   ---1-2-3-4---', { 1: NaN, 2: -4, 3: 0.9, 4: 1.9 });
        const expected = '    ---------a---';
        expectObservable(source.pipe(paceWith(ready, { demand: (n) => n }))).toBe(expected);
      });
    });

    it('are kept up to capacity, so that a long silence does not open the gates', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  ----abcd---');
        const ready = hot('   xxxx-----x-');
        const expected = '    ----ab---c-';
        expectObservable(source.pipe(paceWith(ready, { capacity: 2 }))).toBe(expected);
      });
    });

    it('are kept up to maxCredits if given', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  ----abcd---');
        const ready = hot('   xxxx-----x-');
        const expected = '    ----abc--d-';
        expectObservable(source.pipe(paceWith(ready, { capacity: 2, maxCredits: 3 }))).toBe(expected);
      });
    });

    it('that come at once deliver all they can before they are capped', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  ABCDE-------f-');
        const ready = hot('   -----t--------', { t: 9 });
        const expected = '    -----(ABCDE)f-';
        const options = { capacity: 1, lossless: isCapital, demand: (n: number) => n };
        expectObservable(source.pipe(paceWith(ready, options))).toBe(expected);
      });
    });

    it('come from an array or a promise as well', async () => {
      const seen: string[] = [];
      const see = (event: string | Lagged): void => void seen.push(String(event));
      from('abc')
        .pipe(paceWith(['x', 'y']))
        .subscribe(see);
      concat(of('d'), NEVER)
        .pipe(paceWith(Promise.resolve('x')))
        .subscribe(see);
      expect(seen).toEqual(['a', 'b']);
      await Promise.resolve();
      expect(seen).toEqual(['a', 'b', 'd']);
    });
  });

  describe('when the buffer is full (E2, E3)', () => {
    it('puts the gap before the oldest survivor', () => {
      run(({ hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  abcde---------|');
        const ready = hot('   ------x-----x--');
        const expected = '    ------(3d)--e-|';
        const lifetime = '    ^-------------!';
        expectObservable(source.pipe(paceWith(ready, { capacity: 2 }))).toBe(expected, marbles);
        expectSubscriptions(source.subscriptions).toBe(lifetime);
      });
    });

    it('puts the gap after the survivors with drop-newest', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  abcde-----f-------|');
        const ready = hot('   ------x-x---x---x--');
        const expected = '    ------a-b---(3f)--|';
        const options = { capacity: 2, overflow: 'drop-newest' } as const;
        expectObservable(source.pipe(paceWith(ready, options))).toBe(expected, marbles);
      });
    });

    it('tells the last loss when the stream goes quiet', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  abcde------------');
        const ready = hot('   ------x-x---x----');
        const expected = '    ------a-b---3----';
        const options = { capacity: 2, overflow: 'drop-newest' } as const;
        expectObservable(source.pipe(paceWith(ready, options))).toBe(expected, marbles);
      });
    });

    it('spends no credit on a gap', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  ab-------c-');
        const ready = hot('   ---x-x-----');
        const expected = '    ---a-1---c-';
        const options = { capacity: 1, overflow: 'drop-newest' } as const;
        expectObservable(source.pipe(paceWith(ready, options))).toBe(expected, marbles);
      });
    });

    it('gives up everything with drop-all', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  abcd---------');
        const ready = hot('   ------x---x--');
        const expected = '    ------(3d)---';
        const options = { capacity: 3, overflow: 'drop-all' } as const;
        expectObservable(source.pipe(paceWith(ready, options))).toBe(expected, marbles);
      });
    });

    it('errors with overflow "error", and tells onDrop of all that is lost', () => {
      const onDrop = jest.fn();
      run(({ hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  abc---');
        const lifetime = '    ^-!   ';
        const expected = '    --#   ';
        const options = { capacity: 2, overflow: 'error', onDrop } as const;
        expectObservable(source.pipe(paceWith(NEVER, options))).toBe(expected, undefined, new LagError(1, 2));
        expectSubscriptions(source.subscriptions).toBe(lifetime);
      });
      expect(onDrop.mock.calls).toEqual([
        ['c', 'overflow'],
        ['a', 'unsubscribed'],
        ['b', 'unsubscribed'],
      ]);
    });

    it('adds a count for each key when asked (E6)', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  aab-----');
        const ready = hot('   ----x---');
        const expected = '    ----(gb)';
        const gap = { type: 'lagged', skipped: 2, skippedBy: { a: 2 } };
        const options = { capacity: 1, skippedBy: (event: string) => event };
        expectObservable(source.pipe(paceWith(ready, options))).toBe(expected, { b: 'b', g: gap });
      });
    });
  });

  describe('lossless events', () => {
    it('stay where they stood between the gaps', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  abZcde--------');
        const ready = hot('   ------(xxxx)--');
        const expected = '    ------(2Z1de)-';
        expectObservable(source.pipe(paceWith(ready, { capacity: 2, lossless: isCapital, maxCredits: 4 }))).toBe(
          expected,
          marbles,
        );
      });
    });

    it('error that subscriber alone when their budget is used up (E8)', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  ABC-----|');
        const slow = '        --#      ';
        const fast = '        ABC-----|';
        const options = { capacity: 1, losslessCapacity: 2, lossless: isCapital };
        expectObservable(source.pipe(paceWith(NEVER, options))).toBe(slow, undefined, new LagError(1, 2, 'lossless'));
        expectObservable(source.pipe(paceWith(hot('(xxxx)', { x: 3 }), { ...options, maxCredits: 9 }))).toBe(fast);
      });
    });

    it('have 16 times the capacity by default', () => {
      let error: unknown;
      const source$ = new Subject<string>();
      source$.pipe(paceWith(NEVER, { capacity: 2, lossless: () => true })).subscribe({ error: (e) => (error = e) });
      for (let n = 0; n < 32; n += 1) source$.next('A');
      expect(error).toBeUndefined();
      source$.next('A');
      expect(error).toMatchObject({ name: 'LagError', skipped: 1, capacity: 32 });
    });
  });

  describe('conflation', () => {
    const values = {
      a: { key: 'A', value: 1 },
      b: { key: 'B', value: 1 },
      c: { key: 'A', value: 2 },
      d: { key: 'A', value: 3 },
      Z: { key: 'Z', value: 0 },
    };
    const conflate = { key: (event: { key: string }): string => event.key };

    it('keeps the turn of the first and the value of the last, without a marker', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  abcd----', values);
        const ready = hot('   ------x-x');
        const expected = '    ------d-b';
        expectObservable(source.pipe(paceWith(ready, { conflate }))).toBe(expected, values);
      });
    });

    it('stops at a lossless event', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  aZc--------', values);
        const ready = hot('   -----(xxx)-');
        const expected = '    -----(aZc)-';
        expectObservable(source.pipe(paceWith(ready, { conflate, lossless: ({ key }) => key === 'Z' }))).toBe(
          expected,
          values,
        );
      });
    });
  });

  describe('ends', () => {
    it('never, with a source that never does', () => {
      run(({ cold, hot, expectObservable, expectSubscriptions }) => {
        const source = cold(' -----');
        const ready = hot('   -x-x-');
        const expected = '    -----';
        expectObservable(source.pipe(paceWith(ready))).toBe(expected);
        expectSubscriptions(source.subscriptions).toBe('^----');
      });
    });

    it('at once with an empty source', () => {
      run(({ cold, hot, expectObservable, expectSubscriptions }) => {
        const source = cold(' |    ');
        const ready = hot('   -----');
        const expected = '    |    ';
        expectObservable(source.pipe(paceWith(ready))).toBe(expected);
        expectSubscriptions(source.subscriptions).toBe('(^!)');
        expectSubscriptions(ready.subscriptions).toBe('(^!)');
      });
    });

    it('after the one event', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  a|   ');
        const ready = hot('   ---x-');
        const expected = '    ---(a|)';
        expectObservable(source.pipe(paceWith(ready))).toBe(expected);
      });
    });

    it('after the last loss is told', () => {
      run(({ hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  abcde|-----------');
        const ready = hot('   ------x-x---x----');
        const expected = '    ------a-b---(3|)';
        const options = { capacity: 2, overflow: 'drop-newest' } as const;
        expectObservable(source.pipe(paceWith(ready, options))).toBe(expected, marbles);
        expectSubscriptions(source.subscriptions).toBe('^----!');
        expectSubscriptions(ready.subscriptions).toBe(' ^-----------!');
      });
    });

    it('with a source error, before anything waited', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  --#');
        const expected = '    --#';
        expectObservable(source.pipe(paceWith(NEVER))).toBe(expected);
      });
    });

    it('with a source error in its place behind what waits', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  ab#       ');
        const ready = hot('   ----x--x  ');
        const expected = '    ----a--(b#)';
        expectObservable(source.pipe(paceWith(ready))).toBe(expected);
      });
    });

    it('with a source error after the gap is told', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  ab#       ');
        const ready = hot('   ----x--x  ');
        const expected = '    ----a--(1#)';
        const options = { capacity: 1, overflow: 'drop-newest' } as const;
        expectObservable(source.pipe(paceWith(ready, options))).toBe(expected, marbles);
      });
    });

    it('with a source error at once if failFast, discarding what waits', () => {
      const onDrop = jest.fn();
      run(({ hot, expectObservable }) => {
        const source = hot('  ab#     ');
        const ready = hot('   ----x--x');
        const expected = '    --#     ';
        expectObservable(source.pipe(paceWith(ready, { failFast: true, onDrop }))).toBe(expected);
      });
      expect(onDrop.mock.calls).toEqual([
        ['a', 'unsubscribed'],
        ['b', 'unsubscribed'],
      ]);
    });

    it('with an error of ready at once', () => {
      run(({ hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  ab---|');
        const ready = hot('   ---#  ');
        const expected = '    ---#  ';
        expectObservable(source.pipe(paceWith(ready))).toBe(expected);
        expectSubscriptions(source.subscriptions).toBe('^--!');
      });
    });
  });

  describe('when ready completes', () => {
    it('uses up the credits that are left', () => {
      run(({ hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  abcd---');
        const expected = '    a(b|)  ';
        expectObservable(source.pipe(paceWith(of(2), { demand: (n) => n }))).toBe(expected);
        expectSubscriptions(source.subscriptions).toBe('^!');
      });
    });

    it('delivers the lossless events, tells the others as gaps, and completes', () => {
      const onDrop = jest.fn();
      run(({ hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  abZcd--------');
        const ready = hot('   ------|      ');
        const expected = '    ------(2Z2|) ';
        const options = { lossless: isCapital, onDrop };
        expectObservable(source.pipe(paceWith(ready, options))).toBe(expected, marbles);
        expectSubscriptions(source.subscriptions).toBe('^-----!');
      });
      expect(onDrop.mock.calls).toEqual([...'abcd'].map((event) => [event, 'overflow']));
    });

    it('does not subscribe to the source if there was never a credit', () => {
      run(({ hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  abc');
        const expected = '    |  ';
        expectObservable(source.pipe(paceWith(EMPTY))).toBe(expected);
        expectSubscriptions(source.subscriptions).toBe([]);
      });
    });

    it('still ends with the error that the source left behind', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  ab#    ');
        const ready = hot('   -----| ');
        const expected = '    -----(2#)';
        expectObservable(source.pipe(paceWith(ready))).toBe(expected, marbles);
      });
    });

    it('takes nothing more from a consumer that emits in this last round', () => {
      const source$ = new Subject<string>();
      const ready$ = new Subject<void>();
      const seen: unknown[] = [];
      source$.pipe(paceWith(ready$, { lossless: isCapital })).subscribe({
        next: (event) => {
          seen.push(event);
          source$.next('Z');
        },
        complete: () => seen.push('|'),
      });
      source$.next('A');
      source$.next('b');
      ready$.complete();
      expect(seen).toEqual(['A', lagged(1), '|']);
    });

    it('errors if onDrop throws in this last round', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  ab-------');
        const ready = hot('   -----|   ');
        const expected = '    -----#   ';
        const onDrop = (event: string, reason: string): void => {
          if (reason === 'overflow') throw new Error(event);
        };
        expectObservable(source.pipe(paceWith(ready, { onDrop }))).toBe(expected, undefined, new Error('a'));
      });
    });
  });

  describe('unsubscribing', () => {
    it('ends both subscriptions and tells onDrop of what waits', () => {
      const onDrop = jest.fn();
      run(({ hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  abcdefgh------|');
        const ready = hot('   x-------------|');
        const expected = '    a---           ';
        const unsub = '       ---!           ';
        expectObservable(source.pipe(paceWith(ready, { onDrop })), unsub).toBe(expected);
        expectSubscriptions(source.subscriptions).toBe('^--!');
        expectSubscriptions(ready.subscriptions).toBe(' ^--!');
      });
      expect(onDrop.mock.calls).toEqual([...'bc'].map((event) => [event, 'unsubscribed']));
    });

    it('is complete even if onDrop throws: the others are told, the error is reported as unhandled', async () => {
      const reported: unknown[] = [];
      config.onUnhandledError = (error) => reported.push(error);
      const told: string[] = [];
      const source$ = new Subject<string>();
      const onDrop = (event: string): void => {
        told.push(event);
        throw new Error(event);
      };
      const subscription = source$.pipe(paceWith(NEVER, { onDrop })).subscribe();
      source$.next('a');
      source$.next('b');
      expect(() => subscription.unsubscribe()).not.toThrow();
      expect(source$.observed).toBe(false);
      expect(told).toEqual(['a', 'b']);
      await new Promise((resolve) => setTimeout(resolve));
      config.onUnhandledError = null;
      expect(reported).toEqual([new Error('a'), new Error('b')]);
    });

    it('takes in nothing that a teardown still emits', () => {
      const source$ = new Subject<string>();
      const seen: unknown[] = [];
      const ready$ = concat(of(1), NEVER);
      const subscription = source$.pipe(paceWith(ready$)).subscribe((event) => seen.push(event));
      subscription.add(() => source$.next('late'));
      subscription.unsubscribe();
      expect(seen).toEqual([]);
    });
  });

  describe('a callback that throws errors the output', () => {
    const onDrop = (...[, reason]: [string, DropReason]): void => {
      if (reason === 'overflow') refuse();
    };

    it.each<[string, PaceWithOptions<string, string>, string]>([
      ['lossless', { lossless: refuse }, '-#'],
      ['key', { conflate: { key: refuse } }, '-#'],
      ['merge', { conflate: { key: () => 1, merge: refuse } }, '--#'],
      ['bytesOf', { conflate: { key: () => 1, merge: (a) => a, maxBytes: 1, bytesOf: refuse } }, '--#'],
      ['skippedBy', { capacity: 1, skippedBy: refuse }, '--#'],
      ['onDrop', { capacity: 1, onDrop }, '--#'],
      ['demand', { demand: refuse }, '---#'],
    ])('%s', (_, options, expected) => {
      run(({ hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  -ab-');
        const ready = hot('   ---x');
        expectObservable(source.pipe(paceWith(ready, options))).toBe(expected, undefined, new Error('no'));
        expectSubscriptions(source.subscriptions).toBe(expected.replace('-', '^').replace('#', '!'));
      });
    });
  });

  describe('a source that emits while it is subscribed to', () => {
    it('passes as far as there is credit, and then waits', () => {
      run(({ hot, expectObservable }) => {
        const ready = hot('   --x---x----');
        const expected = '    --(3d)(e|)';
        expectObservable(from('abcde').pipe(paceWith(ready, { capacity: 2 }))).toBe(expected, marbles);
      });
    });

    it('tells onDrop of what waits if the consumer has had enough meanwhile', () => {
      const onDrop = jest.fn();
      const credits$ = new Subject<void>();
      const source$ = new Observable<string>((subscriber) => {
        for (const event of 'abc') subscriber.next(event);
        credits$.next();
      });
      source$.pipe(paceWith(credits$, { onDrop, demand: () => 3 }), take(1)).subscribe();
      expect(onDrop.mock.calls).toEqual([...'bc'].map((event) => [event, 'unsubscribed']));
    });

    it('without end stops when the consumer has had enough', () => {
      const seen: unknown[] = [];
      range(0, Infinity)
        .pipe(paceWith(of(3), { demand: (n) => n }))
        .subscribe((event) => seen.push(event));
      range(0, Infinity)
        .pipe(paceWith(of(9), { demand: (n) => n }), take(2))
        .subscribe((event) => seen.push(event));
      expect(seen).toEqual([0, 1, 2, 0, 1]);
    });
  });

  describe('re-entrancy', () => {
    it('an event emitted during delivery waits its turn, without nesting', () => {
      const source$ = new Subject<number>();
      const log: string[] = [];
      source$.pipe(paceWith(of(4), { demand: (n) => n })).subscribe((n) => {
        log.push(`in${String(n)}`);
        if (!isLagged(n) && n < 3) source$.next(n + 1);
        log.push(`out${String(n)}`);
      });
      source$.next(0);
      expect(log).toEqual(['in0', 'out0', 'in1', 'out1', 'in2', 'out2', 'in3', 'out3']);
    });

    it('a credit given during delivery counts at once, and the stack stays flat', () => {
      const source$ = new Subject<number>();
      const credits$ = new Subject<void>();
      let count = 0;
      source$.pipe(paceWith(credits$, { capacity: Infinity })).subscribe(() => {
        count += 1;
        credits$.next();
      });
      for (let n = 0; n < 100_000; n += 1) source$.next(n);
      credits$.next();
      expect(count).toBe(100_000);
    });

    it('take ends a drain in its middle', () => {
      const onDrop = jest.fn();
      run(({ hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  abcd------');
        const ready = hot('   -----t----', { t: 4 });
        const expected = '    -----(ab|)';
        const out$ = source.pipe(paceWith(ready, { demand: (n) => n, onDrop }), take(2));
        expectObservable(out$).toBe(expected);
        expectSubscriptions(source.subscriptions).toBe('^----!');
      });
      expect(onDrop.mock.calls.map(([event]) => event as string)).toEqual(['c', 'd']);
    });
  });

  describe('markers that come in', () => {
    it('are gaps like its own: they take no room, spend no credit, and merge', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  a12b-c--------|', marbles);
        const ready = hot('   ------x---(xx)');
        const expected = '    ------(4b)c---|';
        expectObservable(source.pipe(paceWith(ready, { capacity: 2 }))).toBe(expected, marbles);
      });
    });

    it('add up over two stages', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  abcdef-----------');
        const ready1 = hot('  ------(xx)-------');
        const ready2 = hot('  ----------x----x-');
        const expected = '    ----------(5f)---';
        const out$ = source.pipe(paceWith(ready1, { capacity: 2 }), paceWith(ready2, { capacity: 1 }));
        expectObservable(out$).toBe(expected, marbles);
      });
    });

    it('pass at once when ready', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  -3-0-a-|', marbles);
        const expected = '    -3---a-|';
        expectObservable(source.pipe(paceWith(concat(of(1), NEVER)))).toBe(expected, marbles);
      });
    });
  });

  it('gives each subscriber its own buffer, credits and count', () => {
    run(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source = hot('  abcdef---------');
      const ready = cold('  ----x-----x----');
      const first = '       ----(4e)--f----';
      const second = '      ------(3f)-----';
      const out$ = source.pipe(paceWith(ready, { capacity: 1 }));
      expectObservable(out$).toBe(first, marbles);
      expectObservable(out$, '--^').toBe(second, marbles);
      expectSubscriptions(source.subscriptions).toBe(['^', '--^']);
    });
  });

  it('passes an error of the source through when nothing waits', () => {
    const errors: unknown[] = [];
    throwError(() => 'gone')
      .pipe(paceWith(NEVER))
      .subscribe({ error: (error) => errors.push(error) });
    expect(errors).toEqual(['gone']);
  });

  it('counts what it was not given time for: delivered + skipped = emitted (E2)', () => {
    const source$ = new Subject<number>();
    const ready$ = new Subject<void>();
    const seen: (number | Lagged)[] = [];
    source$.pipe(paceWith(ready$, { capacity: 10 })).subscribe((value) => seen.push(value));
    for (let n = 0; n < 1_000; n += 1) source$.next(n);
    for (let n = 0; n < 10; n += 1) ready$.next();
    expect(seen).toEqual([lagged(990), 990, 991, 992, 993, 994, 995, 996, 997, 998, 999]);
  });
});
