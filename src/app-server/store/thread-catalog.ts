import { fromCursor, placeOf, toCursor } from './thread-cursor.js';
import { ThreadOrder } from './thread-order.js';
import type { ThreadPage, ThreadQuery } from './thread-query.js';
import type { ThreadSummary } from './thread-summary.js';

/**
 * The summaries of all threads of a store, ready to be listed.
 *
 * It is kept sorted in both orders while threads come and change, so a page costs what it shows and what it passes over,
 * whatever the number of threads. A page starts behind the place where the one before it ended: what changes meanwhile
 * shifts nothing, and what moves to the front is seen by who reads the front again.
 *
 * **Use it when** you write a store of your own. **Rather use** {@link memoryThreadStore} to keep threads in memory.
 *
 * @example
 * ```ts
 * const newest = (summaries: readonly ThreadSummary[]): ThreadPage => {
 *   const catalog = new ThreadCatalog();
 *   for (const summary of summaries) catalog.set(summary);
 *   return catalog.page({ archived: false, sortKey: 'updatedAt', limit: 25 });
 * };
 * ```
 * @see {@link applyThreadEntry}, because it says what an entry changes in a summary.
 */
export class ThreadCatalog {
  private readonly byId = new Map<string, ThreadSummary>();
  /** Name and preview in lower case. A search looks at all of them and must not make them anew each time. */
  private readonly texts = new Map<string, string>();
  private readonly orders = { createdAt: new ThreadOrder('createdAt'), updatedAt: new ThreadOrder('updatedAt') };

  /** Threads in it. */
  get size(): number {
    return this.byId.size;
  }

  /** What is known of a thread. */
  get(id: string): ThreadSummary | undefined {
    return this.byId.get(id);
  }

  /** In the order they were first set. */
  values(): IterableIterator<ThreadSummary> {
    return this.byId.values();
  }

  /** Adds a thread, or takes what has changed in it. */
  set(summary: ThreadSummary): void {
    const before = this.byId.get(summary.id);
    if (before === summary) return;
    this.byId.set(summary.id, summary);
    if (before === undefined) {
      this.orders.createdAt.add(summary);
      this.orders.updatedAt.add(summary);
    } else {
      this.orders.createdAt.replace(before, summary);
      this.orders.updatedAt.replace(before, summary);
    }
    if (before?.name !== summary.name || before.preview !== summary.preview) {
      this.texts.set(summary.id, `${summary.name ?? ''}\0${summary.preview}`.toLowerCase());
    }
  }

  /** Throws a `TypeError` on a limit below 1 and on a cursor that is none of a list in this order. */
  page(query: ThreadQuery): ThreadPage {
    const { sortKey, limit, cursor } = query;
    if (!Number.isInteger(limit) || limit < 1) throw new TypeError(`not a number of threads for a page: ${limit}`);
    const behind = cursor === undefined ? undefined : fromCursor(sortKey, cursor);
    const matches = this.matcher(query);
    const threads: ThreadSummary[] = [];
    for (const summary of this.orders[sortKey].newestFirst(behind)) {
      if (!matches(summary)) continue;
      const last = threads.at(-1);
      // One more than fits: so something follows.
      if (threads.length === limit && last !== undefined) {
        return { threads, nextCursor: toCursor(sortKey, placeOf(last, sortKey)) };
      }
      threads.push(summary);
    }
    return { threads, nextCursor: null };
  }

  private matcher({ archived, search, sources, cwd }: ThreadQuery): (summary: ThreadSummary) => boolean {
    const text = search?.toLowerCase() ?? '';
    return (summary) =>
      summary.archived === archived &&
      (cwd === undefined || summary.cwd === cwd) &&
      (sources === undefined || sources.includes(summary.source)) &&
      (text === '' || (this.texts.get(summary.id) ?? '').includes(text));
  }
}
