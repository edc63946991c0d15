import type { Server } from '../server/index.js';
import type { AppServerContract } from './app-server-contract.js';
import type { MemoryLimits } from './app-server-options.js';
import type { AuthSource } from './auth-source.js';
import type { UserInput } from './schemas/thread-item.js';
import type { Turn } from './schemas/turn.js';
import type { ThreadStore } from './store/thread-store.js';

/** What all threads of a server share. */
export interface ThreadHost {
  readonly server: Server<AppServerContract>;
  readonly memory: MemoryLimits;
  /** Undefined: all threads are ephemeral. */
  readonly store: ThreadStore | undefined;
  readonly auth: AuthSource;
  now(): number;
  newId(): string;
}

/** The turn that runs, as its thread and its questions see it. */
export interface RunningTurn {
  readonly id: string;
  /** False from the moment its end is decided. */
  readonly isRunning: boolean;
  /** Hands further input to the agent. Returns false if it takes none. */
  addInput(input: readonly UserInput[]): boolean;
  /** The user said no to everything: the turn ends as interrupted once the agent has had its say. */
  cancel(): void;
  /** Stops the agent and ends the turn. Ending what has ended does nothing. */
  end(status: 'completed' | 'interrupted' | 'failed'): void;
  /** Others watch the thread now: a source that was paused for the sake of one watcher goes on. */
  watchersChanged(): void;
  /** @param view `full` shows the items, `summary` the agent's last message. */
  toTurn(view: Turn['itemsView']): Turn;
}
