import { catchError, defer, EMPTY, finalize, ignoreElements, type Observable, ReplaySubject, retry } from 'rxjs';

import { isLagged } from '../../backpressure/index.js';
import type { Client } from '../../client/index.js';
import { isRpcError } from '../../protocol/index.js';
import type { TurnContract } from './turn-contract.js';
import { turnIdOf } from './turn-id-of.js';

/**
 * Interrupts a turn, also one that was only just promised.
 *
 * Between its answer to `turn/start` and the turn's first event codex refuses: there is no active turn. So after a refusal
 * it is asked once more, when an event of the turn has come.
 *
 * ```
 *  interrupt   ?--#     ?-(a|)
 *  thread      ---------s------      s: turn/started
 * ```
 *
 * - On complete: when it was interrupted, or was over. - On error: never.
 */
export function interruptTurn(client: Client<TurnContract>, threadId: string, turnId: string): Observable<never> {
  return defer(() => {
    const begun = new ReplaySubject<void>(1);
    const end = (): void => {
      begun.complete();
    };
    const listening = client.scoped(threadId).subscribe({
      next: (event) => {
        if (!isLagged(event) && turnIdOf(event.params) === turnId) begun.next();
      },
      error: end,
      complete: end,
    });
    return client.request('turn/interrupt', { threadId, turnId }).pipe(
      retry({ count: 1, delay: (error: unknown) => (isRpcError(error) ? begun : EMPTY) }),
      catchError(() => EMPTY),
      ignoreElements(),
      finalize(() => listening.unsubscribe()),
    );
  });
}
