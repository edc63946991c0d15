import { tap } from 'rxjs';
import type { MonoTypeOperatorFunction } from 'rxjs';
import { isLagged } from './is-lagged.js';
import type { Lagged } from './lagged.js';

/**
 * Calls a function for each marker and lets everything pass.
 *
 * ```
 *  source  a-2-b--|
 *  told      2
 *  out     a-2-b--|
 * ```
 *
 * **Use it when** a loss is worth a figure or a line in a log. **Rather use** {@link failOnLag} when it is not to be
 * survived.
 *
 * - Loses: nothing.                 - On complete, on error: passes them on. If the function throws, the output errors.
 * - On unsubscribe: unsubscribes.   - Re-entrancy, subscribers: holds nothing, so nothing to say.
 *
 * @param tell Receives the marker before it is passed on.
 * @returns An operator that changes nothing.
 * @see {@link ignoreLagged}, because what was counted can then be taken out.
 */
export function tapLagged<T>(tell: (gap: Lagged) => void): MonoTypeOperatorFunction<T> {
  return tap((value) => {
    if (isLagged(value)) tell(value);
  });
}
