import { BehaviorSubject, defer, filter, finalize, ignoreElements, type Observable, take, tap } from 'rxjs';

import type { ThreadEntry } from './store/thread-entry.js';
import type { ThreadStore } from './store/thread-store.js';
import type { ThreadSummary } from './store/thread-summary.js';

/**
 * A thread's way into the store. What happens is handed over at once and never waited for; a store keeps the order.
 *
 * What the store could not keep is told each time. After a failed beginning it is told once: none of the rest can be
 * kept either.
 *
 * @internal
 */
export class ThreadJournal {
  /** Completes when the store has dealt with all it was given; at once if it has. */
  readonly idle$: Observable<never>;
  private readonly pending = new BehaviorSubject(0);
  private isLost = false;

  constructor(
    private readonly store: ThreadStore,
    private readonly threadId: string,
    private readonly failed: (error: unknown) => void,
  ) {
    this.idle$ = this.pending.pipe(
      filter((count) => count === 0),
      take(1),
      ignoreElements(),
    );
  }

  /** Begins a new thread. */
  create(summary: ThreadSummary): void {
    this.follow(
      defer(() => this.store.create(summary)),
      () => {
        this.isLost = true;
      },
    );
  }

  append(entry: ThreadEntry): void {
    if (!this.isLost) this.follow(defer(() => this.store.append(this.threadId, entry)));
  }

  private follow(work: Observable<never>, lost?: () => void): void {
    this.pending.next(this.pending.value + 1);
    work
      .pipe(
        tap({
          error: (error: unknown) => {
            const isNews = !this.isLost;
            lost?.();
            if (isNews) this.failed(error);
          },
        }),
        finalize(() => {
          this.pending.next(this.pending.value - 1);
        }),
      )
      .subscribe({ error: () => undefined });
  }
}
