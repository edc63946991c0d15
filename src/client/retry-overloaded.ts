import { asyncScheduler, type MonoTypeOperatorFunction, retry, type SchedulerLike, throwError, timer } from 'rxjs';

import { isOverloaded } from '../protocol/index.js';
import { backOff } from './back-off.js';

/** How often and when a refused request is sent again. */
export interface RetryOverloadedOptions {
  /** Most further attempts. From 0; default 5. */
  readonly count?: number;
  /** Milliseconds before the first of them; doubled for each further one. Default 100. */
  readonly delay?: number;
  /** Milliseconds that no delay exceeds. Default 30,000. */
  readonly maxDelay?: number;
  /** Part of the delay that is random, from 0 to 1, so that clients do not come back together. Default 0.5. */
  readonly jitter?: number;
  /** Which errors mean that nothing was done. Default {@link isOverloaded}; a protocol may have words of its own. */
  readonly isOverloaded?: (error: unknown) => boolean;
  /** Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
  /** A number from 0 to 1. Default `Math.random`. */
  readonly random?: () => number;
}

/**
 * Sends a request again when it was refused only because a queue was full.
 *
 * Works for our own full queue and for a server that answers -32001 alike, since in both cases nothing was done. Any
 * other error passes at once, and so does the last refusal when `count` is used up.
 *
 * ```
 *  attempts   #         #                   (a|)     delay 10, jitter 0
 *  out        ------------------------------(a|)
 * ```
 *
 * **Use it when** a burst may exceed what a server takes at once. **Rather use** `limits.inFlight`, so that it does not.
 *
 * - Loses: nothing. - On unsubscribe: the waiting attempt is dropped.
 *
 * @example
 * ```ts
 * client.request('thread/start', {}).pipe(retryOverloaded({ count: 3 })).subscribe();
 * ```
 */
export function retryOverloaded<T>(options: RetryOverloadedOptions = {}): MonoTypeOperatorFunction<T> {
  const {
    count = 5,
    delay = 100,
    maxDelay = 30_000,
    jitter = 0.5,
    scheduler = asyncScheduler,
    random = Math.random,
  } = options;
  const isRefusal = options.isOverloaded ?? isOverloaded;
  return retry({
    count,
    delay: (error: unknown, attempt) => {
      if (!isRefusal(error)) return throwError(() => error);
      return timer(backOff({ delay, maxDelay, jitter, random }, attempt), scheduler);
    },
  });
}
