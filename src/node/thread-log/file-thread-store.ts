import type { Observable } from 'rxjs';
import { defer, ignoreElements, ReplaySubject, type SchedulerLike } from 'rxjs';

import { isThreadStoreError, type ThreadStore, ThreadStoreError } from '../../app-server/index.js';
import { atLeastOne, messageOf } from '../../protocol/index.js';
import type { LogFiles } from './log-files.js';
import { encodeLine } from './log-line.js';
import { nodeLogFiles } from './node-log-files.js';
import { ThreadFolder } from './thread-folder.js';
import { toThreadHeader } from './thread-line.js';
import type { ThreadStoreDiagnostic } from './thread-store-diagnostic.js';

/** Diagnostics a late subscriber still gets. */
const REPLAYED = 64;

/** Where threads are kept, and how. */
export interface FileThreadStoreOptions {
  /** The folder. It is made if it is not there, and it belongs to the store: one store at a time. */
  readonly folder: string;
  /** Files that may be open at once. Default 32. */
  readonly maxOpenFiles?: number;
  /** Says when a batch begins. Default: when this turn of the event loop is over. */
  readonly scheduler?: SchedulerLike;
  /** The file system. Default: this machine's. */
  readonly files?: LogFiles;
}

/** A {@link ThreadStore} on disk. */
export interface FileThreadStore extends ThreadStore {
  /** What it found damaged and what it did about it; the last 64 are replayed. Completes when the store has closed. */
  readonly diagnostics$: Observable<ThreadStoreDiagnostic>;
}

/**
 * Keeps threads in a folder: one file of JSON lines for each, which only ever grows.
 *
 * An `append` completes when its entry would survive a loss of power. What is asked for while the disk is busy, or within
 * one turn of the event loop, shares one write and one sync per thread. The folder is opened and locked by the first
 * method that is subscribed to; if that fails, the next one tries again.
 *
 * **Use it when** threads must outlive the process. **Rather use** `memoryThreadStore` in specs, and for threads that need
 * not.
 *
 * - Loses: nothing it has told to be kept. A torn tail, as a process leaves that is killed while it writes, and a line that
 *   makes no sense cost no other line and are reported.
 * - On error: a {@link ThreadStoreError}. Of `append` it means that the entry is not kept, unless the process dies before the
 *   thread's next entry; later ones are.
 * - On list: it shows what is durable.
 * - On close: the index is written and the lock given back. What is asked for afterwards errors with `closed`.
 *
 * @example
 * ```ts
 * const store = fileThreadStore({ folder: '/var/lib/my-agent/threads' });
 * store.diagnostics$.subscribe((found) => console.warn('threads:', found));
 * store.append(threadId, { type: 'named', at: 1_700_000_000, name: 'Groceries' }).subscribe({
 *   error: (error: unknown) => console.error('not kept:', error),
 * });
 * ```
 * @see {@link ThreadStore}, because it says what every store does.
 */
export function fileThreadStore(options: FileThreadStoreOptions): FileThreadStore {
  const { folder, maxOpenFiles = 32, scheduler, files = nodeLogFiles } = options;
  const diagnostics = new ReplaySubject<ThreadStoreDiagnostic>(REPLAYED);
  /** What has been asked for and is not done. */
  const pending = new Set<Promise<unknown>>();
  let opened: Promise<ThreadFolder> | undefined;
  let closed: Promise<void> | undefined;

  const open = async (): Promise<ThreadFolder> => {
    const opening = new ThreadFolder({
      folder,
      files,
      maxOpenFiles: atLeastOne(maxOpenFiles),
      endOfTurn: () =>
        new Promise((resolve) => {
          if (scheduler === undefined) setImmediate(resolve);
          else scheduler.schedule(() => resolve());
        }),
      report: (diagnostic) => diagnostics.next(diagnostic),
    });
    try {
      await opening.open();
      return opening;
    } catch (error) {
      opened = undefined;
      throw error;
    }
  };
  const work = async <T>(threadId: string | undefined, task: (folder: ThreadFolder) => Promise<T> | T): Promise<T> => {
    if (closed !== undefined) throw new ThreadStoreError('closed', 'the store was closed', threadId);
    try {
      return await task(await (opened ??= open()));
    } catch (error) {
      if (isThreadStoreError(error) || error instanceof TypeError) throw error;
      throw new ThreadStoreError('io', messageOf(error), threadId, { cause: error });
    }
  };
  const doing = <T>(threadId: string | undefined, task: (folder: ThreadFolder) => Promise<T> | T): Promise<T> => {
    const done = work(threadId, task);
    pending.add(done);
    const forget = (): unknown => pending.delete(done);
    done.then(forget, forget);
    return done;
  };
  const close = async (): Promise<void> => {
    await Promise.allSettled(pending);
    try {
      await (await opened)?.close();
    } catch (error) {
      throw new ThreadStoreError('io', messageOf(error), undefined, { cause: error });
    } finally {
      diagnostics.complete();
    }
  };

  return {
    diagnostics$: diagnostics.asObservable(),
    create: (summary) =>
      defer(() => {
        // Now, since it may be changed by the time the folder is open.
        const line = encodeLine(toThreadHeader(summary));
        return doing(summary.id, (to) => to.create(summary, line));
      }).pipe(ignoreElements()),
    append: (threadId, entry) =>
      defer(() => {
        const line = encodeLine(entry);
        return doing(threadId, (to) => to.append(threadId, entry, line));
      }).pipe(ignoreElements()),
    read: (threadId) => defer(() => doing(threadId, (it) => it.read(threadId))),
    list: (query) => defer(() => doing(undefined, (it) => it.list(query))),
    close: () => defer(() => (closed ??= close())).pipe(ignoreElements()),
  };
}
