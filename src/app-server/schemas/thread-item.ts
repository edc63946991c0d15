import * as z from 'zod';

/** One piece of what a user hands to an agent. Kinds other than text pass through to the agent as they are. */
export const UserInput = z.looseObject({ type: z.string(), text: z.string().optional() });
export type UserInput = z.infer<typeof UserInput>;

const KNOWN_TYPES: ReadonlySet<string> = new Set(['userMessage', 'agentMessage', 'commandExecution']);

const timestamps = { startedAtMs: z.number().nullish(), completedAtMs: z.number().nullish() };

/** What the user said. */
export const UserMessageItem = z.looseObject({
  type: z.literal('userMessage'),
  id: z.string(),
  content: z.array(UserInput),
  ...timestamps,
});
export type UserMessageItem = z.infer<typeof UserMessageItem>;

/** What the agent said. Its text grows by `item/agentMessage/delta` and is whole in `item/completed`. */
export const AgentMessageItem = z.looseObject({
  type: z.literal('agentMessage'),
  id: z.string(),
  text: z.string(),
  ...timestamps,
});
export type AgentMessageItem = z.infer<typeof AgentMessageItem>;

/** How far a command is: `declined` was never run, `failed` ended with an exit code other than 0 or never started. */
export const CommandStatus = z.enum(['inProgress', 'completed', 'failed', 'declined']);
export type CommandStatus = z.infer<typeof CommandStatus>;

/** A command the agent runs. Its output comes by `item/commandExecution/outputDelta`. */
export const CommandExecutionItem = z.looseObject({
  type: z.literal('commandExecution'),
  id: z.string(),
  command: z.string(),
  cwd: z.string(),
  processId: z.string().nullable(),
  status: CommandStatus,
  /** What is kept of the output; a long one lacks its middle and says so there. `null`: there was none. */
  aggregatedOutput: z.string().nullable(),
  /** 128 and the signal's number if a signal ended it; `null` if it did not run to an end. */
  exitCode: z.number().nullable(),
  durationMs: z.number().nullable(),
  ...timestamps,
});
export type CommandExecutionItem = z.infer<typeof CommandExecutionItem>;

/** One step of a turn. */
export type ThreadItem = UserMessageItem | AgentMessageItem | CommandExecutionItem;

/**
 * Accepts the items this version knows and, since a newer peer may have more kinds, any other with a type and an id.
 * The type tells only the known ones apart.
 */
export const ThreadItem = z.union([
  UserMessageItem,
  AgentMessageItem,
  CommandExecutionItem,
  z.looseObject({ type: z.string().refine((type) => !KNOWN_TYPES.has(type)), id: z.string() }),
]) as z.ZodType<ThreadItem, ThreadItem>;
