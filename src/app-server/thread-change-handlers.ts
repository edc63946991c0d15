import { catchError, concat, defer, EMPTY, map, type Observable, of, switchMap, throwError } from 'rxjs';

import type { Handlers } from '../server/index.js';
import { answerThen } from './answer-then.js';
import type { AppServerContract } from './app-server-contract.js';
import { invalidRequest } from './invalid-request.js';
import type { LoadedThreads } from './loaded-threads.js';
import type { Thread } from './schemas/thread.js';
import type { ThreadEntry } from './store/thread-entry.js';
import { isThreadStoreError } from './store/thread-store-error.js';
import type { ThreadHost } from './thread-host.js';
import type { ThreadRecord } from './thread-record.js';
import { toSeconds } from './to-seconds.js';
import { toStoredThread } from './to-stored-thread.js';

type ChangeMethod = 'thread/archive' | 'thread/unarchive' | 'thread/name/set';

/**
 * Serves what changes a thread without working on it, loaded or not. A change is made, told and answered when the store
 * has it.
 *
 * @internal
 */
export function threadChangeHandlers(
  host: ThreadHost,
  threads: LoadedThreads,
): Pick<Handlers<AppServerContract>, ChangeMethod> {
  const { store } = host;
  const at = (): number => toSeconds(host.now());

  const append = (threadId: string, entry: ThreadEntry): Observable<never> => {
    const thread = threads.get(threadId);
    if (thread !== undefined && thread.journal === undefined) return EMPTY;
    if (store === undefined) throw invalidRequest(`thread not found: ${threadId}`);
    return store.append(threadId, entry).pipe(
      catchError((error: unknown) => {
        const isUnknown = isThreadStoreError(error) && error.reason === 'unknown';
        return throwError(() => (isUnknown ? invalidRequest(`thread not found: ${threadId}`) : error));
      }),
    );
  };

  /** Completes when the store has the entry and the thread, if it is loaded then, has changed. */
  const change = (threadId: string, entry: ThreadEntry, make: (thread: ThreadRecord) => void): Observable<never> =>
    concat(
      append(threadId, entry),
      defer(() => {
        const thread = threads.peek(threadId);
        if (thread !== undefined) make(thread);
        return EMPTY;
      }),
    );

  const archive = (threadId: string, archived: boolean): Observable<never> => {
    const thread = threads.get(threadId);
    if (thread !== undefined && thread.journal === undefined) {
      throw invalidRequest(`an ephemeral thread cannot be archived: ${threadId}`);
    }
    return change(threadId, { type: 'archived', at: at(), archived }, (loaded) => {
      loaded.archived = archived;
    });
  };

  const show = (threadId: string): Observable<Thread> => {
    const thread = threads.peek(threadId);
    if (thread !== undefined || store === undefined) return thread === undefined ? EMPTY : of(thread.toThread());
    return store
      .read(threadId)
      .pipe(switchMap((stored) => (stored === undefined ? EMPTY : of(toStoredThread(stored.summary)))));
  };

  return {
    'thread/archive': ({ threadId }) =>
      answerThen(concat(archive(threadId, true), of({})), () => {
        host.server.broadcast('thread/archived', { threadId });
      }),

    'thread/unarchive': ({ threadId }) =>
      answerThen(concat(archive(threadId, false), show(threadId).pipe(map((thread) => ({ thread })))), () => {
        host.server.broadcast('thread/unarchived', { threadId });
      }),

    'thread/name/set': ({ threadId, name: given }) => {
      const name = given.trim();
      if (name === '') throw invalidRequest('thread name must not be empty');
      const named$ = change(threadId, { type: 'named', at: at(), name }, (thread) => {
        thread.name = name;
      });
      return answerThen(concat(named$, of({})), () => {
        host.server.broadcast('thread/name/updated', { threadId, threadName: name });
      });
    },
  };
}
