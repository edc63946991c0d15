import * as z from 'zod';

import { Thread } from './thread.js';

/** Params that say no more than which thread is meant. */
export const ThreadParams = z.looseObject({ threadId: z.string() });
export type ThreadParams = z.infer<typeof ThreadParams>;

/** The thread is in the archive. */
export const ThreadArchiveResult = z.looseObject({});
export type ThreadArchiveResult = z.infer<typeof ThreadArchiveResult>;

/** The thread as it is in the list again. */
export const ThreadUnarchiveResult = z.looseObject({ thread: Thread });
export type ThreadUnarchiveResult = z.infer<typeof ThreadUnarchiveResult>;

/** `notLoaded`: nobody can be subscribed. `notSubscribed`: others may be. `unsubscribed`: it is over now. */
export const ThreadUnsubscribeStatus = z.enum(['notLoaded', 'notSubscribed', 'unsubscribed']);
export type ThreadUnsubscribeStatus = z.infer<typeof ThreadUnsubscribeStatus>;

/** Whether this connection was listening. */
export const ThreadUnsubscribeResult = z.looseObject({ status: ThreadUnsubscribeStatus });
export type ThreadUnsubscribeResult = z.infer<typeof ThreadUnsubscribeResult>;

/** The name a user gives a thread. */
export const ThreadSetNameParams = z.looseObject({ threadId: z.string(), name: z.string() });
export type ThreadSetNameParams = z.infer<typeof ThreadSetNameParams>;

/** The thread has its name. */
export const ThreadSetNameResult = z.looseObject({});
export type ThreadSetNameResult = z.infer<typeof ThreadSetNameResult>;
