// A reader whose `lib` is ES2022 does not know `Symbol.asyncDispose` yet.
/// <reference lib="esnext.disposable" preserve="true" />
import { Observable } from 'rxjs';
import { Drain } from './drain.js';
import type { LagOptions } from './lag-options.js';
import type { Lagged } from './lagged.js';

// Absent in older browsers, where nobody can ask for it by name either.
const asyncDispose: typeof Symbol.asyncDispose =
  (Symbol as { readonly asyncDispose?: typeof Symbol.asyncDispose }).asyncDispose ??
  (Symbol.for('rx-sluice.asyncDispose') as typeof Symbol.asyncDispose);

interface Asker<T> {
  readonly resolve: (result: IteratorResult<T | Lagged, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Turns a stream into an async iterator with a bounded buffer: the consumer takes events when it wants them.
 *
 * Events that arrive while nobody asks wait; when `capacity` of them wait, `overflow` decides which gives way, and the
 * iterator yields a `Lagged` marker in its place. It subscribes when it is called, not at the first `next()`: the
 * stream is hot, and what happens between the two must not be missed.
 *
 * ```
 *  source  012345|                capacity 2, one next() pending
 *  yields  0  Lagged {skipped: 3}  4  5  done
 * ```
 *
 * **Use it when** the consumer is a loop: a command line, a test, a script. **Rather use** {@link paceMap} inside an
 * observable program. An array needs neither; iterate it.
 *
 * - Loses: droppable events over capacity; never a `lossless` one.
 * - On complete: yields the buffer and any last gap, then is done.
 * - On error: same, then one `next()` rejects and the iterator is done. Errors from callbacks and a used-up
 *   `losslessCapacity` reject the next `next()` and discard the buffer.
 * - On `return()`, which a `break` calls, and on `await using`: unsubscribes at once, also while a `next()` is pending;
 *   that one is done. The waiting events go to `onDrop` with 'unsubscribed'.
 * - Re-entrancy: several `next()` may be pending; they are answered in the order of the calls.
 * - Subscribers: each call subscribes once and has its own buffer. A call never iterated nor returned stays subscribed.
 *
 * @example Print events until the turn ends
 * ```ts
 * for await (const event of pullFrom(events$, { capacity: 1_000 })) {
 *   if (isLagged(event)) console.warn(`${event.skipped} events skipped`);
 *   else if (event.method === 'turn/completed') break;
 *   else await print(event);
 * }
 * ```
 * @param source A hot stream.
 * @param options What is held and what gives way.
 * @returns An iterator of events and markers, which can be iterated once.
 * @see {@link failOnLag}, because a loop that must see every event should stop at the first gap.
 */
export function pullFrom<T>(
  source: Observable<T | Lagged>,
  options: LagOptions<T> = {},
): AsyncIterableIterator<T | Lagged, undefined> & AsyncDisposable {
  const askers: Asker<T>[] = [];
  let end: { readonly error?: unknown } | undefined;

  /** Answers an asker, or all of them, now that no more events come. An error is told once. */
  const answerEnd = (): void => {
    for (const asker of askers.splice(0)) {
      if (end !== undefined && 'error' in end) {
        asker.reject(end.error);
        end = {};
      } else {
        asker.resolve({ done: true, value: undefined });
      }
    }
  };
  const finish = (how: { readonly error?: unknown }): void => {
    end = how;
    answerEnd();
  };

  let ask = (): void => undefined;
  const subscription = new Observable<T | Lagged>((output) => {
    const drain = new Drain<T>(output, options, {
      ready: () => askers.length > 0,
      deliver: (event) => output.next(event),
    });
    ask = () => drain.run();
    return drain.connect(source);
  }).subscribe({
    next: (value) => askers.shift()?.resolve({ done: false, value }),
    error: (error: unknown) => finish({ error }),
    complete: () => finish({}),
  });

  const stop = (): Promise<IteratorResult<T | Lagged, undefined>> => {
    subscription.unsubscribe();
    finish({});
    return Promise.resolve({ done: true, value: undefined });
  };

  const iterator = {
    next: () =>
      new Promise<IteratorResult<T | Lagged, undefined>>((resolve, reject) => {
        askers.push({ resolve, reject });
        if (end === undefined) ask();
        else answerEnd();
      }),
    return: stop,
    [Symbol.asyncIterator]: () => iterator,
    [asyncDispose]: async () => {
      await stop();
    },
  };
  return iterator;
}
