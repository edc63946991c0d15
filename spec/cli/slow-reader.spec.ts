import fc from 'fast-check';
import { asyncScheduler, type Observable, Subject } from 'rxjs';

import { isLagged, isLagError, type Lagged, lagged } from '../../src/backpressure/index.js';
import { addsUp } from '../../src/cli/report-lines.js';
import { SlowReader, type SlowReaderOptions } from '../../src/cli/slow-reader.js';
import { run } from '../../src/testing/index.js';

interface Event {
  readonly method: string;
  readonly params: string;
}

/** Letters: a capital may not be lost. */
const event = (letter: string): Event => ({ method: letter < 'a' ? 'kept' : 'lossy', params: letter });

const rules: SlowReaderOptions<Event>['rules'] = {
  lossless: ({ method }) => method === 'kept',
  conflate: {
    key: ({ method }) => method,
    merge: (waiting, incoming) => ({ ...incoming, params: waiting.params + incoming.params }),
    maxBytes: () => Infinity,
  },
};

const readerOf = (options: Partial<SlowReaderOptions<Event>> = {}): SlowReader<Event> =>
  new SlowReader({
    scheduler: asyncScheduler,
    pace: 3,
    capacity: 2,
    overflow: 'drop-oldest',
    conflate: undefined,
    rules,
    sizeOf: ({ params }) => params.length,
    ...options,
  });

const values = Object.fromEntries([
  ...[...'abcdefghZY'].map((letter) => [letter, event(letter)]),
  ...[...'123456789'].map((digit) => [digit, lagged(Number(digit))]),
]) as Record<string, Event | Lagged>;

describe('SlowReader', () => {
  it('takes one event in the time it needs for one', () => {
    run(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('(ab)------c---|', values);
      const expected = '  ---a--b------c|';
      const lifetime = '  ^-------------!';
      expectObservable(readerOf().read(source)).toBe(expected, values);
      expectSubscriptions(source.subscriptions).toBe(lifetime);
    });
  });

  it('tells what it missed in its place, and shows the rest before it ends', () => {
    run(({ hot, flush, expectObservable }) => {
      const reader = readerOf({ pace: 5 });
      const source = hot('(abcde)|', values);
      const expected = '  -----(3d)-(e|)';
      expectObservable(reader.read(source)).toBe(expected, values);
      flush();
      expect(reader.counts).toEqual({ emitted: 5, delivered: 2, skipped: 3, conflated: 0, peak: 2 });
    });
  });

  it('counts a gap that was there before it', () => {
    run(({ hot, flush }) => {
      const reader = readerOf();
      reader.read(hot('(a5b)|', values)).subscribe();
      flush();
      expect(reader.counts).toMatchObject({ emitted: 7, delivered: 2, skipped: 5 });
    });
  });

  it('counts what was folded as lost where the result was given up later', () => {
    run(({ hot, flush }) => {
      const reader = readerOf({ conflate: 2 });
      const seen: unknown[] = [];
      reader
        .read(hot('(abcdefg)|', values))
        .subscribe((next) => seen.push(isLagged(next) ? next.skipped : next.params));
      flush();
      expect(seen).toEqual([4, 'ef', 'g']);
      expect(reader.counts).toEqual({ emitted: 7, delivered: 2, skipped: 4, conflated: 1, peak: 2 });
    });
  });

  it('delivers what may not be lost, and the rest as gaps where it stood, when it must hurry', () => {
    run(({ hot, cold, flush }) => {
      const reader = readerOf();
      const seen: unknown[] = [];
      reader.read(hot('(abcZd)--e|', values)).subscribe({
        next: (next) => seen.push(isLagged(next) ? next.skipped : next.params),
        complete: () => seen.push('complete'),
      });
      cold('-x').subscribe(() => {
        reader.hurry();
        reader.hurry();
      });
      flush();
      expect(seen).toEqual([3, 'Z', 1, 'e', 'complete']);
      expect(reader.counts).toMatchObject({ emitted: 6, delivered: 2, skipped: 4 });
    });
  });

  it('is over at once when it must hurry and no more comes', () => {
    run(({ hot, cold, expectObservable }) => {
      const reader = readerOf();
      const source = hot('(abcZ)|', values);
      cold('         --------x').subscribe(() => {
        reader.hurry();
      });
      const slow = readerOf({ pace: 100 });
      cold('         --------x').subscribe(() => {
        slow.hurry();
      });
      expectObservable(slow.read(source)).toBe('--------(3Z|)', values);
    });
  });

  it('passes an error on, in order, also when it hurries', () => {
    run(({ hot, cold, expectObservable }) => {
      expectObservable(readerOf().read(hot('a#', values))).toBe('---(a#)', values);
      const hurried = readerOf({ pace: 100 });
      cold('-x').subscribe(() => {
        hurried.hurry();
      });
      expectObservable(hurried.read(hot('a-#', values))).toBe('-1#', values);
    });
  });

  it('counts what was given up when it may give up nothing, each where it stood', () => {
    const reader = readerOf({ overflow: 'error' });
    const source = new Subject<Event>();
    const seen: unknown[] = [];
    reader.read(source).subscribe({
      next: (next) => seen.push(isLagged(next) ? next.skipped : next.params),
      error: (error: unknown) => seen.push(isLagError(error)),
    });
    for (const letter of 'aZbc') source.next(event(letter));
    expect(seen).toEqual([1, 'Z', 2, true]);
    expect(reader.counts).toMatchObject({ emitted: 4, delivered: 1, skipped: 3, peak: 3 });
  });

  it('stops its clock when it is unsubscribed', () => {
    run(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('abc-------', values);
      expectObservable(readerOf().read(source), '--!').toBe('---', values);
      expectSubscriptions(source.subscriptions).toBe('^-!');
    });
  });

  it('adds up, whatever comes and whenever it must hurry (E2)', () => {
    const letters = fc.array(fc.constantFrom(...'abcdefgZY1234'), { maxLength: 60 });
    const options = fc.record({
      capacity: fc.integer({ min: 1, max: 5 }),
      pace: fc.integer({ min: 0, max: 4 }),
      overflow: fc.constantFrom('drop-oldest', 'drop-newest', 'drop-all', 'error'),
      conflate: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(letters, options, fc.nat(80), fc.nat(3), (sent, given, hurryAt, gap) => {
        run(({ cold, flush }) => {
          const reader = readerOf(given);
          const source: Observable<Event | Lagged> = cold(`${sent.join('-'.repeat(gap))}|`, values);
          let delivered = 0;
          let skipped = 0;
          reader.read(source).subscribe({
            next: (next) => {
              if (isLagged(next)) skipped += next.skipped;
              else delivered += 1;
            },
            error: () => undefined,
          });
          cold(`${'-'.repeat(hurryAt)}x`).subscribe(() => {
            reader.hurry();
          });
          flush();
          expect(addsUp(reader.counts)).toBe(true);
          expect(reader.counts).toMatchObject({ delivered, skipped });
        });
      }),
    );
  });
});
