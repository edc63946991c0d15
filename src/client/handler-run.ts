import { defaultIfEmpty, isObservable, type Observable, type Subscription, take } from 'rxjs';

import { isPromiseLike, isRpcError, type RequestId } from '../protocol/index.js';
import type { OpenServerRequest } from './open-server-request.js';
import type { ServerRequestContext, ServerRequestHandler } from './server-request.js';

/** One call of a handler for one server request; also the context the handler gets. */
export class HandlerRun implements ServerRequestContext {
  private controller: AbortController | undefined;
  private work: Subscription | undefined;
  private stopped = false;

  constructor(
    private readonly request: OpenServerRequest,
    private readonly failed: (error: unknown) => void,
  ) {}

  get id(): RequestId {
    return this.request.id;
  }

  get method(): string {
    return this.request.method;
  }

  get seq(): number {
    return this.request.seq;
  }

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.stopped) this.controller.abort();
    }
    return this.controller.signal;
  }

  start(handler: ServerRequestHandler<unknown, unknown>): void {
    let outcome: unknown;
    try {
      outcome = handler(this.request.params, this);
    } catch (error) {
      this.fail(error);
      return;
    }
    if (this.stopped) return;
    if (isObservable(outcome)) {
      this.follow(outcome);
    } else if (isPromiseLike(outcome)) {
      outcome.then(
        (value) => {
          this.respond(value);
        },
        (error: unknown) => {
          this.fail(error);
        },
      );
    } else {
      this.respond(outcome);
    }
  }

  /** The request was settled, or is to be answered by somebody else. */
  stop(): void {
    this.stopped = true;
    this.controller?.abort();
    this.work?.unsubscribe();
  }

  private follow(outcome: Observable<unknown>): void {
    this.work = outcome.pipe(take(1), defaultIfEmpty(undefined)).subscribe({
      next: (value) => {
        this.respond(value);
      },
      error: (error: unknown) => {
        this.fail(error);
      },
    });
    // Settled while it was being subscribed, when there was nothing to unsubscribe yet.
    if (this.stopped) this.work.unsubscribe();
  }

  private respond(value: unknown): void {
    if (!this.stopped) this.request.respond(value);
  }

  private fail(error: unknown): void {
    if (this.stopped) return;
    if (!isRpcError(error)) this.failed(error);
    this.request.fail(error);
  }
}
