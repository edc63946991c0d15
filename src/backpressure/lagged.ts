/**
 * A hole in a stream: `skipped` events stood here and were given up.
 *
 * A plain object, so it survives `structuredClone`, JSON and deep equality. It is a place, not an event: it takes no
 * room in a buffer and uses up no readiness. Put `skipped` blanks in its place and you have the original stream again.
 */
export interface Lagged {
  readonly type: 'lagged';
  /** Count of events that stood here. */
  readonly skipped: number;
  /** The same count by key; only if the `skippedBy` option asked for it, here or in an earlier stage. */
  readonly skippedBy?: Readonly<Record<string, number>>;
  /** Lowest sequence number in the hole; only while every event in it is known by number. */
  readonly first?: number;
  /** Highest sequence number in the hole; present exactly when `first` is. */
  readonly last?: number;
}

/**
 * Makes the marker for a hole of `skipped` events. A marker of 0 says nothing, and every buffer swallows it.
 *
 * @param skipped Count of events, a positive whole number.
 * @returns `{ type: 'lagged', skipped }`, with no other member.
 */
export function lagged(skipped: number): Lagged {
  return { type: 'lagged', skipped };
}
