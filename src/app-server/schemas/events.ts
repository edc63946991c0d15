import * as z from 'zod';

import { Thread, ThreadStatus } from './thread.js';
import { ThreadItem } from './thread-item.js';
import { Turn, TurnError } from './turn.js';

const turnScoped = { threadId: z.string(), turnId: z.string() };

/** There is a new thread. */
export const ThreadStarted = z.looseObject({ thread: Thread });
/** A thread does something else than before. */
export const ThreadStatusChanged = z.looseObject({ threadId: z.string(), status: ThreadStatus });
/** A thread was put away; `thread/list` shows it only when asked for archived ones. */
export const ThreadArchived = z.looseObject({ threadId: z.string() });
/** A thread was taken out of the archive. */
export const ThreadUnarchived = z.looseObject({ threadId: z.string() });
/** It is unloaded: nothing more will come of it until somebody resumes it. */
export const ThreadClosed = z.looseObject({ threadId: z.string() });
/** A thread has another name, or none. */
export const ThreadNameUpdated = z.looseObject({ threadId: z.string(), threadName: z.string().nullish() });
/** A turn has begun. */
export const TurnStarted = z.looseObject({ threadId: z.string(), turn: Turn });
/** A turn has ended, however it did: its status says how. */
export const TurnCompleted = z.looseObject({ threadId: z.string(), turn: Turn });
/** An item of a turn has begun; what is known of it so far. */
export const ItemStarted = z.looseObject({ ...turnScoped, item: ThreadItem, startedAtMs: z.number() });
/** An item is as it will stay. It has the whole text, whatever became of its deltas. */
export const ItemCompleted = z.looseObject({ ...turnScoped, item: ThreadItem, completedAtMs: z.number() });
/** Text that was added to an item. */
export const ItemDelta = z.looseObject({ ...turnScoped, itemId: z.string(), delta: z.string() });
/** A question to the user is settled, whoever settled it: a view can close its dialog. */
export const ServerRequestResolved = z.looseObject({
  threadId: z.string(),
  requestId: z.union([z.number(), z.string()]),
});
/** Something failed within a turn; with `willRetry` the agent tries it again. */
export const ErrorEvent = z.looseObject({ ...turnScoped, error: TurnError, willRetry: z.boolean() });
/** What a user should know and need not act upon. */
export const WarningEvent = z.looseObject({ threadId: z.string().nullish(), message: z.string() });
/** Something in the settings is not as it should be. */
export const ConfigWarning = z.looseObject({ summary: z.string(), details: z.string().nullish() });

export type ThreadStarted = z.infer<typeof ThreadStarted>;
export type ThreadStatusChanged = z.infer<typeof ThreadStatusChanged>;
export type ThreadArchived = z.infer<typeof ThreadArchived>;
export type ThreadUnarchived = z.infer<typeof ThreadUnarchived>;
export type ThreadClosed = z.infer<typeof ThreadClosed>;
export type ThreadNameUpdated = z.infer<typeof ThreadNameUpdated>;
export type TurnStarted = z.infer<typeof TurnStarted>;
export type TurnCompleted = z.infer<typeof TurnCompleted>;
export type ItemStarted = z.infer<typeof ItemStarted>;
export type ItemCompleted = z.infer<typeof ItemCompleted>;
export type ItemDelta = z.infer<typeof ItemDelta>;
export type ServerRequestResolved = z.infer<typeof ServerRequestResolved>;
export type ErrorEvent = z.infer<typeof ErrorEvent>;
export type WarningEvent = z.infer<typeof WarningEvent>;
export type ConfigWarning = z.infer<typeof ConfigWarning>;
