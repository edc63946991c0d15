import { defer, type Observable, throwError, VirtualTimeScheduler } from 'rxjs';

import { retryOverloaded } from '../../src/client/index.js';
import { RpcError, TransportError } from '../../src/protocol/index.js';
import { run } from '../../src/testing/index.js';
import { watch } from '../rules/support.js';

const overloaded = new RpcError(-32001, 'Overloaded');
const full = new TransportError('full', '128 requests wait already');
const closed = new TransportError('closed', 'gone');

/** Each subscription gets the next of these; the last one over and over. */
const inTurn = <T>(attempts: readonly Observable<T>[]): Observable<T> => {
  let n = -1;
  return defer(() => attempts[(n = Math.min(n + 1, attempts.length - 1))]!);
};

describe('retryOverloaded', () => {
  describe('C4 what was refused', () => {
    it('is sent again after a delay that doubles, be the full queue theirs or ours', () => {
      run(({ cold, expectObservable, expectSubscriptions }) => {
        const first = cold('   #', {}, overloaded);
        const second = cold('  --#', {}, full);
        const third = cold('   -a|');
        const subs1 = '        (^!)';
        const subs2 = '        10ms ^-!';
        const subs3 = '        32ms ^-!';
        const expected = '     33ms a|';
        const out$ = inTurn([first, second, third]).pipe(retryOverloaded({ delay: 10, jitter: 0 }));
        expectObservable(out$).toBe(expected);
        expectSubscriptions(first.subscriptions).toBe(subs1);
        expectSubscriptions(second.subscriptions).toBe(subs2);
        expectSubscriptions(third.subscriptions).toBe(subs3);
      });
    });

    it('errors as it is when count is used up', () => {
      run(({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold('  #', {}, overloaded);
        const subs = ['        (^!)', '5ms (^!)', '15ms (^!)'];
        const expected = '     15ms #';
        const out$ = source.pipe(retryOverloaded({ count: 2, delay: 5, jitter: 0 }));
        expectObservable(out$).toBe(expected, {}, overloaded);
        expectSubscriptions(source.subscriptions).toBe(subs);
      });
    });

    it('is tried 5 times more by default, from 100 ms on', () => {
      run(({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold('  #', {}, full);
        const subs = [0, 100, 300, 700, 1_500, 3_100].map((ms) => `${ms}ms (^!)`);
        const expected = '     3100ms #';
        expectObservable(source.pipe(retryOverloaded({ random: () => 0 }))).toBe(expected, {}, full);
        expectSubscriptions(source.subscriptions).toBe(subs);
      });
    });

    it('is not tried again with a count of 0', () => {
      run(({ cold, expectObservable }) => {
        const out$ = cold('#', {}, overloaded).pipe(retryOverloaded({ count: 0 }));
        expectObservable(out$).toBe('#', {}, overloaded);
      });
    });
  });

  describe('jitter', () => {
    it.each([
      [0.5, 0, 100],
      [0.5, 1, 50],
      [0.5, 0.5, 75],
      [1, 1, 0],
      [0, 1, 100],
    ])('of %d with the random number %d makes 100 ms to %d', (jitter, number, wait) => {
      run(({ cold, expectObservable }) => {
        const source = inTurn([cold('#', {}, overloaded), cold('(a|)')]);
        const out$ = source.pipe(retryOverloaded({ jitter, random: () => number }));
        expectObservable(out$).toBe(`${wait}ms (a|)`);
      });
    });

    it('is drawn anew for each attempt, and only shortens', () => {
      run(({ cold, expectObservable }) => {
        const numbers = [1, 0];
        const source = inTurn([cold('#', {}, overloaded), cold('#', {}, overloaded), cold('(a|)')]);
        const out$ = source.pipe(retryOverloaded({ delay: 10, random: () => numbers.shift()! }));
        expectObservable(out$).toBe('25ms (a|)');
      });
    });
  });

  describe('everything else', () => {
    it.each([
      ['another error of the pipe', closed],
      ['an answer of the server', new RpcError(-32603, 'no')],
      ['a bug', 1],
    ])('passes at once: %s', (_what, error) => {
      run(({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold('  -a-#', {}, error);
        const subs = '         ^--!';
        const expected = '     -a-#';
        expectObservable(source.pipe(retryOverloaded())).toBe(expected, {}, error);
        expectSubscriptions(source.subscriptions).toBe(subs);
      });
    });

    it('passes as well after an attempt that was refused', () => {
      run(({ cold, expectObservable }) => {
        const source = inTurn([cold('#', {}, overloaded), cold('-#', {}, closed)]);
        expectObservable(source.pipe(retryOverloaded({ delay: 2, jitter: 0 }))).toBe('---#', {}, closed);
      });
    });

    it('is judged by the caller s word where that is given', () => {
      run(({ cold, expectObservable }) => {
        const isOverloaded = (error: unknown): boolean => error === 'busy';
        const options = { delay: 2, jitter: 0, isOverloaded };
        const out$ = inTurn([cold('#', {}, 'busy'), cold('#', {}, overloaded)]).pipe(retryOverloaded(options));
        expectObservable(out$).toBe('--#', {}, overloaded);
      });
    });
  });

  it('drops the attempt that waits when it is unsubscribed', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('  #', {}, overloaded);
      const subs = ['        (^!)'];
      const left = '         ^--!';
      const expected = '     ----';
      expectObservable(source.pipe(retryOverloaded({ delay: 5, jitter: 0 })), left).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(subs);
    });
  });

  it('unsubscribes the attempt that is under way', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('  -----a|');
      const subs = '         ^--!';
      expectObservable(source.pipe(retryOverloaded()), subs).toBe('---');
      expectSubscriptions(source.subscriptions).toBe(subs);
    });
  });

  it('counts for each subscription apart', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('  #', {}, overloaded);
      const out$ = source.pipe(retryOverloaded({ count: 1, delay: 2, jitter: 0 }));
      expectObservable(out$).toBe('       --#', {}, overloaded);
      expectObservable(out$, '-^').toBe(' ---#', {}, overloaded);
      expectSubscriptions(source.subscriptions).toBe(['(^!)', '-(^!)', '--(^!)', '---(^!)']);
    });
  });

  it('waits on the scheduler it is given', () => {
    const scheduler = new VirtualTimeScheduler();
    const seen = watch(throwError(() => overloaded).pipe(retryOverloaded({ delay: 7, jitter: 0, scheduler })));
    expect(scheduler.actions.map(({ delay }) => delay)).toEqual([7]);
    seen.unsubscribe();
    scheduler.flush();
    expect([seen.end, scheduler.now()]).toEqual(['open', 0]);
  });
});
