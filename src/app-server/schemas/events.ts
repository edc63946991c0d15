import * as z from 'zod';

import { Thread, ThreadStatus } from './thread.js';
import { ThreadItem } from './thread-item.js';
import { Turn, TurnError } from './turn.js';

const turnScoped = { threadId: z.string(), turnId: z.string() };

export const ThreadStarted = z.looseObject({ thread: Thread });
export const ThreadStatusChanged = z.looseObject({ threadId: z.string(), status: ThreadStatus });
export const TurnStarted = z.looseObject({ threadId: z.string(), turn: Turn });
export const TurnCompleted = z.looseObject({ threadId: z.string(), turn: Turn });
export const ItemStarted = z.looseObject({ ...turnScoped, item: ThreadItem, startedAtMs: z.number() });
export const ItemCompleted = z.looseObject({ ...turnScoped, item: ThreadItem, completedAtMs: z.number() });
export const ItemDelta = z.looseObject({ ...turnScoped, itemId: z.string(), delta: z.string() });
export const ServerRequestResolved = z.looseObject({
  threadId: z.string(),
  requestId: z.union([z.number(), z.string()]),
});
export const ErrorEvent = z.looseObject({ ...turnScoped, error: TurnError, willRetry: z.boolean() });
export const WarningEvent = z.looseObject({ threadId: z.string().nullish(), message: z.string() });
export const ConfigWarning = z.looseObject({ summary: z.string(), details: z.string().nullish() });

export type ThreadStarted = z.infer<typeof ThreadStarted>;
export type ThreadStatusChanged = z.infer<typeof ThreadStatusChanged>;
export type TurnStarted = z.infer<typeof TurnStarted>;
export type TurnCompleted = z.infer<typeof TurnCompleted>;
export type ItemStarted = z.infer<typeof ItemStarted>;
export type ItemCompleted = z.infer<typeof ItemCompleted>;
export type ItemDelta = z.infer<typeof ItemDelta>;
export type ServerRequestResolved = z.infer<typeof ServerRequestResolved>;
export type ErrorEvent = z.infer<typeof ErrorEvent>;
export type WarningEvent = z.infer<typeof WarningEvent>;
export type ConfigWarning = z.infer<typeof ConfigWarning>;
