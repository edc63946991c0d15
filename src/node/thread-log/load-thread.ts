import { reduceThreadSummary, type ThreadSummary } from '../../app-server/index.js';
import type { LogFiles } from './log-files.js';
import { scanLog } from './scan-log.js';
import { toThreadContents } from './thread-contents.js';
import type { IndexedThread } from './thread-index.js';
import type { ThreadStoreDiagnostic } from './thread-store-diagnostic.js';

/** A thread as its file has it. */
export interface LoadedThread {
  readonly summary: ThreadSummary;
  readonly end: number;
  readonly unterminated: boolean;
  /** Bytes had to be read: the index did not account for all of them. */
  readonly wasRead: boolean;
}

/**
 * Finds out what a file says of its thread, reading only what the index does not account for. A file grows at its end and
 * is never cut below what is durable, so as long as it is not shorter, the index holds for what it covers.
 *
 * Resolves to undefined if there is no whole line in it.
 *
 * @internal
 */
export async function loadThread(
  files: LogFiles,
  id: string,
  file: string,
  indexed: IndexedThread | undefined,
  report: (diagnostic: ThreadStoreDiagnostic) => void,
): Promise<LoadedThread | undefined> {
  const size = await files.size(file);
  const base = indexed !== undefined && indexed.covered <= size ? indexed : undefined;
  if (base?.covered === size) return { summary: base.summary, end: size, unterminated: false, wasRead: false };
  const from = base?.covered ?? 0;
  const scan = scanLog(await files.read(file, from), from);
  const { summary, entries } = toThreadContents(scan, { id, file, known: (base ?? indexed)?.summary }, report);
  if (summary === undefined || scan.end === 0) return undefined;
  const { end, unterminated } = scan;
  return { summary: entries.reduce(reduceThreadSummary, summary), end, unterminated, wasRead: true };
}
