import type { ThreadSummary } from './thread-summary.js';

/** Which threads, in which order, and how many at a time. */
export interface ThreadQuery {
  /** Archived ones, or the others; never both. */
  readonly archived: boolean;
  /** Newest first. Equal times are told apart by id. */
  readonly sortKey: 'createdAt' | 'updatedAt';
  /** From 1. */
  readonly limit: number;
  /** What the page before it gave as `nextCursor`; undefined for the first. */
  readonly cursor?: string | undefined;
  /** Text that stands in the name or the preview, whatever its case. */
  readonly search?: string | undefined;
  readonly sources?: readonly string[] | undefined;
  readonly cwd?: string | undefined;
}

/** One page of threads. */
export interface ThreadPage {
  readonly threads: readonly ThreadSummary[];
  /** Asks for what follows; null if nothing does. It stays good while threads come, go and change. */
  readonly nextCursor: string | null;
}
