import type { Observable } from 'rxjs';

import type { AuthSource } from './auth-source.js';
import type { ApprovalDecision } from './schemas/approval.js';
import type { AgentMessageItem, CommandExecutionItem, CommandStatus, UserInput } from './schemas/thread-item.js';
import type { Turn } from './schemas/turn.js';

/** An item as an agent starts it. Times are the server's affair. */
export type StartedItem =
  | Pick<AgentMessageItem, 'type' | 'id'>
  | (Pick<CommandExecutionItem, 'type' | 'id' | 'command'> & { readonly cwd?: string; readonly processId?: string });

/** What an agent knows of an item when it is done. What grew by deltas need not be repeated. */
export interface ItemOutcome {
  /** How a command ended. Default: `completed` with exit code 0 or none, else `failed`. */
  readonly status?: Exclude<CommandStatus, 'inProgress'>;
  readonly exitCode?: number | null;
  readonly processId?: string | null;
  /** All of a message, or all of a command's output that is worth keeping, in place of what the deltas added up to. */
  readonly text?: string;
}

/**
 * What an agent reports while it works on a turn. The server makes the protocol's events of it.
 *
 * A `delta` is small on purpose, since there may be thousands in a second; which event it becomes follows from the kind
 * of its item. `retrying` tells of an error the agent tries to get over; one it cannot get over errors the observable.
 */
export type AgentEvent =
  | { readonly type: 'itemStarted'; readonly item: StartedItem }
  | { readonly type: 'delta'; readonly itemId: string; readonly delta: string }
  | { readonly type: 'itemCompleted'; readonly itemId: string; readonly outcome?: ItemOutcome }
  | { readonly type: 'warning'; readonly message: string }
  /** A raw notification of the older protocol, for clients that may have it. Its name begins with `codex/event/`. */
  | { readonly type: 'legacy'; readonly method: string; readonly params?: unknown }
  | { readonly type: 'retrying'; readonly message: string };

/** What an agent asks the user before it runs a command. */
export interface ApprovalQuestion {
  /** The started item this is about. */
  readonly itemId: string;
  readonly command: string;
  /** Default: the turn's. */
  readonly cwd?: string;
  readonly reason?: string;
}

/** What an agent is given to work on a turn. */
export interface TurnContext {
  readonly threadId: string;
  readonly turnId: string;
  /** The folder the thread works in. */
  readonly cwd: string;
  /** The model the client chose, or the one that is marked as default; null if there is none. */
  readonly model: string | null;
  /** What the client set for this thread alone, by name. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly auth: AuthSource;
  readonly input: readonly UserInput[];
  /** The text of the input, one piece a line. */
  readonly text: string;
  /** Input that arrives while the turn runs. If nobody listens, the client is told that it was ignored. */
  readonly steer$: Observable<readonly UserInput[]>;
  /**
   * Whether those who watch can take more; emits at once and on every change. False only while none of them can. An
   * agent that pauses its source then loses less and holds less.
   */
  readonly writable$: Observable<boolean>;
  /** The turns before this one, as far as they are remembered; of a resumed thread those of earlier processes too. */
  pastTurns(): readonly Turn[];
  /** A new id for an item. */
  newItemId(): string;
  /**
   * Asks everyone who watches the thread. Cold: subscribing asks, unsubscribing takes the question back. Emits the first
   * answer and completes; errors if there was none that makes sense, or if the turn is over ({@link isTurnTransition}). After `cancel` the turn ends as interrupted as soon
   * as this observable has completed, so whatever the agent has to say about it must be said in the same call.
   */
  requestApproval(question: ApprovalQuestion): Observable<ApprovalDecision>;
}

/**
 * Works on a turn: a function from the turn's context to the events of the work.
 *
 * It is subscribed once for each turn. Completion ends the turn well, an error fails it, and being unsubscribed is how
 * it learns that the user interrupted: whatever it runs must stop then. It may emit synchronously and on any schedule.
 *
 * @example An agent that repeats what it hears
 * ```ts
 * const echo: Agent = ({ text, newItemId }) => {
 *   const id = newItemId();
 *   return of<AgentEvent[]>(
 *     { type: 'itemStarted', item: { type: 'agentMessage', id } },
 *     { type: 'delta', itemId: id, delta: text },
 *     { type: 'itemCompleted', itemId: id },
 *   );
 * };
 * ```
 * @see {@link createAppServer}, because it runs agents.
 */
export type Agent = (turn: TurnContext) => Observable<AgentEvent>;
