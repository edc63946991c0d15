import { from, last, Observable } from 'rxjs';
import type { ObservableInput, OperatorFunction } from 'rxjs';
import { atLeastOne } from '../protocol/index.js';
import { attach } from './attach.js';
import { Gap, tellsLoss } from './gap.js';
import { isLagged } from './is-lagged.js';
import type { Lagged } from './lagged.js';
import { LagBuffer } from './lag-buffer.js';

/** How much is held while a gap is repaired, and what a snapshot makes superfluous. */
export interface ResyncOptions<T, S> {
  /** Most events held while a snapshot is on its way. From 1, or Infinity. Default 1,024. */
  readonly capacity?: number;
  /** Whether the snapshot already contains this event, which is then not delivered. Default: it contains none. */
  readonly covers?: (snapshot: S, event: T) => boolean;
}

/**
 * Repairs each gap with a snapshot: the marker goes in, the state as it is now comes out in its place.
 *
 * On a marker it asks for a snapshot and holds the events that follow. When the snapshot has ended, its last value is
 * emitted, then the held events it does not cover; what comes later is asked about until the first that is newer, since
 * a pace before this operator delivers events late. If another gap opens meanwhile, or too many events must be held,
 * that snapshot may be older than the loss: it is not emitted, what was held before is discarded, and another snapshot
 * is asked for when the first has ended. There are never two on their way.
 *
 * ```
 *  source  ab-1-cd------          covers: c is in the snapshot, d is newer
 *  snap       ----s|
 *  out     ab------(sd)
 * ```
 *
 * **Use it when** events add up to a state that can be asked for whole. **Rather use** {@link ignoreLagged} when each
 * event stands alone.
 *
 * - Loses: held events only when a later snapshot, asked for after they arrived, replaces them. Without `covers` every
 *   held event is delivered after the snapshot; that is right only if handling one twice does no harm.
 * - On complete: of the source, in order after the snapshot and the held events.
 * - On error: of the source, likewise in order; of the snapshot or a callback, at once. A snapshot without a value is
 *   an `EmptyError`. To try again, put `retry` inside `snapshot`.
 * - On unsubscribe: gives up the snapshot and forgets what is held.
 * - Re-entrancy: events emitted during delivery wait behind those held.
 * - Subscribers: each asks for its own snapshots.
 *
 * @example Reload a thread after a loss
 * ```ts
 * events$.pipe(
 *   paceOn(animationFrameScheduler, { capacity: 200 }),
 *   resyncOnLag(() => readThread(id), { covers: (thread, event) => event.seq <= thread.seq }),
 * );
 * ```
 * @param snapshot Asks for the state. `gap` is what was lost and not yet repaired, as one marker.
 * @param options How much is held, and what a snapshot covers.
 * @returns An operator that removes markers from the stream and from its type.
 * @see {@link paceOn}, because it makes the gaps that this repairs.
 */
export function resyncOnLag<T, S>(
  snapshot: (gap: Lagged) => ObservableInput<S>,
  options: ResyncOptions<T, S> = {},
): OperatorFunction<T | Lagged, T | S> {
  const { covers = () => false } = options;
  const capacity = atLeastOne(options.capacity ?? 1024);

  return (source) =>
    new Observable((output) => {
      /** Events and markers in order: what arrives during delivery, and what waits for the snapshot. */
      let held = new LagBuffer<T | Lagged>({});
      /** The loss that is not repaired yet. */
      let gap: Gap | undefined;
      /** A snapshot is on its way; if dirty, it may be older than the loss it should repair. */
      let isAsking = false;
      let isDirty = false;
      /** The snapshot that may cover what comes next, whether it is still to be emitted, and whether it is outlived. */
      let base: { readonly snapshot: S } | undefined;
      let isNew = false;
      let isPast = false;
      let isAdvancing = false;
      let finish: (() => void) | undefined;

      const push = (value: T | Lagged): void => {
        const isGap = isLagged(value);
        if (isGap && !tellsLoss(value)) return;
        if (isAsking && (isGap || held.size >= capacity)) {
          // What was held arrived before the next question is asked, so its answer contains it.
          if (isGap) gap?.merge(value);
          isDirty = true;
          held = new LagBuffer({});
          return;
        }
        held.append(value);
        advance();
      };

      /** The only place that emits and asks. A loop, so neither consumers nor synchronous snapshots nest in it. */
      const advance = (): void => {
        if (isAdvancing) return;
        isAdvancing = true;
        try {
          while (!isAsking && !output.closed && step());
        } catch (error) {
          output.error(error);
        }
        isAdvancing = false;
        if (!isAsking) finish?.();
      };

      const step = (): boolean => {
        if (gap !== undefined) {
          ask(gap.toLagged());
        } else if (isNew && base !== undefined) {
          isNew = false;
          output.next(base.snapshot);
        } else if (held.size > 0) {
          const value = held.take() as T | Lagged;
          if (isLagged(value)) {
            gap = new Gap();
            gap.merge(value);
          } else if (base === undefined || !covers(base.snapshot, value)) {
            isPast = true;
            output.next(value);
          }
        } else {
          // Events are in order: what comes after one that it does not cover is newer still.
          if (isPast) base = undefined;
          return false;
        }
        return true;
      };

      const ask = (loss: Lagged): void => {
        isAsking = true;
        isDirty = false;
        attach(output, from(snapshot(loss)).pipe(last()), {
          next: (value) => {
            if (isDirty) return;
            gap = undefined;
            base = { snapshot: value };
            isNew = true;
            isPast = false;
          },
          error: (error) => output.error(error),
          complete: () => {
            isAsking = false;
            advance();
          },
        });
      };

      const end = (how: () => void): void => {
        finish = how;
        advance();
      };
      attach(output, source, {
        next: push,
        error: (error) => end(() => output.error(error)),
        complete: () => end(() => output.complete()),
      });
    });
}
