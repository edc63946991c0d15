import { ErrorCode, RpcError } from '../protocol/index.js';

const REASON = 'turnTransition';

/** What becomes of a question whose turn is over, or that was asked when none ran. */
export function turnTransition(): RpcError {
  return new RpcError(ErrorCode.InternalError, 'client request resolved because the turn state was changed', {
    reason: REASON,
  });
}

/**
 * Whether a question failed only because its turn is over: no decision was made, and none is to be told.
 *
 * @example An agent made of promises, which nobody can unsubscribe
 * ```ts
 * async function decide(turn: TurnContext): Promise<ApprovalDecision> {
 *   try {
 *     return await firstValueFrom(turn.requestApproval({ itemId: turn.newItemId(), command: turn.text }));
 *   } catch (error) {
 *     if (isTurnTransition(error)) return 'cancel';
 *     throw error;
 *   }
 * }
 * ```
 */
export function isTurnTransition(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('data' in error)) return false;
  const { data } = error;
  return typeof data === 'object' && data !== null && 'reason' in data && data.reason === REASON;
}
