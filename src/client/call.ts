import type { Observable } from 'rxjs';

/**
 * Promises the one value of a request, and sends it at once.
 *
 * This is where observables end and `await` begins: besides `pullFrom` and `Symbol.asyncDispose`, nothing else here makes
 * a promise. Aborting the signal unsubscribes, which cancels the request.
 */
export function call<R>(request: Observable<R>, signal: AbortSignal | undefined): Promise<R> {
  return new Promise<R>((resolve, reject) => {
    if (signal === undefined) {
      request.subscribe({ next: resolve, error: reject });
      return;
    }
    if (signal.aborted) {
      reject(reasonOf(signal));
      return;
    }
    const abort = (): void => {
      subscription.unsubscribe();
      reject(reasonOf(signal));
    };
    const subscription = request.subscribe({ next: resolve, error: reject });
    if (subscription.closed) return;
    signal.addEventListener('abort', abort, { once: true });
    subscription.add(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}

function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new Error('the call was aborted', { cause: reason });
}
