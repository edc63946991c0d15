import { randomUUID } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';

import { from, lastValueFrom, mergeMap } from 'rxjs';

import {
  reduceThreadSummary,
  type StoredThread,
  ThreadCatalog,
  type ThreadEntry,
  type ThreadPage,
  type ThreadQuery,
  ThreadStoreError,
  type ThreadSummary,
} from '../../app-server/index.js';
import { type FolderLock, lockFolder } from './folder-lock.js';
import { loadThread } from './load-thread.js';
import type { LogFiles } from './log-files.js';
import { Semaphore } from './semaphore.js';
import { SharedRun } from './shared-run.js';
import { fromThreadFileName, toThreadFileName } from './thread-file-name.js';
import { readThreadIndex, writeThreadIndex } from './thread-index.js';
import { type LogChange, type LogHost, ThreadLog } from './thread-log.js';
import type { ThreadStoreDiagnostic } from './thread-store-diagnostic.js';

/** Logs that may change before the index is written again: so many files at most are read at a start after a crash. */
const INDEX_EVERY = 1_024;

/** What a folder is opened with. */
export interface ThreadFolderOptions {
  readonly folder: string;
  readonly files: LogFiles;
  readonly maxOpenFiles: number;
  endOfTurn(): Promise<void>;
  report(diagnostic: ThreadStoreDiagnostic): void;
}

/**
 * A folder of threads that is open: its lock, its logs and the list of all of them.
 *
 * @internal
 */
export class ThreadFolder implements LogHost {
  readonly files: LogFiles;
  private readonly folder: string;
  private readonly catalog = new ThreadCatalog();
  private readonly logs = new Map<string, ThreadLog>();
  /** Files that could not be read, by thread. */
  private readonly unreadable = new Map<string, unknown>();
  private readonly slots: Semaphore;
  private readonly folderSync: SharedRun;
  private readonly indexWrite: SharedRun;
  private readonly reported = new Set<string>();
  private lock: FolderLock | undefined;
  /** Logs that have changed since the index was written. */
  private readonly changed = new Set<string>();

  constructor(private readonly options: ThreadFolderOptions) {
    this.files = options.files;
    this.folder = resolve(options.folder);
    this.slots = new Semaphore(options.maxOpenFiles);
    this.folderSync = new SharedRun(() => this.files.syncFolder(this.folder));
    this.indexWrite = new SharedRun(() => this.writeIndex());
  }

  async open(): Promise<void> {
    const { files, folder } = this;
    const topmost = await files.makeFolder(folder);
    for (let made = folder; topmost !== undefined && made.length >= topmost.length; made = dirname(made)) {
      await files.syncFolder(dirname(made));
    }
    this.lock = await lockFolder(files, folder);
    const { takenFrom } = this.lock;
    if (takenFrom !== undefined) this.report({ type: 'lockTakenOver', file: folder, pid: takenFrom.pid });
    try {
      await this.load();
    } catch (error) {
      await this.lock.release();
      throw error;
    }
  }

  async close(): Promise<void> {
    if (this.changed.size > 0 || this.indexWrite.isBusy) await this.indexWrite.run();
    await this.lock?.release();
  }

  create(summary: ThreadSummary, line: Uint8Array): Promise<void> {
    const { id } = summary;
    const file = toThreadFileName(id);
    const cause = this.unreadable.get(id);
    if (cause !== undefined) throw new ThreadStoreError('exists', 'exists but cannot be read', id, { cause });
    if (this.logs.has(id)) throw new ThreadStoreError('exists', 'exists already', id);
    const log = new ThreadLog(this, id, join(this.folder, file));
    this.logs.set(id, log);
    const done = log.create(summary, line);
    // What was asked for behind it fails by itself: the log has no beginning.
    done.catch(() => this.logs.delete(id));
    return done;
  }

  append(threadId: string, entry: ThreadEntry, line: Uint8Array): Promise<void> {
    const log = this.find(threadId);
    if (log === undefined) throw new ThreadStoreError('unknown', 'is not known', threadId);
    return log.append(entry, line);
  }

  async read(threadId: string): Promise<StoredThread | undefined> {
    return this.find(threadId)?.read(() => this.catalog.get(threadId));
  }

  list(query: ThreadQuery): ThreadPage {
    return this.catalog.page(query);
  }

  endOfTurn(): Promise<void> {
    return this.options.endOfTurn();
  }

  withFile<T>(work: () => Promise<T>): Promise<T> {
    return this.slots.run(work);
  }

  syncFolder(): Promise<void> {
    return this.folderSync.run();
  }

  async moveAside(file: string): Promise<void> {
    const to = `${file}.${randomUUID()}.aside`;
    await this.files.rename(file, to);
    this.report({ type: 'movedAside', file, to });
  }

  durable({ id }: ThreadLog, { created, entries }: LogChange): void {
    const before = created ?? this.catalog.get(id);
    if (before !== undefined) this.catalog.set(entries.reduce(reduceThreadSummary, before));
    this.changed.add(id);
    this.writeIndexWhenDue();
  }

  /** Each thing once, however often the same line is met. */
  report(diagnostic: ThreadStoreDiagnostic): void {
    const key = JSON.stringify(diagnostic);
    if (this.reported.has(key)) return;
    this.reported.add(key);
    this.options.report(diagnostic);
  }

  private find(threadId: string): ThreadLog | undefined {
    const cause = this.unreadable.get(threadId);
    if (cause !== undefined) throw new ThreadStoreError('io', 'cannot be read', threadId, { cause });
    return this.logs.get(threadId);
  }

  private async load(): Promise<void> {
    const { files, folder } = this;
    const report = (found: ThreadStoreDiagnostic): void => this.report(found);
    const index = await readThreadIndex(files, folder, report);
    const loadOne = async (name: string): Promise<void> => {
      const id = fromThreadFileName(name);
      if (id === undefined) return;
      const path = join(folder, name);
      try {
        const thread = await loadThread(files, id, path, index.get(id), report);
        if (thread === undefined) return;
        this.logs.set(id, new ThreadLog(this, id, path, thread.end, thread.unterminated, true));
        this.catalog.set(thread.summary);
        if (thread.wasRead) this.changed.add(id);
      } catch (error) {
        this.unreadable.set(id, error);
        report({ type: 'unreadable', file: path, error });
      }
    };
    const names = await files.names(folder);
    await lastValueFrom(from(names).pipe(mergeMap(loadOne, this.options.maxOpenFiles)), { defaultValue: undefined });
    this.writeIndexWhenDue();
  }

  private writeIndexWhenDue(): void {
    if (this.changed.size >= INDEX_EVERY) void this.indexWrite.run();
  }

  private async writeIndex(): Promise<void> {
    this.changed.clear();
    const threads = Array.from(this.catalog.values(), (summary) => {
      const covered = this.logs.get(summary.id)?.covered;
      return covered === undefined ? [] : [{ summary, covered }];
    });
    await writeThreadIndex(this.files, this.folder, threads.flat(), (found) => this.report(found));
  }
}
