import * as z from 'zod';

import { Turn } from './turn.js';

/** What an active thread waits for. */
export const ThreadActiveFlag = z.enum(['waitingOnApproval', 'waitingOnUserInput']);
export type ThreadActiveFlag = z.infer<typeof ThreadActiveFlag>;

/** What a thread is doing. `systemError` holds from a failed turn until the next one starts. */
export const ThreadStatus = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('notLoaded') }),
  z.looseObject({ type: z.literal('idle') }),
  z.looseObject({ type: z.literal('systemError') }),
  z.looseObject({ type: z.literal('active'), activeFlags: z.array(ThreadActiveFlag) }),
]);
export type ThreadStatus = z.infer<typeof ThreadStatus>;

/** A conversation: turns, one after the other. */
export const Thread = z.looseObject({
  id: z.string(),
  /** Given by a user. */
  name: z.string().nullish(),
  /** The beginning of the first thing the user said. */
  preview: z.string(),
  /** Kept in memory only, and gone for good once it is unloaded. */
  ephemeral: z.boolean(),
  /** Seconds since 1970. */
  createdAt: z.number(),
  updatedAt: z.number(),
  status: ThreadStatus,
  cwd: z.string(),
  /** Which kind of program started the server. */
  source: z.string(),
  /** Only `thread/resume`, and `thread/read` with `includeTurns`, fill it. */
  turns: z.array(Turn),
});
export type Thread = z.infer<typeof Thread>;

/** When to ask before a command runs, in codex's words. There is no sandbox here, so all but `never` ask always. */
export const ApprovalPolicy = z.enum(['untrusted', 'on-failure', 'on-request', 'never']);
export type ApprovalPolicy = z.infer<typeof ApprovalPolicy>;

/** What a client may choose for one thread. It holds as long as the thread is loaded. */
const choices = {
  /** The folder its commands run in. Default: the server's. */
  cwd: z.string().nullish(),
  /** Default `untrusted`. */
  approvalPolicy: ApprovalPolicy.nullish(),
  /** One of `model/list`. Default: the one that is marked so. */
  model: z.string().nullish(),
  /** Settings that differ from `config/read` in this thread; its agent gets them as they are. Default none. */
  config: z.record(z.string(), z.unknown()).nullish(),
};

/** What a new thread is like. */
export const ThreadStartParams = z.looseObject({
  ...choices,
  /** Keep it in memory only. Default: where the server has a store, false; else it is always true. */
  ephemeral: z.boolean().nullish(),
});
export type ThreadStartParams = z.infer<typeof ThreadStartParams>;

/** The new thread, and the settings it got. */
export const ThreadStartResult = z.looseObject({
  thread: Thread,
  cwd: z.string(),
  approvalPolicy: ApprovalPolicy,
  model: z.string().nullish(),
});
export type ThreadStartResult = z.infer<typeof ThreadStartResult>;

/** The choices count when the thread has to be loaded; one that is loaded keeps its own. */
export const ThreadResumeParams = z.looseObject({ threadId: z.string(), ...choices });
export type ThreadResumeParams = z.infer<typeof ThreadResumeParams>;

/** The thread with all its turns, the one that runs included. What happens after it comes as events. */
export const ThreadResumeResult = ThreadStartResult;
export type ThreadResumeResult = z.infer<typeof ThreadResumeResult>;

/** Which thread, and whether with its turns. */
export const ThreadReadParams = z.looseObject({ threadId: z.string(), includeTurns: z.boolean().nullish() });
export type ThreadReadParams = z.infer<typeof ThreadReadParams>;

/** The thread as it is now. */
export const ThreadReadResult = z.looseObject({ thread: Thread });
export type ThreadReadResult = z.infer<typeof ThreadReadResult>;
