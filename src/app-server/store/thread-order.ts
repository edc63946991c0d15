import { comparePlaces, placeOf, type ThreadPlace } from './thread-cursor.js';
import type { ThreadQuery } from './thread-query.js';
import type { ThreadSummary } from './thread-summary.js';

/**
 * Summaries in one order, kept sorted as they come and change.
 *
 * A sorted array: finding a place takes as many steps as the count has binary digits, and moving what stands behind it is
 * one copy of memory. The newest stand at its end, where nearly all changes happen.
 *
 * @internal
 */
export class ThreadOrder {
  private readonly sorted: ThreadSummary[] = [];

  constructor(private readonly sortKey: ThreadQuery['sortKey']) {}

  add(summary: ThreadSummary): void {
    this.sorted.splice(this.indexOf(placeOf(summary, this.sortKey)), 0, summary);
  }

  /** @param before The summary as it was added. */
  replace(before: ThreadSummary, after: ThreadSummary): void {
    const index = this.indexOf(placeOf(before, this.sortKey));
    if (before[this.sortKey] === after[this.sortKey]) {
      this.sorted[index] = after;
    } else {
      this.sorted.splice(index, 1);
      this.add(after);
    }
  }

  /** The newest first, from the first one behind a place; all without one. */
  *newestFirst(behind?: ThreadPlace): Generator<ThreadSummary> {
    const { sorted } = this;
    for (let index = behind === undefined ? sorted.length : this.indexOf(behind); index > 0;) {
      index -= 1;
      const summary = sorted[index];
      if (summary !== undefined) yield summary;
    }
  }

  /** The index of the first that is not older than a place. */
  private indexOf(place: ThreadPlace): number {
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const summary = this.sorted[middle];
      if (summary !== undefined && comparePlaces(placeOf(summary, this.sortKey), place) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
