import * as z from 'zod';

import { ThreadItem, UserInput } from './thread-item.js';

/** Why a turn failed, in words, and as a machine-readable kind: a string or an object with one member. */
export const TurnError = z.looseObject({
  message: z.string(),
  codexErrorInfo: z.union([z.string(), z.looseObject({})]).nullish(),
});
export type TurnError = z.infer<typeof TurnError>;

/** How a turn stands, or how it ended. */
export const TurnStatus = z.enum(['inProgress', 'completed', 'interrupted', 'failed']);
export type TurnStatus = z.infer<typeof TurnStatus>;

/** The agent's work on one input. */
export const Turn = z.looseObject({
  id: z.string(),
  /** The items `itemsView` speaks of. */
  items: z.array(ThreadItem),
  /** `full`: all of them. `summary`: the agent's last message. `notLoaded`: none, whatever there were. */
  itemsView: z.enum(['full', 'summary', 'notLoaded']),
  status: TurnStatus,
  error: TurnError.nullable(),
  /** Seconds since 1970. */
  startedAt: z.number().nullable(),
  completedAt: z.number().nullable(),
  durationMs: z.number().nullable(),
});
export type Turn = z.infer<typeof Turn>;

/** What the agent is to work on. */
export const TurnStartParams = z.looseObject({
  threadId: z.string(),
  input: z.array(UserInput),
  /** For this turn and those after it. Default: as before. */
  model: z.string().nullish(),
});
export type TurnStartParams = z.infer<typeof TurnStartParams>;

/** The turn as it begins; the rest comes as events. */
export const TurnStartResult = z.looseObject({ turn: Turn });
export type TurnStartResult = z.infer<typeof TurnStartResult>;

/** More input for the turn that runs, if it still is the expected one. */
export const TurnSteerParams = z.looseObject({
  threadId: z.string(),
  expectedTurnId: z.string(),
  input: z.array(UserInput),
});
export type TurnSteerParams = z.infer<typeof TurnSteerParams>;

/** The turn that took the input. */
export const TurnSteerResult = z.looseObject({ turnId: z.string() });
export type TurnSteerResult = z.infer<typeof TurnSteerResult>;

/** Which turn is to stop. */
export const TurnInterruptParams = z.looseObject({ threadId: z.string(), turnId: z.string() });
export type TurnInterruptParams = z.infer<typeof TurnInterruptParams>;

/** The turn was told to stop; that it has is told by `turn/completed`. */
export const TurnInterruptResult = z.looseObject({});
export type TurnInterruptResult = z.infer<typeof TurnInterruptResult>;
