import { atLeastOne } from '../protocol/index.js';
import { estimateBytes } from './estimate-bytes.js';
import { Gap, joinGaps, tellsLoss } from './gap.js';
import { isLagged } from './is-lagged.js';
import type { LagBufferOptions } from './lag-buffer-options.js';
import type { Lagged } from './lagged.js';
import type { Offered } from './offered.js';
import { Fold, Place, PlaceList } from './place-list.js';

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

  private readonly list = new PlaceList<T>();
  /** For each key the place that the next event of that key is folded into. */
  private readonly foldable = new Map<unknown, Place<T>>();
  private skippedTotal = 0;
  private conflatedTotal = 0;
  private peakSize = 0;

  // Asked of every event, so kept where the buffer itself is.
  private readonly isLossless: LagBufferOptions<T>['lossless'];
  private readonly conflate: LagBufferOptions<T>['conflate'];

  constructor(private readonly options: LagBufferOptions<T>) {
    this.isLossless = options.lossless;
    this.conflate = options.conflate;
    this.capacity = atLeastOne(options.capacity ?? 128);
    this.losslessCapacity = atLeastOne(options.losslessCapacity ?? 16 * this.capacity);
  }

  /** Events that wait. Gaps do not count. */
  get size(): number {
    return this.list.size;
  }

  /** Events that wait and may be dropped. */
  get droppable(): number {
    return this.list.droppables;
  }

  /** Events that wait and may not be dropped, appended ones included. */
  get lossless(): number {
    return this.list.losslesses;
  }

  /** Neither an event nor a gap waits. */
  get isEmpty(): boolean {
    return this.list.isEmpty;
  }

  /** Events this buffer has given up since it was made. What an incoming marker tells of is not counted here. */
  get skipped(): number {
    return this.skippedTotal;
  }

  /** Events that went on as part of another since the buffer was made; not those whose other was given up in turn. */
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
      if (tellsLoss(event)) this.gapAtTail().merge(event);
      return 'held';
    }
    if (this.isLossless?.(event) === true) return this.offerLossless(event);

    const key = this.conflate?.key(event);
    if (key !== undefined && this.conflateWith(key, event)) return 'conflated';

    if (this.list.droppables < this.capacity) {
      this.hold(event, key);
      return 'held';
    }
    switch (this.options.overflow) {
      case 'error':
        return 'full';
      case 'drop-newest':
        this.skip(event);
        return 'dropped';
      case 'drop-all': {
        const dropped = this.dropEach();
        this.hold(event, key);
        this.tellDropped(dropped);
        return 'lagged';
      }
      default: {
        const place = this.dropOldest();
        const { event: oldest } = place;
        // One goes as one comes: a consumer that lags for long makes no new places.
        this.hold(event, key, place);
        this.options.onDrop?.(oldest, 'overflow');
        return 'lagged';
      }
    }
  }

  /** Holds an event whatever the budgets say and outside of them; it is never dropped, and never folded. */
  append(event: T): void {
    const place = new Place<T>(event);
    place.isLossless = true;
    this.link(place);
    this.foldable.clear();
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
    const { first, tailGap } = this.list;
    const gap = first === undefined ? tailGap : first.gap;
    return gap === undefined ? first?.event : gap.toLagged();
  }

  /** Takes what stands first: an event, or a whole gap as one marker. Undefined if empty: ask {@link isEmpty}. */
  take(): T | Lagged | undefined {
    const { list } = this;
    const { first } = list;
    const gap = first === undefined ? list.tailGap : first.gap;
    if (gap !== undefined) {
      if (first === undefined) list.tailGap = undefined;
      else first.gap = undefined;
      return gap.toLagged();
    }
    if (first === undefined) return undefined;
    this.unlink(first);
    return first.event;
  }

  /**
   * Takes the matching events out and returns them in order, with every gap told where it stands.
   *
   * The gaps stay for whoever claims next, merged where neighbours now touch, for a loss may concern them too. A claim
   * is a barrier for conflation. If `matches` throws, nothing has changed.
   */
  claim(matches: (event: T) => boolean): (T | Lagged)[] {
    const { list } = this;
    const places = list.places();
    const isClaimed = places.map(({ event }) => matches(event));
    const lastGap = list.tailGap;
    this.list.forget();
    this.foldable.clear();

    const claimed: (T | Lagged)[] = [];
    let told: Gap | undefined;
    const pass = (gap: Gap | undefined): void => {
      if (gap === undefined) return;
      told ??= new Gap();
      told.merge(gap.toLagged());
      list.tailGap = joinGaps(list.tailGap, gap);
    };
    const tell = (): void => {
      if (told !== undefined) claimed.push(told.toLagged());
      told = undefined;
    };
    places.forEach((place, i) => {
      pass(place.gap);
      if (isClaimed[i] === true) {
        tell();
        claimed.push(place.event);
      } else {
        this.link(place);
      }
    });
    pass(lastGap);
    tell();
    return claimed;
  }

  /** Gives up every droppable event that waits, each where it stands. */
  dropAll(): void {
    this.tellDropped(this.dropEach());
  }

  /** Forgets everything, gaps included, and shows each event that waited to `visit`. Totals stay. */
  clear(visit: (event: T) => void = () => undefined): void {
    const waiting = this.list.places();
    this.list.forget();
    this.foldable.clear();
    for (const { event } of waiting) visit(event);
  }

  private offerLossless(event: T): Offered {
    if (this.list.budgetUsed >= this.losslessCapacity) return 'full';
    const place = new Place<T>(event);
    const { losslessBytes = Infinity } = this.options;
    const bytes = losslessBytes === Infinity ? 0 : this.bytesOf(event);
    if (this.list.bytesUsed + bytes > losslessBytes) return 'full';
    place.isLossless = true;
    place.bytes = bytes;
    this.link(place);
    this.foldable.clear();
    return 'held';
  }

  private hold(event: T, key: unknown, place = new Place<T>(event)): void {
    place.event = event;
    place.fold = key === undefined ? undefined : new Fold(key);
    if (key !== undefined) this.foldable.set(key, place);
    this.link(place);
  }

  /** Folds the event into the one of its key, if one waits within reach and the result is not too large. */
  private conflateWith(key: unknown, event: T): boolean {
    const place = this.foldable.get(key);
    if (place?.fold === undefined) return false;
    const { merge, maxBytes = Infinity, bytesOf } = this.conflate ?? {};
    const merged = merge === undefined ? event : merge(place.event, event);
    const limit = typeof maxBytes === 'function' ? maxBytes(event) : maxBytes;
    if (merge !== undefined && limit !== Infinity) {
      const bytes = bytesOf === undefined ? this.bytesOf(merged) : bytesOf(merged);
      if (bytes > limit) return false;
    }
    place.fold.since ??= this.options.seqOf?.(place.event);
    place.fold.count += 1;
    place.event = merged;
    this.conflatedTotal += 1;
    return true;
  }

  private dropEach(): T[] {
    const dropped: T[] = [];
    while (this.list.droppables > 0) dropped.push(this.dropOldest().event);
    return dropped;
  }

  /** Gives up the oldest droppable event; its gap stands before whatever stood behind it. */
  private dropOldest(): Place<T> {
    const place = this.list.oldestDroppable as Place<T>;
    const { skippedBy, seqOf } = this.options;
    const { event, next, fold, gap = new Gap() } = place;
    // All that was folded into it goes with it: it went on as part of an event that does not go on.
    const count = fold?.count ?? 1;
    // Either question may throw; nothing has changed before they are answered.
    gap.add(skippedBy?.(event), seqOf?.(event), count, fold?.since);
    this.skippedTotal += count;
    this.conflatedTotal -= count - 1;
    this.unlink(place);
    if (next === undefined) this.list.tailGap = joinGaps(this.list.tailGap, gap);
    else next.gap = joinGaps(next.gap, gap);
    return place;
  }

  private tellDropped(dropped: readonly T[]): void {
    for (const event of dropped) this.options.onDrop?.(event, 'overflow');
  }

  private link(place: Place<T>): void {
    this.list.link(place);
    if (this.list.size > this.peakSize) this.peakSize = this.list.size;
  }

  private unlink(place: Place<T>): void {
    this.list.unlink(place);
    const { fold } = place;
    if (fold !== undefined && this.foldable.get(fold.key) === place) this.foldable.delete(fold.key);
  }

  private gapAtTail(): Gap {
    this.foldable.clear();
    this.list.tailGap ??= new Gap();
    return this.list.tailGap;
  }

  private bytesOf(event: T): number {
    return (this.options.bytesOf ?? estimateBytes)(event);
  }
}
