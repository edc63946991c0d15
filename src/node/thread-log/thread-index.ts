import { join } from 'node:path';

import type { ThreadSummary } from '../../app-server/index.js';
import type { LogFiles } from './log-files.js';
import { encodeLine } from './log-line.js';
import { scanLog } from './scan-log.js';
import type { ThreadStoreDiagnostic } from './thread-store-diagnostic.js';

/** A summary, and how much of the thread's log it accounts for. */
export interface IndexedThread {
  readonly summary: ThreadSummary;
  readonly covered: number;
}

const indexPath = (folder: string): string => join(folder, 'index.jsonl');

/**
 * Reads what the index says of each thread. It is never the truth: a thread it does not have, or whose log it does not
 * account for, is read from the log. So nothing here is worth an error.
 *
 * @internal
 */
export async function readThreadIndex(
  files: LogFiles,
  folder: string,
  report: (diagnostic: ThreadStoreDiagnostic) => void,
): Promise<ReadonlyMap<string, IndexedThread>> {
  const file = indexPath(folder);
  const threads = new Map<string, IndexedThread>();
  let bytes: Uint8Array;
  try {
    bytes = await files.read(file);
  } catch {
    return threads;
  }
  const { values, damaged, torn } = scanLog(bytes);
  const lines = damaged.length + (torn === undefined ? 0 : 1);
  if (lines > 0) report({ type: 'indexDamaged', file, lines });
  for (const { type, version, summary, covered } of values) {
    if (type !== 'indexed' || version !== 1) continue;
    const thread = { summary: summary as ThreadSummary, covered: covered as number };
    threads.set(thread.summary.id, thread);
  }
  return threads;
}

/**
 * Writes the index anew, in one step. It needs no sync: if it is lost or half there, its lines tell.
 *
 * @internal
 */
export async function writeThreadIndex(
  files: LogFiles,
  folder: string,
  threads: Iterable<IndexedThread>,
  report: (diagnostic: ThreadStoreDiagnostic) => void,
): Promise<void> {
  const file = indexPath(folder);
  const lines = Array.from(threads, (thread) => encodeLine({ type: 'indexed', version: 1, ...thread }));
  try {
    await files.write(`${file}.tmp`, Buffer.concat(lines));
    await files.rename(`${file}.tmp`, file);
  } catch (error) {
    report({ type: 'indexNotWritten', file, error });
  }
}
