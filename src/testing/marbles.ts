import { lagged } from '../backpressure/index.js';
import type { Lagged } from '../backpressure/index.js';

const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const digits = [...'0123456789'];

/**
 * Values for marble diagrams of streams that may lag: a letter stands for itself, a digit n for `lagged(n)`, and a
 * question mark for a gap of unknown size, which a lost connection leaves.
 *
 * ```
 *  source  abcde---------|        capacity 2
 *  ready   ------x-----x--
 *  out     ------(3d)--e-|        3 = { type: 'lagged', skipped: 3 }
 * ```
 *
 * Never write a digit after a space and before `ms `, `s ` or `m `: that reads as a time.
 *
 * @example
 * ```ts
 * expectObservable(out$).toBe('------(3d)--e-|', marbles);
 * ```
 */
export const marbles: Readonly<Record<string, string | Lagged>> = Object.freeze({
  ...Object.fromEntries(letters.map((letter) => [letter, letter])),
  ...Object.fromEntries(digits.map((digit) => [digit, Object.freeze(lagged(Number(digit)))])),
  '?': Object.freeze<Lagged>({ type: 'lagged', skipped: 0, unknown: true }),
});
