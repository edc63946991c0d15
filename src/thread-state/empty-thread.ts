import type { ThreadItem, ThreadState } from './thread-state.js';

/**
 * A thread nobody has told anything of: what {@link reduceThread} starts from.
 *
 * @param threadId Events of other threads will not concern it.
 */
export function emptyThread<I extends ThreadItem = ThreadItem>(threadId: string): ThreadState<I> {
  return {
    threadId,
    items: [],
    turns: [],
    status: { type: 'notLoaded', activeFlags: [] },
    approvals: [],
    lag: { skipped: 0, gaps: [] },
    partial: false,
    seq: -1,
  };
}
