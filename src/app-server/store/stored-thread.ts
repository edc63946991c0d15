import type { Turn } from '../schemas/turn.js';
import type { ThreadSummary } from './thread-summary.js';

/** All a store knows of a thread. */
export interface StoredThread {
  readonly summary: ThreadSummary;
  /** In the order they began, with all items that were completed. One that never ended is still in progress here. */
  readonly turns: readonly Turn[];
}
