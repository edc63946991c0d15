import { atLeastOne } from './at-least-one.js';
import { estimateBytes } from './estimate-bytes.js';
import { Gap } from './gap.js';
import { isLagged } from './is-lagged.js';
import type { Conflation, LagOptions, Overflow } from './lag-options.js';
import type { Lagged } from './lagged.js';
import { WaitingLine, type Standing } from './waiting-line.js';

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

export interface LagBufferOptions<T> extends LagOptions<T> {
  /** Most bytes of lossless events held, as `bytesOf` counts them. From 0; default no limit. */
  readonly losslessBytes?: number;
  /** Size of an event. Default: an estimate from its strings. */
  readonly bytesOf?: (event: T) => number;
  /** Number of an event in its stream; markers then carry `first` and `last` where all in the gap is known. */
  readonly seqOf?: (event: T) => number;
}

/**
 * Holds what a slow consumer has not yet taken, in order, and keeps exact account of what it gives up.
 *
 * Droppable and lossless events have a limit each. What is given up leaves a gap where it stood; gaps weigh nothing and
 * neighbours merge. A marker that is offered is a gap made elsewhere.
 *
 * An event is folded only into one that has neither a lossless event nor a gap behind it: folding over either would
 * carry news from after it to before it. Gaps made by dropping older events always stand before the survivors, so only
 * a gap that arrives at the tail (a refused event, a marker from an earlier stage) ends conflation until the next event
 * of that key. Events of other keys are folded over, so these may come out, or be given up, after news that is younger.
 *
 * Every method costs the same at any size, but `claim`, `clear` and `dropAll`, which visit what they concern. If a
 * question in the options throws, the call throws too and the event offered has not been taken in; `onDrop` is called
 * last, when all is settled.
 */
export class LagBuffer<T> {
  /** Most droppable events held. */
  readonly capacity: number;
  /** Most lossless events held, appended ones aside. */
  readonly losslessCapacity: number;

  private readonly overflow: Overflow;
  private readonly losslessBytes: number;
  private readonly conflate: Conflation<T> | undefined;
  private line = new WaitingLine<T>();
  /** For each key the number of the droppable event that the next one of that key is folded into. */
  private readonly foldable = new Map<unknown, number>();
  private budgetUsed = 0;
  private bytesUsed = 0;
  private skippedTotal = 0;
  private conflatedTotal = 0;
  private peakSize = 0;

  constructor(private readonly options: LagBufferOptions<T>) {
    this.capacity = atLeastOne(options.capacity ?? 128);
    this.losslessCapacity = atLeastOne(options.losslessCapacity ?? 16 * this.capacity);
    this.overflow = options.overflow ?? 'drop-oldest';
    this.losslessBytes = options.losslessBytes ?? Infinity;
    this.conflate = options.conflate;
  }

  /** Events that wait. Gaps do not count. */
  get size(): number {
    return this.line.size;
  }

  /** Events that wait and may be dropped. */
  get droppable(): number {
    return this.line.droppables.size;
  }

  /** Events that wait and may not be dropped, appended ones included. */
  get lossless(): number {
    return this.line.losslesses.size;
  }

  /** Neither an event nor a gap waits. */
  get isEmpty(): boolean {
    return this.line.isEmpty;
  }

  /** Events this buffer has given up since it was made. What an incoming marker tells of is not counted here. */
  get skipped(): number {
    return this.skippedTotal;
  }

  /** Events folded into another since the buffer was made. */
  get conflated(): number {
    return this.conflatedTotal;
  }

  /** The most events that ever waited at once. */
  get peak(): number {
    return this.peakSize;
  }

  /** Takes an event in, or a marker, which becomes part of the gap at the tail and is always 'held'. */
  offer(event: T | Lagged): Offered {
    if (isLagged(event)) {
      if (event.skipped > 0) this.gapAtTail().merge(event);
      return 'held';
    }
    if (this.options.lossless?.(event) === true) return this.offerLossless(event);

    const key = this.conflate?.key(event);
    if (key !== undefined && this.fold(key, event)) return 'conflated';

    if (this.line.droppables.size < this.capacity) {
      this.hold(event, key);
      this.notePeak();
      return 'held';
    }
    return this.overflowed(event, key);
  }

  /** Holds an event whatever the budgets say and outside of them; it is never dropped, and never folded. */
  append(event: T): void {
    this.line.addLossless(event, undefined);
    this.foldable.clear();
    this.notePeak();
  }

  /** Gives up an event that was not taken in, and counts it where it would have stood. `onDrop` is told. */
  skip(event: T): void {
    const { skippedBy, seqOf, onDrop } = this.options;
    const key = skippedBy?.(event);
    const seq = seqOf?.(event);
    this.gapAtTail().add(key, seq);
    this.skippedTotal += 1;
    onDrop?.(event, 'overflow');
  }

  /** What {@link take} would return. */
  peek(): T | Lagged | undefined {
    const front = this.line.frontLane();
    const gap = this.line.gapBefore(front);
    return gap === undefined ? front?.event(front.head) : gap.toLagged();
  }

  /** Takes what stands first: an event, or a whole gap as one marker. Undefined if empty: ask {@link isEmpty}. */
  take(): T | Lagged | undefined {
    const front = this.line.frontLane();
    const gap = this.line.gapBefore(front);
    if (gap !== undefined) {
      this.line.removeGapBefore(front);
      return gap.toLagged();
    }
    if (front === undefined) return undefined;
    if (front === this.line.losslesses) this.release(this.line.losslesses.note(front.head));
    else this.forgetOldest();
    return front.shift();
  }

  /**
   * Takes the matching events out and returns them in order, with every gap told where it stands.
   *
   * The gaps stay for whoever claims next, merged where neighbours now touch, for a loss may concern them too. A claim
   * is a barrier for conflation. If `matches` throws, nothing has changed.
   */
  claim(matches: (event: T) => boolean): (T | Lagged)[] {
    const claimed = this.line.claim(matches, (standing) => this.release(standing));
    this.foldable.clear();
    return claimed;
  }

  /** Gives up every droppable event that waits, each where it stands. */
  dropAll(): void {
    this.tellDropped(this.dropEach());
  }

  /** Forgets everything, gaps included, and shows each event that waited to `visit`. Totals stay. */
  clear(visit?: (event: T) => void): void {
    const waiting = visit === undefined ? [] : Array.from(this.line.entries(), ({ event }) => event);
    this.line = new WaitingLine();
    this.foldable.clear();
    this.budgetUsed = 0;
    this.bytesUsed = 0;
    for (const event of waiting) visit?.(event);
  }

  private offerLossless(event: T): Offered {
    if (this.budgetUsed >= this.losslessCapacity) return 'full';
    const bytes = this.losslessBytes === Infinity ? 0 : this.bytesOf(event);
    if (this.bytesUsed + bytes > this.losslessBytes) return 'full';
    this.budgetUsed += 1;
    this.bytesUsed += bytes;
    this.line.addLossless(event, bytes);
    this.foldable.clear();
    this.notePeak();
    return 'held';
  }

  private overflowed(event: T, key: unknown): Offered {
    switch (this.overflow) {
      case 'error':
        return 'full';
      case 'drop-newest':
        this.skip(event);
        return 'dropped';
      case 'drop-oldest': {
        const oldest = this.dropOldest();
        this.hold(event, key);
        this.options.onDrop?.(oldest, 'overflow');
        return 'lagged';
      }
      case 'drop-all': {
        const dropped = this.dropEach();
        this.hold(event, key);
        this.tellDropped(dropped);
        return 'lagged';
      }
    }
  }

  private hold(event: T, key: unknown): void {
    if (key !== undefined) this.foldable.set(key, this.line.droppables.tail);
    this.line.addDroppable(event, key);
  }

  /** Folds the event into the one of its key, if one waits within reach and the result is not too large. */
  private fold(key: unknown, event: T): boolean {
    const at = this.foldable.get(key);
    if (at === undefined) return false;
    const { merge, maxBytes = Infinity, bytesOf } = this.conflate ?? {};
    const merged = merge === undefined ? event : merge(this.line.droppables.event(at), event);
    const limit = typeof maxBytes === 'function' ? maxBytes(event) : maxBytes;
    if (merge !== undefined && limit !== Infinity) {
      const bytes = bytesOf === undefined ? this.bytesOf(merged) : bytesOf(merged);
      if (bytes > limit) return false;
    }
    this.line.droppables.replace(at, merged);
    this.conflatedTotal += 1;
    return true;
  }

  private dropEach(): T[] {
    const dropped: T[] = [];
    while (this.line.droppables.size > 0) dropped.push(this.dropOldest());
    return dropped;
  }

  private dropOldest(): T {
    const { droppables } = this.line;
    const event = droppables.event(droppables.head);
    // Asked before anything changes: either question may throw.
    const key = this.options.skippedBy?.(event);
    const seq = this.options.seqOf?.(event);
    const gap = droppables.gap(droppables.head) ?? new Gap();
    gap.add(key, seq);
    this.forgetOldest();
    this.line.dropOldest(gap);
    this.skippedTotal += 1;
    return event;
  }

  private tellDropped(dropped: readonly T[]): void {
    for (const event of dropped) this.options.onDrop?.(event, 'overflow');
  }

  /** The oldest droppable event is about to leave: nothing can be folded into it any more. */
  private forgetOldest(): void {
    if (this.conflate === undefined) return;
    const { droppables } = this.line;
    const key = droppables.note(droppables.head);
    if (this.foldable.get(key) === droppables.head) this.foldable.delete(key);
  }

  private release({ bytes }: Standing): void {
    if (bytes === undefined) return;
    this.budgetUsed -= 1;
    this.bytesUsed -= bytes;
  }

  private gapAtTail(): Gap {
    this.foldable.clear();
    return this.line.gapAtTail();
  }

  private bytesOf(event: T): number {
    return (this.options.bytesOf ?? estimateBytes)(event);
  }

  private notePeak(): void {
    const { size } = this.line;
    if (size > this.peakSize) this.peakSize = size;
  }
}
