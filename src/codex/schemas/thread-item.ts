import * as z from 'zod';

import type { KnownString } from './known-string.js';

/** One piece of what a user hands to codex: text, or one of the kinds codex knows besides. */
export const CodexInput = z.looseObject({ type: z.string(), text: z.string().optional() });
export type CodexInput = z.infer<typeof CodexInput>;

/** What the user said. */
export interface CodexUserMessage {
  readonly type: 'userMessage';
  readonly id: string;
  readonly content: readonly CodexInput[];
  readonly [member: string]: unknown;
}

/** What codex said. Its text grows by `item/agentMessage/delta` and is whole in `item/completed`. */
export interface CodexAgentMessage {
  readonly type: 'agentMessage';
  readonly id: string;
  readonly text: string;
  readonly [member: string]: unknown;
}

/** What codex thought, as far as it is shown. */
export interface CodexReasoning {
  readonly type: 'reasoning';
  readonly id: string;
  readonly summary?: readonly string[];
  readonly content?: readonly string[];
  readonly [member: string]: unknown;
}

/** A command codex runs. `declined`: it was never run. */
export interface CodexCommandExecution {
  readonly type: 'commandExecution';
  readonly id: string;
  readonly command: string;
  readonly cwd: string;
  readonly status: KnownString<'inProgress' | 'completed' | 'failed' | 'declined'>;
  readonly aggregatedOutput?: string | null;
  readonly exitCode?: number | null;
  readonly durationMs?: number | null;
  readonly [member: string]: unknown;
}

/** Files codex changes. */
export interface CodexFileChange {
  readonly type: 'fileChange';
  readonly id: string;
  readonly changes: readonly { readonly path: string; readonly diff: string; readonly [member: string]: unknown }[];
  readonly status: KnownString<'inProgress' | 'completed' | 'failed' | 'declined'>;
  readonly [member: string]: unknown;
}

/** A call of a tool that an MCP server offers. */
export interface CodexMcpToolCall {
  readonly type: 'mcpToolCall';
  readonly id: string;
  readonly server: string;
  readonly tool: string;
  readonly status: KnownString<'inProgress' | 'completed' | 'failed'>;
  readonly [member: string]: unknown;
}

/**
 * One step of a turn. The type tells apart the kinds that are used most; codex has more, and they arrive as they are:
 * leave a `default` in a `switch`.
 */
export type CodexItem =
  CodexUserMessage | CodexAgentMessage | CodexReasoning | CodexCommandExecution | CodexFileChange | CodexMcpToolCall;

/** Any object with a type and an id; what else a kind has is the type's word alone. */
export const CodexItem = z.looseObject({ type: z.string(), id: z.string() }) as unknown as z.ZodType<
  CodexItem,
  CodexItem
>;
