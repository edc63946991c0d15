/** Times that grow from one attempt to the next. */
export interface BackOff {
  /** Milliseconds before the first attempt; doubled for each further one. */
  readonly delay: number;
  /** Milliseconds that no delay exceeds. */
  readonly maxDelay: number;
  /** Part of the delay that is random, from 0 to 1. */
  readonly jitter: number;
  /** A number from 0 to 1. */
  readonly random: () => number;
}

/** Doublings after which any delay is the longest, and beyond which a power of two may be no number any more. */
const DOUBLINGS = 52;

/** Milliseconds to wait before an attempt, the first of which is number 1. */
export function backOff({ delay, maxDelay, jitter, random }: BackOff, attempt: number): number {
  const longest = Math.min(maxDelay, delay * 2 ** Math.min(attempt - 1, DOUBLINGS));
  return longest * (1 - jitter * random());
}
