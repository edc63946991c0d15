import { filter } from 'rxjs';
import type { OperatorFunction } from 'rxjs';
import { isLagged } from './is-lagged.js';
import type { Lagged } from './lagged.js';

/**
 * Lets events pass and swallows markers: a loss does not matter to this consumer.
 *
 * ```
 *  source  a-2-b--|
 *  out     a---b--|
 * ```
 *
 * **Use it when** each event says all there is to know, such as a progress figure. **Rather use** {@link resyncOnLag}
 * when events add up to a state.
 *
 * - Loses: the news of a loss.      - On complete, on error: passes them on.
 * - On unsubscribe: unsubscribes.   - Re-entrancy, subscribers: holds nothing, so nothing to say.
 *
 * @returns An operator that removes markers from the stream and from its type.
 * @see {@link tapLagged}, because a loss that is ignored should at least be counted somewhere.
 */
export function ignoreLagged<T>(): OperatorFunction<T | Lagged, T> {
  return filter((value): value is T => !isLagged(value));
}
