import {
  applyThreadEntry,
  type StoredThread,
  type ThreadEntry,
  ThreadStoreError,
  type ThreadSummary,
} from '../../app-server/index.js';
import type { LogFile, LogFiles } from './log-files.js';
import { scanLog } from './scan-log.js';
import { toThreadContents } from './thread-contents.js';
import type { ThreadStoreDiagnostic } from './thread-store-diagnostic.js';

/** What all logs of a folder share. */
export interface LogHost {
  readonly files: LogFiles;
  /** Resolves when this turn of the event loop is over: until then others may join a batch. */
  endOfTurn(): Promise<void>;
  /** Runs work that holds a file open, once there is room for one more. */
  withFile<T>(work: () => Promise<T>): Promise<T>;
  syncFolder(): Promise<void>;
  /** Gets a file out of the way that no thread is known to have. */
  moveAside(path: string): Promise<void>;
  /** Called in the step in which entries became durable. */
  durable(log: ThreadLog, change: LogChange): void;
  report(diagnostic: ThreadStoreDiagnostic): void;
}

/** What became durable, and what is known of the thread from now on. */
export interface LogChange {
  readonly created: ThreadSummary | undefined;
  readonly entries: readonly ThreadEntry[];
}

/** Lines that become durable together, or not at all. */
interface Batch {
  created: ThreadSummary | undefined;
  readonly lines: Uint8Array[];
  readonly entries: ThreadEntry[];
  readonly done: Promise<void>;
}

/**
 * The file of one thread.
 *
 * What is asked for while a write is under way, or within one turn of the event loop, becomes durable with one write and
 * one sync. Everything is done in the order it was asked for. The file is open for as long as one batch takes, so that as
 * many threads as you like need few descriptors, and nothing unsynced is ever left to a descriptor nobody holds.
 *
 * @internal
 */
export class ThreadLog {
  /** The batch that may still grow: the last in line. */
  private batch: Batch | undefined;
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly host: LogHost,
    readonly id: string,
    readonly path: string,
    /** Where the next line goes. What stands behind it is of no worth: a write that did not come to its end. */
    private end = 0,
    /** The last line lacks its end. */
    private unterminated = false,
    private exists = false,
  ) {}

  /** How much of the file is whole lines with their end. */
  get covered(): number | undefined {
    return this.unterminated || !this.exists ? undefined : this.end;
  }

  create(summary: ThreadSummary, line: Uint8Array): Promise<void> {
    const batch = this.openBatch();
    batch.created = summary;
    batch.lines.push(line);
    return batch.done;
  }

  append(entry: ThreadEntry, line: Uint8Array): Promise<void> {
    const batch = this.openBatch();
    batch.entries.push(entry);
    batch.lines.push(line);
    return batch.done;
  }

  /** @param known The summary as it is listed. */
  read(known: () => ThreadSummary | undefined): Promise<StoredThread | undefined> {
    // What is asked for from now on comes after this, so it cannot join what comes before.
    this.batch = undefined;
    return this.enqueue(async () => {
      const { host, path: file, id } = this;
      if (!this.exists) return undefined;
      const bytes = await host.withFile(() => host.files.read(file));
      const scan = scanLog(bytes.subarray(0, this.end));
      const { summary, entries } = toThreadContents(scan, { id, file, known: known() }, (found) => host.report(found));
      return summary === undefined ? undefined : entries.reduce<StoredThread>(applyThreadEntry, { summary, turns: [] });
    });
  }

  private openBatch(): Batch {
    if (this.batch !== undefined) return this.batch;
    const batch: Batch = {
      created: undefined,
      lines: [],
      entries: [],
      done: this.enqueue(async () => {
        await this.host.endOfTurn();
        await this.host.withFile(() => {
          if (this.batch === batch) this.batch = undefined;
          return this.commit(batch);
        });
      }),
    };
    this.batch = batch;
    return batch;
  }

  private enqueue<T>(work: () => Promise<T>): Promise<T> {
    const done = this.last.then(work);
    this.last = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  private async commit(batch: Batch): Promise<void> {
    if (!this.exists && batch.created === undefined) {
      throw new ThreadStoreError('unknown', 'could not be made', this.id);
    }
    const bytes = Buffer.concat(this.unterminated ? [Buffer.from('\n'), ...batch.lines] : batch.lines);
    if (this.exists) await this.extend(bytes);
    else await this.make(bytes);
    this.end += bytes.length;
    this.unterminated = false;
    this.exists = true;
    this.host.durable(this, batch);
  }

  private async extend(bytes: Uint8Array): Promise<void> {
    const file = await this.host.files.open(this.path, 'write');
    try {
      const size = await file.size();
      if (size < this.end) throw new Error(`${this.path} has become shorter: somebody else has changed it`);
      try {
        if (size > this.end) await file.truncate(this.end);
        await writeAll(file, bytes, this.end);
        await file.sync();
      } catch (error) {
        // After a failed sync nobody knows what the disk has, and asking a second time proves nothing. So it is all cut
        // off, here or else by the next batch, which writes what it has to say through a descriptor of its own.
        await settled(file.truncate(this.end).then(() => file.sync()));
        throw error;
      }
    } finally {
      await settled(file.close());
    }
  }

  private async make(bytes: Uint8Array): Promise<void> {
    const { files } = this.host;
    const file = await this.openNew();
    try {
      try {
        await writeAll(file, bytes, 0);
        await file.sync();
      } finally {
        await settled(file.close());
      }
      await this.host.syncFolder();
    } catch (error) {
      await settled(files.remove(this.path));
      throw error;
    }
  }

  private async openNew(): Promise<LogFile> {
    const { files } = this.host;
    try {
      return await files.open(this.path, 'create');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      await this.host.moveAside(this.path);
      return files.open(this.path, 'create');
    }
  }
}

async function writeAll(file: LogFile, bytes: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const count = await file.write(bytes.subarray(written), position + written);
    if (count === 0) throw new Error('the file takes no more bytes');
    written += count;
  }
}

/** For what is tried after a failure: its own failure would say less than the one before. */
function settled(tried: Promise<unknown>): Promise<unknown> {
  return tried.catch(() => undefined);
}
