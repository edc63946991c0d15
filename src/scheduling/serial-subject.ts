import { Subject } from 'rxjs';

import { Trampoline } from './trampoline.js';

/**
 * A `Subject` whose observers all see the same order, also when one of them emits from inside `next`.
 *
 * A plain `Subject` recurses: with observers A and B, an A that answers 1 by emitting 2 makes B see 2 before 1. Here
 * what is emitted during a delivery waits until that delivery is over. Completion and error wait in the same line.
 *
 * ```
 *  A emits 2 when it sees 1      Subject         A1 A2 B2 B1
 *                                SerialSubject   A1 B1 A2 B2
 * ```
 *
 * - Loses: nothing. - On complete, on error: after all values emitted before. - On unsubscribe: as `Subject`.
 *
 * @example
 * ```ts
 * const state$ = new SerialSubject<number>();
 * state$.subscribe((n) => { if (n < 3) state$.next(n + 1); });
 * ```
 */
export class SerialSubject<T> extends Subject<T> {
  private readonly trampoline = new Trampoline<() => void>((deliver) => {
    deliver();
  });

  /** Emits a value, after those that are being delivered. */
  override next(value: T): void {
    this.trampoline.push(() => {
      super.next(value);
    });
  }

  /** Ends with an error, after all values emitted before. */
  override error(error: unknown): void {
    this.trampoline.push(() => {
      super.error(error);
    });
  }

  /** Completes, after all values emitted before. */
  override complete(): void {
    this.trampoline.push(() => {
      super.complete();
    });
  }
}
