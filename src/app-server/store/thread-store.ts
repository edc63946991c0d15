import type { Observable } from 'rxjs';

import type { StoredThread } from './stored-thread.js';
import type { ThreadEntry } from './thread-entry.js';
import type { ThreadPage, ThreadQuery } from './thread-query.js';
import type { ThreadSummary } from './thread-summary.js';

/**
 * Where threads live while no server has them loaded.
 *
 * A thread is its summary and a log of entries. Every method does its work once it is subscribed to and once for each
 * subscription; a store in memory does it before `subscribe` returns. Work on one thread is done in the order it was
 * asked for, so nobody needs to wait for one entry before adding the next.
 *
 * - On error: the store could not do it. Of `append` it means that this entry is not kept; what follows may still be.
 * - On unsubscribe: what has begun is done all the same; nobody hears of it.
 */
export interface ThreadStore {
  /** Keeps a new thread. Completes once it would survive a crash; errors if there is one with its id. */
  create(summary: ThreadSummary): Observable<never>;
  /** Adds to a thread's log. Completes once it would survive a crash; errors if the thread is unknown. */
  append(threadId: string, entry: ThreadEntry): Observable<never>;
  /** Emits the thread, or undefined if it is unknown, and completes. */
  read(threadId: string): Observable<StoredThread | undefined>;
  /** Emits one page and completes. Errors with a `TypeError` on a cursor that is none of its own. */
  list(query: ThreadQuery): Observable<ThreadPage>;
  /** Completes once all that was asked before is done and what the store holds open is closed. Idempotent. */
  close(): Observable<never>;
}
