import type { ThreadItem } from '../schemas/thread-item.js';
import type { Turn } from '../schemas/turn.js';

/** A turn without its items. */
export type TurnEnd = Pick<Turn, 'id' | 'status' | 'error' | 'startedAt' | 'completedAt' | 'durationMs'>;

/**
 * Something that happened to a thread and must outlive the process. `at` is in seconds since 1970.
 *
 * An item is stored when it is complete, so a process that dies in the middle of a turn loses the items that were open
 * and nothing else.
 */
export type ThreadEntry =
  | { readonly type: 'turnStarted'; readonly at: number; readonly turnId: string }
  | { readonly type: 'item'; readonly at: number; readonly turnId: string; readonly item: ThreadItem }
  /** The turn as its end tells it; its items are those stored before. */
  | { readonly type: 'turnCompleted'; readonly at: number; readonly turn: TurnEnd }
  | { readonly type: 'named'; readonly at: number; readonly name: string | null }
  | { readonly type: 'archived'; readonly at: number; readonly archived: boolean };
