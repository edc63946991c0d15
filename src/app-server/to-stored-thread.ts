import type { Thread } from './schemas/thread.js';
import type { Turn } from './schemas/turn.js';
import type { ThreadSummary } from './store/thread-summary.js';

/** A thread that is not loaded, as clients see it. */
export function toStoredThread(summary: ThreadSummary, turns: readonly Turn[] = []): Thread {
  const { id, name, preview, createdAt, updatedAt, cwd, source } = summary;
  return {
    id,
    sessionId: id,
    name,
    preview,
    ephemeral: false,
    createdAt,
    updatedAt,
    status: { type: 'notLoaded' },
    cwd,
    source,
    turns: turns.map(toPastTurn),
  };
}

/** A turn nobody works on: one that never ended was interrupted, by the end of its process perhaps. */
export function toPastTurn(turn: Turn): Turn {
  return turn.status === 'inProgress' ? { ...turn, status: 'interrupted' } : turn;
}
