import type { ThreadItem } from '../schemas/thread-item.js';
import type { Turn } from '../schemas/turn.js';
import { reduceThreadSummary } from './reduce-thread-summary.js';
import type { StoredThread } from './stored-thread.js';
import type { ThreadEntry } from './thread-entry.js';

/**
 * The thread as it is once one more entry is in its log.
 *
 * Pure: a thread is its summary and the entries of its log, applied in order. An item whose id is there already takes
 * the other's place. A turn that never ended stays in progress, since only who resumes the thread knows that nobody
 * works on it any more. Entries of a turn whose beginning is missing bring the turn along.
 *
 * @example
 * ```ts
 * const rebuild = (summary: ThreadSummary, entries: readonly ThreadEntry[]): StoredThread =>
 *   entries.reduce(applyThreadEntry, { summary, turns: [] });
 * ```
 */
export function applyThreadEntry(thread: StoredThread, entry: ThreadEntry): StoredThread {
  const summary = reduceThreadSummary(thread.summary, entry);
  switch (entry.type) {
    case 'turnStarted':
      return { summary, turns: changeTurn(thread.turns, entry.turnId, (turn) => ({ ...turn, startedAt: entry.at })) };
    case 'item':
      return {
        summary,
        turns: changeTurn(thread.turns, entry.turnId, (turn) => ({ ...turn, items: putItem(turn.items, entry.item) })),
      };
    case 'turnCompleted':
      return {
        summary,
        turns: changeTurn(thread.turns, entry.turn.id, ({ items }) => ({ ...entry.turn, items, itemsView: 'full' })),
      };
    case 'named':
    case 'archived':
      return { summary, turns: thread.turns };
  }
}

function changeTurn(turns: readonly Turn[], id: string, change: (turn: Turn) => Turn): readonly Turn[] {
  const index = lastIndexById(turns, id);
  const turn = turns[index];
  return turn === undefined ? [...turns, change(newTurn(id))] : replaceAt(turns, index, change(turn));
}

function newTurn(id: string): Turn {
  return {
    id,
    items: [],
    itemsView: 'full',
    status: 'inProgress',
    error: null,
    startedAt: null,
    completedAt: null,
    durationMs: null,
  };
}

function putItem(items: readonly ThreadItem[], item: ThreadItem): ThreadItem[] {
  const index = lastIndexById(items, item.id);
  return index < 0 ? [...items, item] : replaceAt(items, index, item);
}

/** From the end, since what changes is nearly always the newest. */
function lastIndexById(all: readonly { readonly id: string }[], id: string): number {
  let index = all.length - 1;
  while (index >= 0 && all[index]?.id !== id) index -= 1;
  return index;
}

function replaceAt<T>(all: readonly T[], index: number, value: T): T[] {
  const copy = all.slice();
  copy[index] = value;
  return copy;
}
