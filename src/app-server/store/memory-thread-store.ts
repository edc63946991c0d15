import { defer, EMPTY, type Observable, of } from 'rxjs';

import { applyThreadEntry } from './apply-thread-entry.js';
import type { StoredThread } from './stored-thread.js';
import { ThreadCatalog } from './thread-catalog.js';
import { ThreadStoreError } from './thread-store-error.js';
import type { ThreadStore } from './thread-store.js';

/**
 * Keeps threads in memory, for as long as somebody holds the store.
 *
 * All of it happens before `subscribe` returns, with no scheduler. Nothing is ever given up: what a thread remembers here
 * is bounded by nothing. Threads are handed out by reference and replaced when they change.
 *
 * **Use it when** threads need not outlive the process, and in specs. **Rather use** `fileThreadStore` of
 * `rx-sluice/node` to keep them.
 *
 * - On close: nothing. It holds nothing open and goes on working, for the next server that gets it.
 *
 * @example
 * ```ts
 * const store = memoryThreadStore();
 * const keep = (summary: ThreadSummary): void => {
 *   store.create(summary).subscribe();
 *   store.append(summary.id, { type: 'named', at: 1_700_000_000, name: 'Groceries' }).subscribe();
 * };
 * ```
 * @see {@link ThreadStore}, because it says what every store does.
 */
export function memoryThreadStore(): ThreadStore {
  const threads = new Map<string, StoredThread>();
  const catalog = new ThreadCatalog();
  const keep = (thread: StoredThread): void => {
    threads.set(thread.summary.id, thread);
    catalog.set(thread.summary);
  };

  return {
    create: (summary) =>
      doing(() => {
        if (threads.has(summary.id)) throw new ThreadStoreError('exists', 'exists already', summary.id);
        keep({ summary, turns: [] });
      }),
    append: (threadId, entry) =>
      doing(() => {
        const thread = threads.get(threadId);
        if (thread === undefined) throw new ThreadStoreError('unknown', 'is not known', threadId);
        keep(applyThreadEntry(thread, entry));
      }),
    read: (threadId) => defer(() => of(threads.get(threadId))),
    list: (query) => defer(() => of(catalog.page(query))),
    close: () => EMPTY,
  };
}

function doing(work: () => void): Observable<never> {
  return defer(() => {
    work();
    return EMPTY;
  });
}
