import * as z from 'zod';

import { CodexInput, CodexItem } from './thread-item.js';
import { knownString } from './known-string.js';

/** Why a turn failed, in words, and as a machine-readable kind: a string or an object with one member. */
export const CodexTurnError = z.looseObject({
  message: z.string(),
  codexErrorInfo: z.union([z.string(), z.looseObject({})]).nullish(),
  additionalDetails: z.string().nullish(),
});
export type CodexTurnError = z.infer<typeof CodexTurnError>;

/** Codex's work on one input. */
export const CodexTurn = z.looseObject({
  id: z.string(),
  /** `full`: all items are here. `summary`: the last message. `notLoaded`: none, whatever there were. */
  itemsView: knownString('full', 'summary', 'notLoaded').optional(),
  items: z.array(CodexItem),
  status: knownString('inProgress', 'completed', 'interrupted', 'failed'),
  error: CodexTurnError.nullish(),
  durationMs: z.number().nullish(),
});
export type CodexTurn = z.infer<typeof CodexTurn>;

/** What codex is to work on. It takes more members than these. */
export const CodexTurnStartParams = z.looseObject({
  threadId: z.string(),
  input: z.array(CodexInput),
  model: z.string().nullish(),
  effort: z.string().nullish(),
  cwd: z.string().nullish(),
});
export type CodexTurnStartParams = z.infer<typeof CodexTurnStartParams>;

/** The turn as it begins, or the one that runs already and takes this input too. */
export const CodexTurnStartResult = z.looseObject({ turn: CodexTurn });
export type CodexTurnStartResult = z.infer<typeof CodexTurnStartResult>;
