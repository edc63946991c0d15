import { Observable } from 'rxjs';

import type { ApprovalQuestion } from './agent.js';
import { ApprovalDecision } from './schemas/approval.js';
import type { RunningTurn, ThreadHost } from './thread-host.js';
import type { ThreadRecord } from './thread-record.js';
import { turnTransition } from './turn-transition.js';

/**
 * Asks those who watch a thread whether a command may run; see `TurnContext.requestApproval`.
 *
 * While the question is open the thread's status says so. A thread that never asks, or whose user has accepted this
 * very command for the session, answers by itself.
 *
 * @internal
 */
export function askApproval(
  host: ThreadHost,
  thread: ThreadRecord,
  turn: RunningTurn,
  { itemId, command, cwd = thread.settings.cwd, reason }: ApprovalQuestion,
): Observable<ApprovalDecision> {
  return new Observable((subscriber) => {
    const known =
      thread.settings.approvalPolicy === 'never'
        ? 'accept'
        : thread.accepted.has(command)
          ? 'acceptForSession'
          : undefined;
    if (known !== undefined) {
      subscriber.next(known);
      subscriber.complete();
      return;
    }
    // The agent asks on its own account, after its turn.
    if (!turn.isRunning) {
      subscriber.error(turnTransition());
      return;
    }
    let isOpen = true;
    const settle = (): void => {
      if (!isOpen) return;
      isOpen = false;
      // The end of the turn settles everything by itself, in one change of status.
      if (turn.isRunning) thread.happened('approvalSettled');
    };
    thread.happened('approvalAsked');
    // Whoever heard of it may have ended the turn, or given up the question, in the same breath.
    if (subscriber.closed) {
      settle();
      return;
    }
    const params = {
      kind: 'command' as const,
      threadId: thread.id,
      turnId: turn.id,
      itemId,
      startedAtMs: host.now(),
      command,
      cwd,
      ...(reason === undefined ? {} : { reason }),
      availableDecisions: [...ApprovalDecision.options],
    };
    let decision: ApprovalDecision | undefined;
    subscriber.add(
      host.server.request(thread.audience, 'item/commandExecution/requestApproval', params).subscribe({
        next: (result) => {
          settle();
          // In process nobody has checked the answer.
          decision = ApprovalDecision.safeParse((result as { readonly decision?: unknown } | null)?.decision).data;
          if (decision === undefined) {
            subscriber.error(new Error('the answer is none of the available decisions'));
            return;
          }
          if (decision === 'acceptForSession') thread.accepted.add(command);
          if (decision === 'cancel') turn.cancel();
          subscriber.next(decision);
        },
        error: (error: unknown) => {
          settle();
          subscriber.error(error);
        },
        complete: () => {
          subscriber.complete();
          if (decision === 'cancel') turn.end('interrupted');
        },
      }),
    );
    // After the question itself, so that it is resolved before the thread stops waiting for it.
    subscriber.add(settle);
  });
}
