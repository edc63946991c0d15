import * as z from 'zod';

import { knownString } from './known-string.js';
import { CodexTurn } from './turn.js';

/** What a thread is doing; an active one says what it waits for. */
export const CodexThreadStatus = z.looseObject({
  type: knownString('notLoaded', 'idle', 'systemError', 'active'),
  activeFlags: z.array(z.string()).optional(),
});
export type CodexThreadStatus = z.infer<typeof CodexThreadStatus>;

/** A conversation with codex. It has more members than these. */
export const CodexThread = z.looseObject({
  id: z.string(),
  name: z.string().nullish(),
  preview: z.string(),
  /** Kept in memory only. It cannot be read with its turns. */
  ephemeral: z.boolean(),
  /** Seconds since 1970. */
  createdAt: z.number(),
  updatedAt: z.number(),
  status: CodexThreadStatus,
  cwd: z.string(),
  turns: z.array(CodexTurn),
});
export type CodexThread = z.infer<typeof CodexThread>;

/** What a client may choose for a thread. Codex takes more than these. */
const choices = {
  model: z.string().nullish(),
  cwd: z.string().nullish(),
  /** When codex asks before it acts. */
  approvalPolicy: z.union([knownString('untrusted', 'on-request', 'never'), z.looseObject({})]).nullish(),
  /** What its commands may touch. */
  sandbox: knownString('read-only', 'workspace-write', 'danger-full-access').nullish(),
  /** Settings that differ from those of the process in this thread. */
  config: z.record(z.string(), z.unknown()).nullish(),
};

/** What a new thread is like. */
export const CodexThreadStartParams = z.looseObject({ ...choices, ephemeral: z.boolean().nullish() });
export type CodexThreadStartParams = z.infer<typeof CodexThreadStartParams>;

/** Which thread to go on with, and what is to be different in it. */
export const CodexThreadResumeParams = z.looseObject({ threadId: z.string(), ...choices });
export type CodexThreadResumeParams = z.infer<typeof CodexThreadResumeParams>;

/** The thread, and the settings it got. */
export const CodexThreadResult = z.looseObject({ thread: CodexThread, cwd: z.string(), model: z.string().nullish() });
export type CodexThreadResult = z.infer<typeof CodexThreadResult>;

/** Which thread, and whether with its turns. */
export const CodexThreadReadParams = z.looseObject({ threadId: z.string(), includeTurns: z.boolean().nullish() });
export type CodexThreadReadParams = z.infer<typeof CodexThreadReadParams>;

/** The thread as it is now. */
export const CodexThreadReadResult = z.looseObject({ thread: CodexThread });
export type CodexThreadReadResult = z.infer<typeof CodexThreadReadResult>;

/** Which stored threads. */
export const CodexThreadListParams = z.looseObject({
  cursor: z.string().nullish(),
  limit: z.int().min(0).nullish(),
  archived: z.boolean().nullish(),
  searchTerm: z.string().nullish(),
});
export type CodexThreadListParams = z.infer<typeof CodexThreadListParams>;

/** A page of threads, without their turns; without `nextCursor` it is the last. */
export const CodexThreadListResult = z.looseObject({ data: z.array(CodexThread), nextCursor: z.string().nullish() });
export type CodexThreadListResult = z.infer<typeof CodexThreadListResult>;

/** How a connection stood to a thread it no longer listens to. */
export const CodexThreadUnsubscribeResult = z.looseObject({
  status: knownString('notLoaded', 'notSubscribed', 'unsubscribed'),
});
export type CodexThreadUnsubscribeResult = z.infer<typeof CodexThreadUnsubscribeResult>;
