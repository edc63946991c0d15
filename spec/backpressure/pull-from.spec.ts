import { from, Observable, Subject, throwError } from 'rxjs';
import { isLagged, lagged, LagError, pullFrom } from '../../src/backpressure/index.js';
import type { LagOptions } from '../../src/backpressure/index.js';

const isCapital = (event: unknown): boolean => /[A-Z]/.test(String(event));
const done = { done: true, value: undefined };
const yielded = (value: unknown): unknown => ({ done: false, value });

function refuse(): never {
  throw new Error('no');
}

async function all<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of iterable) values.push(value);
  return values;
}

describe('pullFrom', () => {
  describe('asking', () => {
    it('gets what waits, then what comes', async () => {
      const source$ = new Subject<string>();
      const iterator = pullFrom(source$);
      source$.next('a');
      const first = await iterator.next();
      const second = iterator.next();
      source$.next('b');
      expect([first, await second]).toEqual([yielded('a'), yielded('b')]);
    });

    it('several times at once is answered in the order of the calls', async () => {
      const source$ = new Subject<string>();
      const iterator = pullFrom(source$);
      const answers = [iterator.next(), iterator.next(), iterator.next(), iterator.next()];
      for (const event of 'abc') source$.next(event);
      source$.complete();
      expect(await Promise.all(answers)).toEqual([yielded('a'), yielded('b'), yielded('c'), done]);
    });

    it('gets the gap in its place, and the account is exact (E2)', async () => {
      const source$ = new Subject<number>();
      const iterator = pullFrom(source$, { capacity: 2 });
      const first = iterator.next();
      for (let n = 0; n < 6; n += 1) source$.next(n);
      source$.complete();
      expect(await first).toEqual(yielded(0));
      expect(await all(iterator)).toEqual([lagged(3), 4, 5]);
    });

    it('gets a gap that comes alone', async () => {
      const source$ = new Subject<string>();
      const iterator = pullFrom(source$, { capacity: 1, overflow: 'drop-newest' });
      const asked = iterator.next();
      for (const event of 'abc') source$.next(event);
      expect(await asked).toEqual(yielded('a'));
      expect(await iterator.next()).toEqual(yielded('b'));
      expect(await iterator.next()).toEqual(yielded(lagged(1)));
    });

    it('gets markers that come in, merged with its own', async () => {
      const source$ = new Subject<unknown>();
      const iterator = pullFrom(source$, { capacity: 1 });
      [lagged(1), 'a', lagged(2), 'b'].forEach((value) => source$.next(value));
      source$.complete();
      expect(await all(iterator)).toEqual([lagged(4), 'b']);
    });

    it('gets lossless events whatever was dropped around them', async () => {
      const source$ = new Subject<string>();
      const iterator = pullFrom(source$, { capacity: 1, lossless: isCapital });
      for (const event of 'abZcd') source$.next(event);
      source$.complete();
      expect(await all(iterator)).toEqual([lagged(2), 'Z', lagged(1), 'd']);
    });

    it('from inside the answer of an earlier call is answered in turn', async () => {
      const source$ = new Subject<number>();
      const iterator = pullFrom(source$);
      const seen: unknown[] = [];
      const loop = (async () => {
        for await (const n of iterator) {
          seen.push(n);
          if (isLagged(n) || n === 3) break;
          source$.next(n + 1);
        }
      })();
      source$.next(0);
      await loop;
      expect(seen).toEqual([0, 1, 2, 3]);
    });
  });

  describe('subscribes', () => {
    it('when called, so that nothing is missed before the first next()', () => {
      const source$ = new Subject<string>();
      pullFrom(source$);
      expect(source$.observed).toBe(true);
    });

    it('once for each call, with a buffer of its own', async () => {
      const source$ = new Subject<string>();
      const slow = pullFrom(source$, { capacity: 1 });
      const fast = pullFrom(source$, { capacity: 9 });
      for (const event of 'abc') source$.next(event);
      source$.complete();
      expect(await all(slow)).toEqual([lagged(2), 'c']);
      expect(await all(fast)).toEqual(['a', 'b', 'c']);
    });

    it('also to a source that is over at once', async () => {
      expect(await all(pullFrom(from('abcde'), { capacity: 2 }))).toEqual([lagged(3), 'd', 'e']);
      expect(await all(pullFrom(from([])))).toEqual([]);
    });
  });

  describe('ends', () => {
    it('done, again and again, after the source has completed', async () => {
      const source$ = new Subject<string>();
      const iterator = pullFrom(source$);
      source$.complete();
      expect([await iterator.next(), await iterator.next()]).toEqual([done, done]);
    });

    it('after the last loss is told', async () => {
      const source$ = new Subject<string>();
      const iterator = pullFrom(source$, { capacity: 1, overflow: 'drop-newest' });
      for (const event of 'ab') source$.next(event);
      source$.complete();
      expect(await all(iterator)).toEqual(['a', lagged(1)]);
    });

    it('with the error of the source after the buffer, once', async () => {
      const source$ = new Subject<string>();
      const iterator = pullFrom(source$);
      source$.next('a');
      source$.error('gone');
      expect(await iterator.next()).toEqual(yielded('a'));
      await expect(iterator.next()).rejects.toBe('gone');
      expect(await iterator.next()).toEqual(done);
    });

    it('with the error of the source for the first who asks; the others are done', async () => {
      const source$ = new Subject<string>();
      const iterator = pullFrom(source$);
      const answers = [iterator.next(), iterator.next()];
      source$.error('gone');
      expect(await Promise.allSettled(answers)).toEqual([
        { status: 'rejected', reason: 'gone' },
        { status: 'fulfilled', value: done },
      ]);
    });

    it('with an error that nobody asks for without an unhandled rejection', async () => {
      const unhandled = jest.fn();
      process.on('unhandledRejection', unhandled);
      pullFrom(throwError(() => 'gone'));
      await new Promise((resolve) => setTimeout(resolve));
      process.off('unhandledRejection', unhandled);
      expect(unhandled).not.toHaveBeenCalled();
    });

    it('with a LagError when overflow is "error"', async () => {
      const source$ = new Subject<string>();
      const onDrop = jest.fn();
      const iterator = pullFrom(source$, { capacity: 1, overflow: 'error', onDrop });
      for (const event of 'ab') source$.next(event);
      expect(source$.observed).toBe(false);
      await expect(iterator.next()).rejects.toEqual(new LagError(1, 1));
      expect(onDrop.mock.calls).toEqual([
        ['b', 'overflow'],
        ['a', 'unsubscribed'],
      ]);
    });

    it.each<[string, LagOptions<string>]>([
      ['lossless', { lossless: refuse }],
      ['key', { conflate: { key: refuse } }],
      ['merge', { conflate: { key: () => 1, merge: refuse } }],
      ['skippedBy', { capacity: 1, skippedBy: refuse }],
      ['onDrop', { capacity: 1, onDrop: (...[, reason]) => (reason === 'overflow' ? refuse() : undefined) }],
    ])('with the error of a callback that throws: %s', async (_, options) => {
      const source$ = new Subject<string>();
      const iterator = pullFrom(source$, options);
      for (const event of 'ab') source$.next(event);
      await expect(iterator.next()).rejects.toEqual(new Error('no'));
      expect(source$.observed).toBe(false);
    });
  });

  describe('return()', () => {
    it('unsubscribes at once, also while a next() is pending, which is then done', async () => {
      const source$ = new Subject<string>();
      const iterator = pullFrom(source$);
      const pending = iterator.next();
      const returned = iterator.return?.();
      expect(source$.observed).toBe(false);
      expect([await pending, await returned, await iterator.next()]).toEqual([done, done, done]);
    });

    it('tells onDrop of what waits', async () => {
      const source$ = new Subject<string>();
      const onDrop = jest.fn();
      const iterator = pullFrom(source$, { onDrop });
      for (const event of 'ab') source$.next(event);
      await iterator.return?.();
      expect(onDrop.mock.calls).toEqual([...'ab'].map((event) => [event, 'unsubscribed']));
    });

    it('is what a break does', async () => {
      const source$ = new Subject<string>();
      const iterator = pullFrom(source$);
      for (const event of 'ab') source$.next(event);
      for await (const event of iterator) if (event === 'a') break;
      expect(source$.observed).toBe(false);
    });

    it('forgets an error that nobody has asked for', async () => {
      const iterator = pullFrom(throwError(() => 'gone'));
      await iterator.return?.();
      expect(await iterator.next()).toEqual(done);
    });

    it('is what await using does', async () => {
      let ended = 0;
      const source$ = new Observable<string>(() => () => (ended += 1));
      {
        await using iterator = pullFrom(source$);
        expect(iterator).toBeDefined();
      }
      expect(ended).toBe(1);
    });
  });

  it('answers ten thousand pending calls in order', async () => {
    const source$ = new Subject<number>();
    const iterator = pullFrom(source$);
    const answers = Array.from({ length: 10_000 }, () => iterator.next());
    for (let n = 0; n < 10_000; n += 1) source$.next(n);
    const values = (await Promise.all(answers)).map(({ value }) => value);
    expect(values).toEqual(Array.from({ length: 10_000 }, (_, n) => n));
  });
});
