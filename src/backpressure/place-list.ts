import type { Gap } from './gap.js';

/** Where one event waits. */
export class Place<T> {
  isLossless = false;
  /** What a lossless event takes from the byte budget; undefined if it takes nothing of any budget. */
  bytes: number | undefined = undefined;
  /** Where droppable events of its kind are conflated. */
  fold: Fold | undefined = undefined;
  /** The gap before the event. */
  gap: Gap | undefined = undefined;
  previous: Place<T> | undefined = undefined;
  next: Place<T> | undefined = undefined;
  nextDroppable: Place<T> | undefined = undefined;

  constructor(public event: T) {}
}

/** What was folded into an event. Few events have one, so it is no part of the place each event pays for. */
export class Fold {
  /** The events, the first included. */
  count = 1;
  /** Number of the first, where numbers are known and there are several. */
  since: number | undefined = undefined;

  constructor(readonly key: unknown) {}
}

/**
 * The places of all events that wait, in order.
 *
 * Those of droppable ones make a second list, so that the oldest of them is found at once though lossless events stand
 * before it. A gap has no place of its own: it hangs on the event behind it, so it weighs nothing, merges with its
 * neighbour, and moves on when that event is given up in turn.
 *
 * @internal
 */
export class PlaceList<T> {
  first: Place<T> | undefined;
  oldestDroppable: Place<T> | undefined;
  /** The gap behind all that waits. */
  tailGap: Gap | undefined;
  droppables = 0;
  losslesses = 0;
  /** Lossless events that count in the budget, and their bytes. */
  budgetUsed = 0;
  bytesUsed = 0;
  private last: Place<T> | undefined;
  private newestDroppable: Place<T> | undefined;

  get size(): number {
    return this.droppables + this.losslesses;
  }

  get isEmpty(): boolean {
    return this.first === undefined && this.tailGap === undefined;
  }

  /** Puts a place behind all others; the gap that stood there is now before it. */
  link(place: Place<T>): void {
    const { last } = this;
    place.gap = this.tailGap;
    place.previous = last;
    place.next = place.nextDroppable = this.tailGap = undefined;
    if (last === undefined) this.first = place;
    else last.next = place;
    this.last = place;
    if (place.isLossless) {
      this.losslesses += 1;
      this.charge(place, 1);
    } else {
      if (this.newestDroppable === undefined) this.oldestDroppable = place;
      else this.newestDroppable.nextDroppable = place;
      this.newestDroppable = place;
      this.droppables += 1;
    }
  }

  /** Takes a place out: the first of all, or the oldest droppable one. The gap before it is the caller's affair. */
  unlink(place: Place<T>): void {
    const { previous, next } = place;
    if (previous === undefined) this.first = next;
    else previous.next = next;
    if (next === undefined) this.last = previous;
    else next.previous = previous;
    if (place.isLossless) {
      this.losslesses -= 1;
      this.charge(place, -1);
    } else {
      this.oldestDroppable = place.nextDroppable;
      if (this.oldestDroppable === undefined) this.newestDroppable = undefined;
      this.droppables -= 1;
    }
    // An old place that still knew its successors would keep them all alive.
    place.previous = place.next = place.nextDroppable = undefined;
  }

  places(): Place<T>[] {
    const places: Place<T>[] = [];
    for (let place = this.first; place !== undefined; place = place.next) places.push(place);
    return places;
  }

  forget(): void {
    this.first = this.last = this.oldestDroppable = this.newestDroppable = this.tailGap = undefined;
    this.droppables = this.losslesses = this.budgetUsed = this.bytesUsed = 0;
  }

  private charge({ bytes }: Place<T>, sign: 1 | -1): void {
    if (bytes === undefined) return;
    this.budgetUsed += sign;
    this.bytesUsed += sign * bytes;
  }
}
