import {
  animationFrameScheduler,
  asapScheduler,
  asyncScheduler,
  from,
  NEVER,
  queueScheduler,
  range,
  Subject,
  take,
  VirtualTimeScheduler,
} from 'rxjs';
import { isLagged, lagged, LagError, paceOn } from '../../src/backpressure/index.js';
import type { DropReason, PaceOnOptions } from '../../src/backpressure/index.js';
import { marbles } from '../../src/testing/marbles.js';
import { run } from '../../src/testing/run.js';

const isCapital = (event: string): boolean => /[A-Z]/.test(event);
function refuse(): never {
  throw new Error('no');
}

describe('paceOn', () => {
  describe('turns', () => {
    it('come one delay after the first event that waits', () => {
      run(({ hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  abcdefgh--------|');
        const expected = '    -----(4ef)-(gh)-|';
        const lifetime = '    ^---------------!';
        const options = { delay: 5, capacity: 2 };
        expectObservable(source.pipe(paceOn(asyncScheduler, options))).toBe(expected, marbles);
        expectSubscriptions(source.subscriptions).toBe(lifetime);
      });
    });

    it('come with the animation frames', () => {
      run(({ animate, hot, expectObservable }) => {
        animate('             ----x--------x-------');
        const source = hot('  abcdef------g--------|');
        const expected = '    ----(2cd)----(1fg)---|';
        expectObservable(source.pipe(paceOn(animationFrameScheduler, { capacity: 2 }))).toBe(expected, marbles);
      });
    });

    it('deliver in the frame of the event with a scheduler of no delay', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  a-(bc)-d|');
        const expected = '    a-(bc)-d|';
        expectObservable(source.pipe(paceOn(asapScheduler))).toBe(expected);
      });
    });

    it('deliver at most a burst, and go on for as long as events wait', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  (abcde)----------|');
        const expected = '    ----(ab)(cd)e----|';
        expectObservable(source.pipe(paceOn(asyncScheduler, { delay: 4, burst: 2 }))).toBe(expected);
      });
    });

    it('take burst 0 for 1', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  (ab)---|');
        const expected = '    --a-b--|';
        expectObservable(source.pipe(paceOn(asyncScheduler, { delay: 2, burst: 0 }))).toBe(expected);
      });
    });

    it('are not asked for while nothing waits', () => {
      const scheduler = new VirtualTimeScheduler();
      const source$ = new Subject<string>();
      const seen: unknown[] = [];
      const subscription = source$.pipe(paceOn(scheduler, { delay: 5 })).subscribe((event) => seen.push(event));
      expect(scheduler.actions).toHaveLength(0);
      source$.next('a');
      source$.next('b');
      expect(scheduler.actions).toHaveLength(1);
      scheduler.flush();
      expect(seen).toEqual(['a', 'b']);
      expect(scheduler.actions).toHaveLength(0);
      subscription.unsubscribe();
    });

    it('reuse one scheduled action', () => {
      const scheduler = new VirtualTimeScheduler();
      const schedule = jest.spyOn(scheduler, 'schedule');
      const source$ = new Subject<string>();
      const seen: unknown[] = [];
      source$.pipe(paceOn(scheduler, { delay: 5 })).subscribe((event) => seen.push(event));
      for (const event of ['a', 'b', 'c']) {
        source$.next(event);
        scheduler.flush();
      }
      expect(seen).toEqual(['a', 'b', 'c']);
      expect(schedule).toHaveBeenCalledTimes(1);
    });

    it('may come from a scheduler that works at once', () => {
      const source$ = new Subject<string>();
      const seen: unknown[] = [];
      source$.pipe(paceOn(queueScheduler, { burst: 1 })).subscribe((event) => seen.push(event));
      source$.next('a');
      source$.next('b');
      expect(seen).toEqual(['a', 'b']);
    });
  });

  describe('when the buffer is full (E2, E3)', () => {
    it('puts the gap after the survivors with drop-newest, in the same turn', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  abcde------------');
        const expected = '    ------(ab3)------';
        const options = { delay: 6, capacity: 2, overflow: 'drop-newest' } as const;
        expectObservable(source.pipe(paceOn(asyncScheduler, options))).toBe(expected, marbles);
      });
    });

    it('leaves the gap to the next turn if a burst ends before it', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  abcd-------------');
        const expected = '    -----a----(b2)---';
        const options = { delay: 5, burst: 1, capacity: 2, overflow: 'drop-newest' } as const;
        expectObservable(source.pipe(paceOn(asyncScheduler, options))).toBe(expected, marbles);
      });
    });

    it('gives up everything with drop-all', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  abcd---------');
        const expected = '    -----(3d)----';
        const options = { delay: 5, capacity: 3, overflow: 'drop-all' } as const;
        expectObservable(source.pipe(paceOn(asyncScheduler, options))).toBe(expected, marbles);
      });
    });

    it('errors with overflow "error"', () => {
      run(({ hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  abc---');
        const expected = '    --#   ';
        const options = { delay: 5, capacity: 2, overflow: 'error' } as const;
        expectObservable(source.pipe(paceOn(asyncScheduler, options))).toBe(expected, undefined, new LagError(1, 2));
        expectSubscriptions(source.subscriptions).toBe('^-!');
      });
    });

    it('keeps lossless events where they stood', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  abZcde--------');
        const expected = '    ------(2Z1de)-';
        const options = { delay: 6, capacity: 2, lossless: isCapital };
        expectObservable(source.pipe(paceOn(asyncScheduler, options))).toBe(expected, marbles);
      });
    });

    it('folds when told how', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  aaab---------');
        const expected = '    -----(ab)----';
        const options = { delay: 5, capacity: 2, conflate: { key: (event: string) => event } };
        expectObservable(source.pipe(paceOn(asyncScheduler, options))).toBe(expected);
      });
    });
  });

  describe('ends', () => {
    it('never, with a source that never does', () => {
      run(({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold(' -----');
        const expected = '    -----';
        expectObservable(source.pipe(paceOn(asyncScheduler))).toBe(expected);
        expectSubscriptions(source.subscriptions).toBe('^----');
      });
    });

    it('at once with an empty source', () => {
      run(({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold(' |');
        const expected = '    |';
        expectObservable(source.pipe(paceOn(asyncScheduler, { delay: 5 }))).toBe(expected);
        expectSubscriptions(source.subscriptions).toBe('(^!)');
      });
    });

    it('in the turn of the one event', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  -a|      ');
        const expected = '    ------(a|)';
        expectObservable(source.pipe(paceOn(asyncScheduler, { delay: 5 }))).toBe(expected);
      });
    });

    it('in the turn of the last event', () => {
      run(({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold(' (abc|)');
        const expected = '    ---a--b--(c|)';
        expectObservable(source.pipe(paceOn(asyncScheduler, { delay: 3, burst: 1 }))).toBe(expected);
        expectSubscriptions(source.subscriptions).toBe('(^!)');
      });
    });

    it('after the last loss is told', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  abc|--     ');
        const expected = '    -----(a2|)';
        const options = { delay: 5, capacity: 1, overflow: 'drop-newest' } as const;
        expectObservable(source.pipe(paceOn(asyncScheduler, options))).toBe(expected, marbles);
      });
    });

    it('with an error at once when nothing waits', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  --#');
        const expected = '    --#';
        expectObservable(source.pipe(paceOn(asyncScheduler, { delay: 5 }))).toBe(expected);
      });
    });

    it('with an error behind what waits', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  ab#       ');
        const expected = '    -----(ab#)';
        expectObservable(source.pipe(paceOn(asyncScheduler, { delay: 5 }))).toBe(expected);
      });
    });

    it('with an error at once if failFast, and no turn is left behind', () => {
      const scheduler = new VirtualTimeScheduler();
      const source$ = new Subject<string>();
      const errors: unknown[] = [];
      source$.pipe(paceOn(scheduler, { failFast: true })).subscribe({ error: (error) => errors.push(error) });
      source$.next('a');
      source$.error('gone');
      expect(errors).toEqual(['gone']);
      expect(scheduler.actions.filter((action) => !action.closed)).toHaveLength(0);
    });
  });

  describe('unsubscribing', () => {
    it('ends the source, cancels the turn and tells onDrop of what waits', () => {
      const onDrop = jest.fn();
      run(({ hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  abcdefgh------|');
        const unsub = '       ---!           ';
        const expected = '    ----           ';
        expectObservable(source.pipe(paceOn(asyncScheduler, { delay: 5, onDrop })), unsub).toBe(expected);
        expectSubscriptions(source.subscriptions).toBe('^--!');
      });
      expect(onDrop.mock.calls).toEqual([...'abc'].map((event) => [event, 'unsubscribed']));
    });

    it('leaves no scheduled action behind', () => {
      const scheduler = new VirtualTimeScheduler();
      const source$ = new Subject<string>();
      const subscription = source$.pipe(paceOn(scheduler)).subscribe();
      source$.next('a');
      subscription.unsubscribe();
      expect(scheduler.actions.filter((action) => !action.closed)).toHaveLength(0);
    });
  });

  describe('a callback that throws errors the output', () => {
    const onDrop = (...[, reason]: [string, DropReason]): void => {
      if (reason === 'overflow') refuse();
    };

    it.each<[string, PaceOnOptions<string>, string]>([
      ['lossless', { lossless: refuse }, '-#'],
      ['key', { conflate: { key: refuse } }, '-#'],
      ['merge', { conflate: { key: () => 1, merge: refuse } }, '--#'],
      ['skippedBy', { capacity: 1, skippedBy: refuse }, '--#'],
      ['onDrop', { capacity: 1, onDrop }, '--#'],
    ])('%s', (_, options, expected) => {
      run(({ hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  -ab-');
        const out$ = source.pipe(paceOn(asyncScheduler, { ...options, delay: 9 }));
        expectObservable(out$).toBe(expected, undefined, new Error('no'));
        expectSubscriptions(source.subscriptions).toBe(expected.replace('-', '^').replace('#', '!'));
      });
    });
  });

  describe('a source that emits while it is subscribed to', () => {
    it('is over before the first turn: lossy operators are for hot sources', () => {
      run(({ expectObservable }) => {
        const expected = '(3de|)';
        expectObservable(from('abcde').pipe(paceOn(asapScheduler, { capacity: 2 }))).toBe(expected, marbles);
      });
    });

    it('without end errors, if that is its overflow', () => {
      const errors: unknown[] = [];
      range(0, Infinity)
        .pipe(paceOn(asapScheduler, { overflow: 'error' }))
        .subscribe({ error: (error) => errors.push(error) });
      expect(errors).toEqual([new LagError(1, 128)]);
    });
  });

  describe('re-entrancy', () => {
    it('a consumer that feeds itself gets its event in the next turn', () => {
      const scheduler = new VirtualTimeScheduler();
      const source$ = new Subject<number>();
      const log: string[] = [];
      source$.pipe(paceOn(scheduler, { delay: 5 })).subscribe((n) => {
        log.push(`${scheduler.now()}: in ${String(n)}`);
        if (!isLagged(n) && n < 2) source$.next(n + 1);
        log.push(`${scheduler.now()}: out ${String(n)}`);
      });
      source$.next(0);
      scheduler.flush();
      expect(log).toEqual(['5: in 0', '5: out 0', '10: in 1', '10: out 1', '15: in 2', '15: out 2']);
    });

    it('the gap behind the last event stays with an event emitted during the turn', () => {
      const scheduler = new VirtualTimeScheduler();
      const source$ = new Subject<string>();
      const seen: unknown[] = [];
      source$.pipe(paceOn(scheduler, { delay: 5, capacity: 1, overflow: 'drop-newest' })).subscribe((event) => {
        seen.push(scheduler.now(), event);
        if (event === 'a') source$.next('c');
      });
      source$.next('a');
      source$.next('b');
      scheduler.flush();
      expect(seen).toEqual([5, 'a', 10, lagged(1), 10, 'c']);
    });

    it('a turn that a consumer cut short by overflowing leaves no readiness behind', () => {
      const scheduler = new VirtualTimeScheduler();
      const source$ = new Subject<string>();
      const seen: unknown[] = [];
      source$.pipe(paceOn(scheduler, { capacity: 3, overflow: 'drop-all' })).subscribe((event) => {
        seen.push(event);
        if (event === 'a') [...'de'].forEach((next) => source$.next(next));
      });
      for (const event of 'abc') source$.next(event);
      scheduler.flush();
      expect(seen).toEqual(['a', lagged(3), 'e']);
      source$.next('f');
      expect(seen).toHaveLength(3);
      scheduler.flush();
      expect(seen).toEqual(['a', lagged(3), 'e', 'f']);
    });

    it('take ends a turn in its middle', () => {
      const onDrop = jest.fn();
      run(({ hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  abcd------');
        const expected = '    -----(ab|)';
        expectObservable(source.pipe(paceOn(asyncScheduler, { delay: 5, onDrop }), take(2))).toBe(expected);
        expectSubscriptions(source.subscriptions).toBe('^----!');
      });
      expect(onDrop.mock.calls.map(([event]) => event as string)).toEqual(['c', 'd']);
    });
  });

  it('takes markers that come in as gaps, and gives a turn to one that comes alone', () => {
    run(({ hot, expectObservable }) => {
      const source = hot('  a12b-------3---0-|', marbles);
      const expected = '    ----(a3b)------3-|';
      expectObservable(source.pipe(paceOn(asyncScheduler, { delay: 4 }))).toBe(expected, marbles);
    });
  });

  it('gives each subscriber its own buffer, turns and count', () => {
    run(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  abcd---------');
      const first = '       -----(3d)----';
      const second = '      -------(1d)--';
      const out$ = source.pipe(paceOn(asyncScheduler, { delay: 5, capacity: 1 }));
      expectObservable(out$).toBe(first, marbles);
      expectObservable(out$, '--^').toBe(second, marbles);
      expectSubscriptions(source.subscriptions).toBe(['^', '--^']);
    });
  });

  it('holds nothing and asks for nothing without a source that emits', () => {
    const scheduler = new VirtualTimeScheduler();
    NEVER.pipe(paceOn(scheduler)).subscribe().unsubscribe();
    expect(scheduler.actions).toHaveLength(0);
  });
});
