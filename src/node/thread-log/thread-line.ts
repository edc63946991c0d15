import type { ThreadEntry, ThreadSummary } from '../../app-server/index.js';

/** The first line of a thread's file. */
export interface ThreadHeader {
  readonly type: 'thread';
  readonly version: 1;
  readonly summary: ThreadSummary;
}

/** What a thread's file says, line by line. `other` is an entry of a newer version. */
export type ThreadLine =
  | { readonly type: 'header'; readonly summary: ThreadSummary }
  | { readonly type: 'entry'; readonly entry: ThreadEntry }
  | { readonly type: 'other'; readonly kind: string };

const ENTRIES: ReadonlySet<unknown> = new Set<ThreadEntry['type']>([
  'turnStarted',
  'item',
  'turnCompleted',
  'named',
  'archived',
]);

/** The first line of a new thread's file. */
export function toThreadHeader(summary: ThreadSummary): ThreadHeader {
  return { type: 'thread', version: 1, summary };
}

/**
 * Tells the kinds apart. The checksum vouches for the rest: a line is as some version of this store wrote it. Throws for
 * a file of a version this one would only spoil.
 */
export function toThreadLine(value: Readonly<Record<string, unknown>>): ThreadLine {
  const { type, version, summary } = value;
  if (type === 'thread' && version !== 1)
    throw new Error(`written by a newer version of this store: ${String(version)}`);
  if (type === 'thread') return { type: 'header', summary: summary as ThreadSummary };
  if (ENTRIES.has(type)) return { type: 'entry', entry: value as unknown as ThreadEntry };
  return { type: 'other', kind: String(type) };
}

/**
 * What is known of a thread whose first line is lost: nothing but its id, so the user is asked before it does anything.
 */
export function unknownSummary(id: string, createdAt: number): ThreadSummary {
  return {
    id,
    name: null,
    preview: '',
    cwd: '/',
    source: 'unknown',
    approvalPolicy: 'untrusted',
    createdAt,
    updatedAt: createdAt,
    archived: false,
  };
}
