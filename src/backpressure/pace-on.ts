import { Observable } from 'rxjs';
import type { OperatorFunction, SchedulerAction, SchedulerLike, Subscription } from 'rxjs';
import { atLeastOne } from '../protocol/index.js';
import { Drain } from './drain.js';
import type { PaceOptions } from './lag-options.js';
import type { Lagged } from './lagged.js';

export interface PaceOnOptions<T> extends PaceOptions<T> {
  /** Time from the first waiting event to its turn, in the scheduler's milliseconds. From 0; default 0. */
  readonly delay?: number;
  /** Most events delivered in one turn. From 1, or Infinity. Default Infinity: all that wait when the turn begins. */
  readonly burst?: number;
}

/**
 * Delivers what waits at the turns of a scheduler, such as once per animation frame.
 *
 * An event always waits for a turn. More than `capacity` between two turns is more than the consumer will look at;
 * `overflow` decides which give way, and a `Lagged` marker stands in their place. Turns are asked for only while
 * something waits, one at a time: a quiet stream holds no timer.
 *
 * ```
 *  paceOn(asyncScheduler, { delay: 5, capacity: 2 })
 *  source  abcdefgh--------|
 *  out     -----(4ef)-(gh)-|      4 = Lagged {skipped: 4}
 * ```
 *
 * **Use it when** the consumer looks at a steady beat: a screen, a log flushed every second. **Rather use**
 * {@link paceMap} when it is ready only once some work has ended.
 *
 * - Loses: droppable events over capacity; never a `lossless` one.
 * - On complete: waits for the turns it takes to deliver the buffer and any last gap; at once if nothing waits.
 * - On error: same, then errors (`failFast` errors at once). An error from a callback is delivered at once.
 * - On unsubscribe: cancels the turn; the waiting events go to `onDrop` with 'unsubscribed'.
 * - Re-entrancy: a turn delivers at most as many events as waited when it began, so a consumer that feeds itself cannot
 *   hang one; what it emits waits for the next.
 * - Subscribers: each has its own buffer, turns and count; put `share()` before this operator.
 *
 * In a hidden browser tab there are no animation frames: the buffer overflows, and on return one marker tells how much
 * was lost. `asapScheduler` bounds bursts inside one task only; it does not let the browser paint.
 *
 * @example At most one screenful per frame
 * ```ts
 * events$.pipe(paceOn(animationFrameScheduler, { capacity: 200 })).subscribe(render);
 * ```
 * @param scheduler Whose turns they are.
 * @param options What is held and what gives way.
 * @returns An operator that keeps order and adds markers.
 * @see {@link resyncOnLag}, because a screen that missed events needs the state, not the events.
 */
export function paceOn<T>(
  scheduler: SchedulerLike,
  options: PaceOnOptions<NoInfer<T>> = {},
): OperatorFunction<T | Lagged, T | Lagged> {
  const { delay = 0 } = options;
  const burst = atLeastOne(options.burst ?? Infinity);

  return (source) =>
    new Observable((output) => {
      let left = 0;
      let isTurn = false;
      let isArmed = false;
      /** The scheduled action; it knows itself only once it has run. */
      let action: SchedulerAction<unknown> | undefined;
      let first: Subscription | undefined;

      const drain: Drain<T> = new Drain<T>(output, options, {
        // A gap that no event waits behind goes with the turn; one that precedes a newer event waits with it.
        ready: () => left > 0 || (isTurn && drain.waiting === 0),
        deliver: (event) => {
          left -= 1;
          output.next(event);
        },
        wait: () => {
          if (isArmed) return;
          isArmed = true;
          // The same action again and again: a new one for each turn costs more than the turn does.
          if (action === undefined) first = scheduler.schedule(turn, delay);
          else action.schedule(undefined, delay);
        },
      });

      function turn(this: SchedulerAction<unknown>): void {
        // eslint-disable-next-line @typescript-eslint/no-this-alias -- RxJS hands the action over as `this`
        action = this;
        isArmed = false;
        left = Math.min(burst, drain.waiting);
        isTurn = true;
        drain.run();
        isTurn = false;
        // Some may be left if the consumer made the buffer overflow; they must not let an event pass without a turn.
        left = 0;
      }

      const discard = drain.connect(source);
      return () => {
        first?.unsubscribe();
        discard();
      };
    });
}
