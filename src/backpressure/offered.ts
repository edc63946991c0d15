/**
 * What became of an event that was offered.
 *
 * - `'held'`: it has a place of its own.
 * - `'conflated'`: it was folded into one that waits.
 * - `'lagged'`: it has a place, at the cost of older events.
 * - `'dropped'`: it was given up itself, and counted.
 * - `'full'`: nothing changed and nothing was counted: the overflow is 'error', or the lossless budget is used up.
 */
export type Offered = 'held' | 'conflated' | 'lagged' | 'dropped' | 'full';
