import type { Contract, NotificationSpec, RequestSpec, ServerRequestSpec } from '../../protocol/index.js';

/** What {@link turn} reads of a turn. */
export interface TurnOutline {
  readonly id: string;
  /** Anything but `inProgress` is an end. */
  readonly status: string;
  readonly error?: TurnFault | null | undefined;
}

/** Why a turn failed. */
export interface TurnFault {
  readonly message: string;
  /** The machine-readable kind: a word, or an object with one member, as codex has it. */
  readonly codexErrorInfo?: unknown;
}

/**
 * The words {@link turn} needs of a contract. The hand-written one has them, a generated one, and that of our own app
 * server.
 */
export type TurnContract = Contract<
  {
    readonly 'turn/start': RequestSpec<{ readonly threadId: string }, { readonly turn: TurnOutline }>;
    readonly 'turn/interrupt': RequestSpec<{ readonly threadId: string; readonly turnId: string }>;
    readonly 'thread/read': RequestSpec<
      { readonly threadId: string; readonly includeTurns?: boolean | null | undefined },
      { readonly thread: { readonly status: { readonly type: string }; readonly turns: readonly TurnOutline[] } }
    >;
  },
  Readonly<Record<string, NotificationSpec>>,
  Readonly<Record<string, ServerRequestSpec>>,
  {
    readonly 'thread/status/changed': NotificationSpec<{
      readonly threadId: string;
      readonly status: { readonly type: string };
    }>;
    readonly 'turn/completed': NotificationSpec<{ readonly threadId: string; readonly turn: TurnOutline }>;
  }
>;
