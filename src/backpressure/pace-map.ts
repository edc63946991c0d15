import { Observable } from 'rxjs';
import type { ObservableInput, OperatorFunction } from 'rxjs';
import { atLeastOne } from '../protocol/index.js';
import { attach } from './attach.js';
import { Drain } from './drain.js';
import type { PaceOptions } from './lag-options.js';
import type { Lagged } from './lagged.js';

export interface PaceMapOptions<T> extends PaceOptions<T> {
  /** Most inner observables at work at once. From 1, or Infinity. Default 1. */
  readonly concurrency?: number;
}

/**
 * Starts work for each event and delivers its results, taking the next event when there is a free place to work.
 *
 * `concatMap` and `mergeMap` with a limit do the same, but hold what waits in a buffer without bound. Here it has
 * one; when it is full, `overflow` decides which event gives way, and a `Lagged` marker goes out where its work would
 * have started.
 *
 * ```
 *  source  abcd------|            concurrency 1, capacity 1
 *  work    ---x|
 *  out     ---a2--d--|            2 = Lagged {skipped: 2}
 * ```
 *
 * **Use it when** handling an event takes time that an observable or a promise tells the end of. With `capacity: 1` it
 * is `exhaustMap` that never forgets the newest event. **Rather use** {@link paceWith} when somebody else does the work
 * and acknowledges it.
 *
 * - Loses: droppable events over capacity; never a `lossless` one. Work once started is never cut short.
 * - On complete: waits until the buffer is worked off and the last work has ended.
 * - On error: of the source, in order after all that (`failFast`: at once); of the work or a callback, at once.
 * - On unsubscribe: ends the work; the waiting events go to `onDrop` with 'unsubscribed'.
 * - Re-entrancy: work that ends at once, and events that it emits, are taken in turn by a loop; the stack stays flat.
 * - Subscribers: each has its own buffer, work and count; put `share()` before this operator.
 *
 * With `concurrency` above 1 results come as they are ready, while markers stand in the order of starts.
 *
 * @example Save the newest draft, one request at a time
 * ```ts
 * drafts$.pipe(paceMap((draft) => save(draft), { capacity: 1 })).subscribe(showSaved);
 * ```
 * @param project Starts the work for an event; `index` counts the events that were started.
 * @param options What is held and what gives way.
 * @returns An operator that emits results and markers.
 * @see {@link tapLagged}, because an event that was given up has no result to notice its absence by.
 */
export function paceMap<T, R>(
  project: (event: T, index: number) => ObservableInput<R>,
  options: PaceMapOptions<T> = {},
): OperatorFunction<T | Lagged, R | Lagged> {
  const concurrency = atLeastOne(options.concurrency ?? 1);

  return (source) =>
    new Observable((output) => {
      let started = 0;
      let active = 0;
      const drain = new Drain<T>(output, options, {
        ready: () => active < concurrency,
        deliver: (event) => {
          const work = project(event, started);
          started += 1;
          active += 1;
          attach(output, work, {
            next: (result) => output.next(result),
            error: (error) => output.error(error),
            complete: () => {
              active -= 1;
              drain.run();
            },
          });
        },
        isBusy: () => active > 0,
      });
      return drain.connect(source);
    });
}
