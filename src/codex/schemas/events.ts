import * as z from 'zod';

import { CodexThread, CodexThreadStatus } from './thread.js';
import { CodexItem } from './thread-item.js';
import { CodexTurn, CodexTurnError } from './turn.js';

const ofTurn = { threadId: z.string(), turnId: z.string() };

/** There is a new thread, or one was loaded. */
export const CodexThreadStarted = z.looseObject({ thread: CodexThread });
/** A thread does something else than before. */
export const CodexThreadStatusChanged = z.looseObject({ threadId: z.string(), status: CodexThreadStatus });
/** Something became of a thread; its method says what. */
export const CodexThreadEvent = z.looseObject({ threadId: z.string() });
/** A thread has another name, or none. */
export const CodexThreadNameUpdated = z.looseObject({ threadId: z.string(), threadName: z.string().nullish() });
/** What a thread has used so far. */
export const CodexTokenUsageUpdated = z.looseObject({ ...ofTurn, tokenUsage: z.looseObject({}) });
/** A turn has begun, or has ended: its status says how. */
export const CodexTurnEvent = z.looseObject({ threadId: z.string(), turn: CodexTurn });
/** All that the turn has changed so far, as one diff. */
export const CodexTurnDiffUpdated = z.looseObject({ ...ofTurn, diff: z.string() });
/** The plan as it stands now. */
export const CodexTurnPlanUpdated = z.looseObject({
  ...ofTurn,
  explanation: z.string().nullish(),
  plan: z.array(z.looseObject({})),
});
/** An item has begun, or is as it will stay. */
export const CodexItemEvent = z.looseObject({ ...ofTurn, item: CodexItem });
/** Something about an item; its method says what. */
export const CodexItemNews = z.looseObject({ ...ofTurn, itemId: z.string() });
/** Something failed within a turn; with `willRetry` codex tries it again. */
export const CodexErrorEvent = z.looseObject({ ...ofTurn, error: CodexTurnError, willRetry: z.boolean() });
/** A question is settled, whoever settled it. It may come after its turn's end. */
export const CodexRequestResolved = z.looseObject({
  threadId: z.string(),
  requestId: z.union([z.number(), z.string()]),
});
/** What a user should know and need not act upon. */
export const CodexWarning = z.looseObject({ threadId: z.string().nullish(), message: z.string() });
/** Something in the settings, or in what a client uses, is not as it should be. */
export const CodexNotice = z.looseObject({ summary: z.string(), details: z.string().nullish() });

/** What is read of text that was added. */
export interface TextGrowth {
  readonly threadId: string;
  readonly turnId: string;
  readonly itemId: string;
  readonly delta: string;
  /** Which part of a reasoning item's summary, or of its content, grows. */
  readonly summaryIndex?: number;
  readonly contentIndex?: number;
}

/** Text that was added to an item. Nothing checks it: there may be ten thousand in a second. */
export interface CodexDelta extends TextGrowth {
  readonly [member: string]: unknown;
}

export type CodexThreadStarted = z.infer<typeof CodexThreadStarted>;
export type CodexThreadStatusChanged = z.infer<typeof CodexThreadStatusChanged>;
export type CodexThreadEvent = z.infer<typeof CodexThreadEvent>;
export type CodexThreadNameUpdated = z.infer<typeof CodexThreadNameUpdated>;
export type CodexTokenUsageUpdated = z.infer<typeof CodexTokenUsageUpdated>;
export type CodexTurnEvent = z.infer<typeof CodexTurnEvent>;
export type CodexTurnDiffUpdated = z.infer<typeof CodexTurnDiffUpdated>;
export type CodexTurnPlanUpdated = z.infer<typeof CodexTurnPlanUpdated>;
export type CodexItemEvent = z.infer<typeof CodexItemEvent>;
export type CodexItemNews = z.infer<typeof CodexItemNews>;
export type CodexErrorEvent = z.infer<typeof CodexErrorEvent>;
export type CodexRequestResolved = z.infer<typeof CodexRequestResolved>;
export type CodexWarning = z.infer<typeof CodexWarning>;
export type CodexNotice = z.infer<typeof CodexNotice>;
