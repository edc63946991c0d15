import { concatMap, EMPTY, type Observable, throwError, timer } from 'rxjs';

import type { ThreadEntry, ThreadStore } from '../../src/app-server/index.js';
import { memoryThreadStore } from '../../src/app-server/store/memory-thread-store.js';

/** A store that takes its time: each call is done after so many milliseconds, in the order they came. */
export function slowStore(ms: number, store = memoryThreadStore()): ThreadStore {
  const later = <T>(work: () => Observable<T>): Observable<T> => timer(ms).pipe(concatMap(work));
  return {
    create: (summary) => later(() => store.create(summary)),
    append: (threadId, entry) => later(() => store.append(threadId, entry)),
    read: (threadId) => later(() => store.read(threadId)),
    list: (query) => later(() => store.list(query)),
    close: () => later(() => store.close()),
  };
}

/** A store whose disk is full, for these kinds of entries; `create` is the beginning of a thread. */
export function fullStore(...kinds: readonly (ThreadEntry['type'] | 'create')[]): ThreadStore {
  const store = memoryThreadStore();
  const full = (): Observable<never> => throwError(() => new Error('disk full'));
  return {
    ...store,
    create: (summary) => (kinds.includes('create') ? full() : store.create(summary)),
    append: (threadId, entry) => (kinds.includes(entry.type) ? full() : store.append(threadId, entry)),
  };
}

/** A store that remembers what it was asked for, in words. */
export function loggedStore(store = memoryThreadStore()): ThreadStore & { readonly asked: string[] } {
  const asked: string[] = [];
  const note = (what: string): void => {
    asked.push(what);
  };
  return {
    asked,
    create: (summary) => {
      note(`create ${summary.id}`);
      return store.create(summary);
    },
    append: (threadId, entry) => {
      note(`${entry.type}${entry.type === 'item' ? ` ${entry.item.type}` : ''} of ${threadId}`);
      return store.append(threadId, entry);
    },
    read: (threadId) => {
      note(`read ${threadId}`);
      return store.read(threadId);
    },
    list: (query) => {
      note(`list ${JSON.stringify(query)}`);
      return store.list(query);
    },
    close: () => {
      note('close');
      return EMPTY;
    },
  };
}
