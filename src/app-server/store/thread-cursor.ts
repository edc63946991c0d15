import type { ThreadQuery } from './thread-query.js';
import type { ThreadSummary } from './thread-summary.js';

/** The time and the id of a thread: its place in one order. */
export interface ThreadPlace {
  readonly time: number;
  readonly id: string;
}

/** Older first, so that what is new stands at the end; equal times by id. */
export function comparePlaces(a: ThreadPlace, b: ThreadPlace): number {
  return a.time - b.time || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Where a thread stands in an order. */
export function placeOf(summary: ThreadSummary, sortKey: ThreadQuery['sortKey']): ThreadPlace {
  return { time: summary[sortKey], id: summary.id };
}

/** Writes down where a page ended. It names a place, not a thread or a count: both may be gone when it is read. */
export function toCursor(sortKey: ThreadQuery['sortKey'], { time, id }: ThreadPlace): string {
  return JSON.stringify([sortKey, time, id]);
}

/** Reads it back. Throws a `TypeError` if it is none, or of another order. */
export function fromCursor(sortKey: ThreadQuery['sortKey'], cursor: string): ThreadPlace {
  const [key, time, id] = parseArray(cursor);
  if (key !== sortKey || typeof time !== 'number' || typeof id !== 'string') {
    throw new TypeError(`not a cursor of a list by ${sortKey}: ${cursor}`);
  }
  return { time, id };
}

function parseArray(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
