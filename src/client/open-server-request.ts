import { AsyncSubject, type Observable } from 'rxjs';

import type { RequestId } from '../protocol/index.js';
import type { Settled } from './server-request.js';

/** Who sends the answers. */
export interface OpenServerRequestOwner {
  settle(request: OpenServerRequest, answer: { readonly result: unknown } | { readonly error: unknown }): Settled;
}

/** A question that waits for its answer, as it is shown to the application. */
export class OpenServerRequest {
  isOpen = true;
  /** What an answer is told that comes too late. */
  verdict: Settled = 'alreadySettled';
  /** Whether its turn among the events has come. */
  isPresented = false;
  readonly settled$: Observable<void>;

  private readonly settled = new AsyncSubject<void>();

  constructor(
    private readonly owner: OpenServerRequestOwner,
    readonly id: RequestId,
    readonly method: string,
    readonly params: unknown,
    readonly seq: number,
  ) {
    this.settled$ = this.settled.asObservable();
  }

  tellSettled(): void {
    this.settled.next();
    this.settled.complete();
  }

  respond(result: unknown): Settled {
    return this.owner.settle(this, { result });
  }

  fail(error: unknown): Settled {
    return this.owner.settle(this, { error });
  }
}
