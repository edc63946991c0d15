import type { Observer, Unsubscribable } from 'rxjs';

import type { RequestId } from '../protocol/index.js';
import type { Deadline, Linked } from '../scheduling/index.js';

/** Who is told when nobody wants an answer any more. */
export interface PendingOwner<P> {
  /** The observer left before the answer came. */
  abandoned(request: P): void;
  /** The time for the answer is over. */
  expired(request: P): void;
}

/**
 * A request and the one observer that waits for its answer.
 *
 * It is everything at once that a waiting request has to be: the entry in the id map, the subscriber's teardown, the
 * place in a queue and the deadline. One object instead of five is what keeps a hundred thousand of them cheap.
 */
export class PendingRequest<R = unknown> implements Unsubscribable, Linked, Deadline {
  id: RequestId = -1;
  /** `waiting` for its place on the wire, `sent`, `abandoned` but still owed an answer, or `settled`. */
  state: 'waiting' | 'sent' | 'abandoned' | 'settled' = 'waiting';

  // Declared and not initialised: most requests never wait and have no deadline, and should not pay for either.
  declare queue: object | undefined;
  declare previous: Linked | undefined;
  declare next: Linked | undefined;
  declare due: number;
  declare place: number;
  declare order: number;

  constructor(
    readonly method: string,
    readonly params: unknown,
    private observer: Observer<R> | undefined,
    private readonly owner: PendingOwner<PendingRequest<R>>,
  ) {}

  resolve(value: R): void {
    const observer = this.release('settled');
    observer?.next(value);
    observer?.complete();
  }

  reject(error: unknown): void {
    this.release('settled')?.error(error);
  }

  /** Lets the observer go, with an error or without, while the peer still owes an answer. */
  abandon(error?: unknown): void {
    const observer = this.release('abandoned');
    if (error !== undefined) observer?.error(error);
  }

  /** The subscriber's teardown; also runs after the answer, when there is nothing left to do. */
  unsubscribe(): void {
    if (this.observer !== undefined) this.owner.abandoned(this);
  }

  expire(): void {
    this.owner.expired(this);
  }

  private release(state: 'abandoned' | 'settled'): Observer<R> | undefined {
    const { observer } = this;
    // Forgotten before it is told, so that what it does in reaction finds the request already over.
    this.observer = undefined;
    this.state = state;
    return observer;
  }
}
