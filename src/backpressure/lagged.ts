/**
 * A hole in a stream: `skipped` events stood here and were given up.
 *
 * A plain object, so it survives `structuredClone`, JSON and deep equality. It is a place, not an event: it takes no
 * room in a buffer and uses up no readiness. Put `skipped` blanks in its place and you have the original stream again.
 */
export interface Lagged {
  readonly type: 'lagged';
  /** Count of events that stood here, as far as anyone knows. */
  readonly skipped: number;
  /**
   * More may be missing than `skipped` says, and nobody can tell how much: a connection was lost here and made again.
   * Never present otherwise.
   */
  readonly unknown?: true;
  /** The same count by key; only if the `skippedBy` option asked for it, here or in an earlier stage. */
  readonly skippedBy?: Readonly<Record<string, number>>;
  /** Lowest sequence number in the hole; only while every event in it, or the loss itself, is known by number. */
  readonly first?: number;
  /** Highest sequence number in the hole; present exactly when `first` is. */
  readonly last?: number;
}

/**
 * Makes the marker for a hole of `skipped` events. A marker of 0 says nothing, and every buffer swallows it, unless it is
 * `unknown`.
 *
 * @param skipped Count of events, a positive whole number.
 * @returns `{ type: 'lagged', skipped }`, with no other member.
 */
export function lagged(skipped: number): Lagged {
  return { type: 'lagged', skipped };
}
