import * as z from 'zod';

/**
 * What a user may answer. `acceptForSession` also accepts the same command later in this thread, `decline` lets the
 * turn go on without it, `cancel` interrupts the turn.
 */
export const ApprovalDecision = z.enum(['accept', 'acceptForSession', 'decline', 'cancel']);
export type ApprovalDecision = z.infer<typeof ApprovalDecision>;

/** The question whether a command may run. */
export const CommandApprovalParams = z.looseObject({
  kind: z.literal('command'),
  threadId: z.string(),
  turnId: z.string(),
  itemId: z.string(),
  startedAtMs: z.number(),
  command: z.string(),
  cwd: z.string(),
  reason: z.string().nullish(),
  availableDecisions: z.array(ApprovalDecision),
});
export type CommandApprovalParams = z.infer<typeof CommandApprovalParams>;

/** The user's answer to that question. */
export const CommandApprovalResult = z.looseObject({ decision: ApprovalDecision });
export type CommandApprovalResult = z.infer<typeof CommandApprovalResult>;
