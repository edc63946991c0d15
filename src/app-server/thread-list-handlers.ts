import { catchError, map, type Observable, throwError } from 'rxjs';

import type { Handlers } from '../server/index.js';
import type { AppServerContract } from './app-server-contract.js';
import { invalidRequest } from './invalid-request.js';
import type { LoadedThreads } from './loaded-threads.js';
import type { ThreadListParams } from './schemas/thread-list.js';
import type { ThreadQuery } from './store/thread-query.js';
import type { ThreadStore } from './store/thread-store.js';
import { toStoredThread } from './to-stored-thread.js';

/** Threads on a page of `thread/list` whose request names no number, and the most there are on any. */
const PAGE = 25;
const LARGEST_PAGE = 100;

/**
 * Serves the lists of threads: those in the store, and those in memory.
 *
 * @internal
 */
export function threadListHandlers(
  store: ThreadStore | undefined,
  threads: LoadedThreads,
): Pick<Handlers<AppServerContract>, 'thread/list' | 'thread/loaded/list'> {
  return {
    'thread/list': (params) => {
      // An ephemeral thread is in no list, and there is no other kind here.
      if (store === undefined) return { data: [], nextCursor: null };
      return store.list(toQuery(params)).pipe(
        map((page) => ({
          data: page.threads.map((summary) => threads.peek(summary.id)?.toThread() ?? toStoredThread(summary)),
          nextCursor: page.nextCursor,
        })),
        catchError((error: unknown) => refuseCursor(error, params.cursor)),
      );
    },

    'thread/loaded/list': ({ cursor, limit }) => {
      const rest = threads.ids.filter((id) => id > (cursor ?? ''));
      const data = rest.slice(0, Math.max(1, limit ?? rest.length));
      return { data, nextCursor: data.length < rest.length ? (data.at(-1) ?? null) : null };
    },
  };
}

function toQuery({ cursor, limit, sortKey, archived, searchTerm, sourceKinds, cwd }: ThreadListParams): ThreadQuery {
  return {
    archived: archived ?? false,
    sortKey: sortKey === 'updated_at' ? 'updatedAt' : 'createdAt',
    limit: Math.min(Math.max(1, limit ?? PAGE), LARGEST_PAGE),
    cursor: cursor ?? undefined,
    search: searchTerm ?? undefined,
    sources: sourceKinds?.length === 0 ? undefined : (sourceKinds ?? undefined),
    cwd: cwd ?? undefined,
  };
}

/** A store says by a `TypeError` that the cursor is none of its own; anything else is its own trouble. */
function refuseCursor(error: unknown, cursor: string | null | undefined): Observable<never> {
  const isCursor = typeof error === 'object' && error !== null && 'name' in error && error.name === 'TypeError';
  return throwError(() => (isCursor ? invalidRequest(`invalid cursor: ${String(cursor)}`) : error));
}
