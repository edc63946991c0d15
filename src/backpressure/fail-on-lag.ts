import { map } from 'rxjs';
import type { OperatorFunction } from 'rxjs';
import { isLagged } from './is-lagged.js';
import { LagError } from './lag-error.js';
import type { Lagged } from './lagged.js';

/**
 * Lets events pass until the first marker, which becomes a `LagError`.
 *
 * ```
 *  source  a-2-b--|
 *  out     a-#                    LagError {skipped: 2}
 * ```
 *
 * **Use it when** a consumer must see every event or start over, with `retry`. **Rather use** {@link resyncOnLag} when
 * a snapshot can repair the loss without starting over.
 *
 * - Loses: nothing silently.        - On complete, on error: passes them on.
 * - On unsubscribe: unsubscribes.   - Re-entrancy, subscribers: holds nothing, so nothing to say.
 *
 * @returns An operator that removes markers from the type.
 * @see {@link isLagError}, because that is how a `catchError` after it recognises the cause.
 */
export function failOnLag<T>(): OperatorFunction<T | Lagged, T> {
  return map((value) => {
    if (isLagged(value)) throw new LagError(value.skipped);
    return value;
  });
}
