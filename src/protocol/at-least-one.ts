/**
 * A limit as the caller meant it: rounded down, and 1 where 0, a negative number or NaN would let nothing through.
 *
 * @internal
 */
export function atLeastOne(limit: number): number {
  return limit >= 1 ? Math.floor(limit) : 1;
}
