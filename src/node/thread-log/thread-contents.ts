import type { ThreadEntry, ThreadSummary } from '../../app-server/index.js';
import type { LogScan } from './scan-log.js';
import { toThreadLine, unknownSummary } from './thread-line.js';
import type { ThreadStoreDiagnostic } from './thread-store-diagnostic.js';

/** What a thread's file, or its end, says of the thread. */
export interface ThreadContents {
  /** Of the first line; undefined if the file says nothing at all. */
  readonly summary: ThreadSummary | undefined;
  readonly entries: readonly ThreadEntry[];
}

/**
 * Makes sense of the lines of a file, and tells what makes none.
 *
 * @param known The summary before these lines, for a file whose beginning was not read or is damaged.
 */
export function toThreadContents(
  { values, damaged, torn }: LogScan,
  { id, file, known }: { readonly id: string; readonly file: string; readonly known: ThreadSummary | undefined },
  report: (diagnostic: ThreadStoreDiagnostic) => void,
): ThreadContents {
  let header: ThreadSummary | undefined;
  const entries: ThreadEntry[] = [];
  for (const value of values) {
    const line = toThreadLine(value);
    if (line.type === 'entry') entries.push(line.entry);
    else if (line.type === 'other') report({ type: 'unknownLine', file, kind: line.kind });
    // A name that was copied to another by hand is that other thread.
    else header ??= { ...line.summary, id };
  }
  for (const line of damaged) report({ type: 'damagedLine', file, ...line });
  if (torn !== undefined) report({ type: 'tornTail', file, bytes: torn.bytes, reason: torn.reason });
  const [first] = entries;
  const summary = header ?? known ?? (first === undefined ? undefined : unknownSummary(id, first.at));
  return { summary, entries };
}
