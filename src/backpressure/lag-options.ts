/**
 * What gives way when the buffer is full.
 *
 * - `'drop-oldest'`: the longest waiting droppable event; the incoming one is held.
 * - `'drop-newest'`: the incoming event; the buffer stays as it is.
 * - `'drop-all'`: every waiting droppable event; the incoming one is held. Pair it with a snapshot.
 * - `'error'`: the subscription, with a `LagError`.
 */
export type Overflow = 'drop-oldest' | 'drop-newest' | 'drop-all' | 'error';

/** Why an event will never be delivered: the buffer had no room for it, or the subscription ended while it waited. */
export type DropReason = 'overflow' | 'unsubscribed';

/** How a newer event is folded into one that still waits, instead of taking a place of its own. */
export interface Conflation<T> {
  /** Events of equal key (as in a `Map`) fold together. `undefined`: this event folds with none. */
  readonly key: (event: T) => unknown;
  /** Makes one event out of two. Default: the incoming one stands in the place of the waiting one. */
  readonly merge?: (waiting: T, incoming: T) => T;
  /**
   * Largest result of `merge`, in what `bytesOf` counts; a larger one starts a new place. A number, or a function of the
   * incoming event. At least 0; default no limit.
   */
  readonly maxBytes?: number | ((event: T) => number);
  /** Size of an event. Default: an estimate from its strings. */
  readonly bytesOf?: (event: T) => number;
}

/**
 * How much a slow consumer may have waiting, and what is given up beyond that.
 *
 * The functions are questions: they are called while the buffer is at work and must not emit into it.
 */
export interface LagOptions<T> {
  /** Most droppable events held. A whole number from 1, or Infinity; anything less becomes 1. Default 128. */
  readonly capacity?: number;
  /** What gives way when full. Default 'drop-oldest'. */
  readonly overflow?: Overflow;
  /** Events that are never dropped or conflated, such as the last event of an operation. Default: none. */
  readonly lossless?: (event: T) => boolean;
  /** Most lossless events held; one more is an error. From 1, or Infinity. Default 16 x capacity. */
  readonly losslessCapacity?: number;
  /** Folds newer events into waiting ones. Default: never. */
  readonly conflate?: Conflation<T>;
  /** Adds to each marker a count for each key it returns. Default: markers carry the total alone. */
  readonly skippedBy?: (event: T) => string;
  /** Called once for each event that will never be delivered; not for conflated ones. Default: nobody is told. */
  readonly onDrop?: (event: T, reason: DropReason) => void;
}

/** What an operator that holds events can be told. */
export interface PaceOptions<T> extends LagOptions<T> {
  /** Delivers a source error at once and discards what waits. Default false: the error keeps its place in order. */
  readonly failFast?: boolean;
}
