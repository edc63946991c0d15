import { Observable } from 'rxjs';
import type { ObservableInput, OperatorFunction } from 'rxjs';
import { atLeastOne } from '../protocol/index.js';
import { attach } from './attach.js';
import { Drain } from './drain.js';
import type { PaceOptions } from './lag-options.js';
import type { Lagged } from './lagged.js';

export interface PaceWithOptions<T, C> extends PaceOptions<T> {
  /** Credits in one value of `ready`. Rounded down; less than 1 or NaN is none. Default: 1, whatever the value. */
  readonly demand?: (credit: C) => number;
  /** Most unused credits kept. From 1, or Infinity. Default: `capacity`. */
  readonly maxCredits?: number;
}

/**
 * Delivers at most one event for each credit that `ready` gives, holding the rest in a bounded buffer.
 *
 * A push consumer cannot refuse an event, so it says when it can take one. Events that arrive before then wait; when
 * `capacity` of them wait, `overflow` decides which gives way, and a `Lagged` marker stands in its place. With credit
 * left and nothing waiting, an event passes at once.
 *
 * ```
 *  source  abcde---------|        capacity 2
 *  ready   ------x-----x--
 *  out     ------(3d)--e-|        3 = Lagged {skipped: 3}
 * ```
 *
 * **Use it when** another thread or a socket acknowledges its work. **Rather use** {@link paceMap} when the work is an
 * observable or a promise you start yourself.
 *
 * - Loses: droppable events over capacity; never a `lossless` one.
 * - On complete: waits until the buffer and any last gap are delivered. If `ready` completes first: uses up the credits
 *   that are left, then delivers the lossless events, tells the others as gaps, and completes.
 * - On error: of the source, in order after the buffer (`failFast`: at once); of `ready` or a callback, at once.
 * - On unsubscribe: the waiting events go to `onDrop` with 'unsubscribed'.
 * - Re-entrancy: an event emitted while one is being delivered waits its turn; a credit given then counts at once.
 * - Subscribers: each has its own buffer, credits and count; put `share()` before this operator.
 *
 * @example A worker that acknowledges how many events it has handled
 * ```ts
 * const acks$ = fromEvent<MessageEvent<number>>(worker, 'message').pipe(map((message) => message.data));
 * events$
 *   .pipe(paceWith(acks$, { capacity: 256, demand: (handled) => handled, lossless: isTerminal }))
 *   .subscribe((event) => worker.postMessage(event));
 * ```
 * @param ready Each value is one credit, unless `demand` says otherwise. Subscribed to before the source.
 * @param options What is held and what gives way.
 * @returns An operator that keeps order and adds markers.
 * @see {@link resyncOnLag}, because a gap in state needs a snapshot, not a warning.
 */
export function paceWith<T, C = unknown>(
  ready: ObservableInput<C>,
  options: PaceWithOptions<NoInfer<T>, C> = {},
): OperatorFunction<T | Lagged, T | Lagged> {
  const { demand = () => 1 } = options;
  const maxCredits = atLeastOne(options.maxCredits ?? options.capacity ?? 128);

  return (source) =>
    new Observable((output) => {
      let credits = 0;
      let exhausted = false;
      const closeIfSpent = (): void => {
        if (exhausted && credits === 0) drain.close();
      };
      const drain = new Drain<T>(output, options, {
        ready: () => credits > 0,
        deliver: (event) => {
          // Below zero only in the last round, when nobody counts any more.
          credits -= 1;
          output.next(event);
          closeIfSpent();
        },
      });
      const give = (credit: C): void => {
        const count = demand(credit);
        if (count >= 1) credits += Math.floor(count);
        drain.run();
        // Only what is left over is capped: one large credit may deliver a whole buffer.
        credits = Math.min(credits, maxCredits);
      };

      attach(output, ready, {
        next: (credit) => {
          try {
            give(credit);
          } catch (error) {
            output.error(error);
          }
        },
        error: (error) => output.error(error),
        complete: () => {
          exhausted = true;
          closeIfSpent();
        },
      });
      return drain.connect(source);
    });
}
