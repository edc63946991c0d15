import * as z from 'zod';

import { knownString } from './known-string.js';

const asked = {
  threadId: z.string(),
  turnId: z.string(),
  itemId: z.string(),
  startedAtMs: z.number().optional(),
  reason: z.string().nullish(),
};

/**
 * What a user may answer. `acceptForSession` also accepts the like later in this thread, `decline` lets the turn go on
 * without it, `cancel` interrupts the turn. Codex has decisions with parameters besides; they are objects.
 */
export const CodexDecision = z.union([
  knownString('accept', 'acceptForSession', 'decline', 'cancel'),
  z.looseObject({}),
]);
export type CodexDecision = z.infer<typeof CodexDecision>;

/** The question whether a command may run, or may read what is typed in. */
export const CodexCommandApproval = z.looseObject({
  ...asked,
  kind: z.string().optional(),
  command: z.string().nullish(),
  cwd: z.string().nullish(),
  /** What codex proposes. It takes the others as well. */
  availableDecisions: z.array(CodexDecision).nullish(),
});
export type CodexCommandApproval = z.infer<typeof CodexCommandApproval>;

/** The question whether files may be changed. */
export const CodexFileChangeApproval = z.looseObject({ ...asked, grantRoot: z.string().nullish() });
export type CodexFileChangeApproval = z.infer<typeof CodexFileChangeApproval>;

/** The answer to either. */
export const CodexApprovalResult = z.looseObject({ decision: CodexDecision });
export type CodexApprovalResult = z.infer<typeof CodexApprovalResult>;

/** The question whether more may be touched than the sandbox allows. */
export const CodexPermissionsRequest = z.looseObject({ ...asked, permissions: z.looseObject({}) });
export type CodexPermissionsRequest = z.infer<typeof CodexPermissionsRequest>;

/** What of it is granted, and for how long. */
export const CodexPermissionsResult = z.looseObject({
  permissions: z.looseObject({}),
  scope: knownString('turn', 'session').optional(),
});
export type CodexPermissionsResult = z.infer<typeof CodexPermissionsResult>;

/** Questions that a tool puts to the user. */
export const CodexUserInputRequest = z.looseObject({
  threadId: z.string(),
  turnId: z.string(),
  itemId: z.string(),
  questions: z.array(z.looseObject({ id: z.string() })),
});
export type CodexUserInputRequest = z.infer<typeof CodexUserInputRequest>;

/** The answers, by the id of their question. */
export const CodexUserInputResult = z.looseObject({
  answers: z.record(z.string(), z.looseObject({ answers: z.array(z.string()) })),
});
export type CodexUserInputResult = z.infer<typeof CodexUserInputResult>;
