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
  /** The beginning of the first thing the user said. */
  preview: z.string(),
  ephemeral: z.boolean(),
  /** Seconds since 1970. */
  createdAt: z.number(),
  updatedAt: z.number(),
  status: ThreadStatus,
  cwd: z.string(),
  /** Which kind of program started the server. */
  source: z.string(),
  /** Only `thread/read` with `includeTurns` fills it. */
  turns: z.array(Turn),
});
export type Thread = z.infer<typeof Thread>;

/** When to ask before a command runs: always, or never. */
export const ApprovalPolicy = z.enum(['untrusted', 'never']);
export type ApprovalPolicy = z.infer<typeof ApprovalPolicy>;

export const ThreadStartParams = z.looseObject({
  /** The folder its commands run in. Default: the server's. */
  cwd: z.string().nullish(),
  /** Default `untrusted`. */
  approvalPolicy: ApprovalPolicy.nullish(),
  ephemeral: z.boolean().nullish(),
});
export type ThreadStartParams = z.infer<typeof ThreadStartParams>;

export const ThreadStartResult = z.looseObject({ thread: Thread, cwd: z.string(), approvalPolicy: ApprovalPolicy });
export type ThreadStartResult = z.infer<typeof ThreadStartResult>;

export const ThreadReadParams = z.looseObject({ threadId: z.string(), includeTurns: z.boolean().nullish() });
export type ThreadReadParams = z.infer<typeof ThreadReadParams>;

export const ThreadReadResult = z.looseObject({ thread: Thread });
export type ThreadReadResult = z.infer<typeof ThreadReadResult>;
