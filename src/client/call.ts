import type { Observer } from 'rxjs';

import { ClientRequest } from './client-request.js';
import type { CallOptions } from './client.js';
import type { CommandLane } from './command-lane.js';

/**
 * Sends a request at once and promises its result.
 *
 * This is where observables end and `await` begins: besides `pullFrom` and `Symbol.asyncDispose`, nothing else here makes
 * a promise. The promise's own functions wait in the id map, so awaiting costs a promise and no observable. Aborting
 * the signal cancels the request as unsubscribing would.
 */
export function call(
  lane: CommandLane,
  method: string,
  params: unknown,
  options: CallOptions | undefined,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const signal = options?.signal;
    if (signal?.aborted === true) {
      // As `throwIfAborted` does: the reason is the caller's own.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      reject(signal.reason);
      return;
    }
    const observer = new PromiseObserver(resolve, reject);
    const request = new ClientRequest(method, params, observer, lane, lane.specOf(method), false);
    lane.submit(request, undefined, options?.timeout ?? lane.timeout);
    if (signal !== undefined && request.state !== 'settled') observer.listen(signal, request);
  });
}

/** The two functions of a promise, as the observer of one answer. */
class PromiseObserver implements Observer<unknown> {
  private ignore: (() => void) | undefined;

  constructor(
    private readonly resolve: (value: unknown) => void,
    private readonly reject: (error: unknown) => void,
  ) {}

  next(value: unknown): void {
    this.ignore?.();
    this.resolve(value);
  }

  error(error: unknown): void {
    this.ignore?.();
    this.reject(error);
  }

  complete(): void {
    // The value has settled the promise already.
  }

  listen(signal: AbortSignal, request: ClientRequest): void {
    const abort = (): void => {
      request.unsubscribe();
      this.reject(signal.reason);
    };
    // Aborted by what the request itself set off.
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    this.ignore = () => {
      signal.removeEventListener('abort', abort);
    };
  }
}
