import { Gap, joinGaps } from './gap.js';
import type { Lagged } from './lagged.js';
import { Lane } from './lane.js';

/** A lossless event's place among the droppable ones, and its size. */
export interface Standing {
  /** Number of the first droppable event behind it. */
  readonly before: number;
  /** What it takes from the budget; undefined if it takes nothing. */
  readonly bytes: number | undefined;
}

/**
 * Events and gaps in one order, with droppable and lossless events in a lane each.
 *
 * The oldest droppable event must be found at once though lossless ones stand before it; hence two lanes, taken as one
 * queue because a lossless event knows how many droppable ones stand before it. A gap has no entry: it hangs on the
 * event behind it, so it weighs nothing, merges with its neighbour, and moves on when that event is given up in turn.
 *
 * @internal
 */
export class WaitingLine<T> {
  /** Each with its conflation key as note. */
  droppables = new Lane<T, unknown>();
  losslesses = new Lane<T, Standing>();
  private tailGap: Gap | undefined = undefined;
  /** Number of the first lossless event that may stand behind the oldest droppable one; it only ever grows. */
  private behind = 0;

  get size(): number {
    return this.droppables.size + this.losslesses.size;
  }

  get isEmpty(): boolean {
    return this.tailGap === undefined && this.size === 0;
  }

  addDroppable(event: T, key: unknown): void {
    this.droppables.push(event, this.tailGap, key);
    this.tailGap = undefined;
  }

  addLossless(event: T, bytes: number | undefined): void {
    this.losslesses.push(event, this.tailGap, { before: this.droppables.tail, bytes });
    this.tailGap = undefined;
  }

  /** The gap behind all that waits, made if there is none: the caller lets it grow. */
  gapAtTail(): Gap {
    this.tailGap ??= new Gap();
    return this.tailGap;
  }

  /** The lane whose oldest event stands first; undefined if no event waits. */
  frontLane(): Lane<T, unknown> | Lane<T, Standing> | undefined {
    const { droppables, losslesses } = this;
    if (losslesses.size > 0 && (droppables.size === 0 || losslesses.note(losslesses.head).before <= droppables.head)) {
      return losslesses;
    }
    return droppables.size > 0 ? droppables : undefined;
  }

  /** The gap before the oldest event of a lane; the gap at the tail if no lane is given, for then no event waits. */
  gapBefore(front: Lane<T, unknown> | Lane<T, Standing> | undefined): Gap | undefined {
    return front === undefined ? this.tailGap : front.gap(front.head);
  }

  removeGapBefore(front: Lane<T, unknown> | Lane<T, Standing> | undefined): void {
    if (front === undefined) this.tailGap = undefined;
    else front.setGap(front.head, undefined);
  }

  /** Takes the oldest droppable event out; `gap` stands in its place, and so before whatever stood behind it. */
  dropOldest(gap: Gap): void {
    const { droppables, losslesses } = this;
    const next = droppables.head + 1;
    droppables.shift();

    if (this.behind < losslesses.head) this.behind = losslesses.head;
    while (this.behind < losslesses.tail && losslesses.note(this.behind).before < next) this.behind += 1;
    if (this.behind < losslesses.tail && losslesses.note(this.behind).before === next) {
      losslesses.joinGap(this.behind, gap);
    } else if (droppables.size > 0) {
      droppables.joinGap(next, gap);
    } else {
      this.tailGap = joinGaps(this.tailGap, gap);
    }
  }

  /**
   * Takes the matching events out and returns them in order, with a copy of every gap where it stands. The gaps stay,
   * merged where neighbours now touch. If `matches` throws, nothing has changed.
   */
  claim(matches: (event: T) => boolean, released: (standing: Standing) => void): (T | Lagged)[] {
    const claimed: (T | Lagged)[] = [];
    const claimedStandings: Standing[] = [];
    const rest = new WaitingLine<T>();
    let told: Gap | undefined;
    const pass = (gap: Gap | undefined): void => {
      if (gap === undefined) return;
      const marker = gap.toLagged();
      told ??= new Gap();
      told.merge(marker);
      rest.gapAtTail().merge(marker);
    };
    const tell = (): void => {
      if (told !== undefined) claimed.push(told.toLagged());
      told = undefined;
    };

    for (const { event, gap, standing } of this.entries()) {
      pass(gap);
      if (matches(event)) {
        tell();
        claimed.push(event);
        if (standing !== undefined) claimedStandings.push(standing);
      } else if (standing === undefined) {
        rest.addDroppable(event, undefined);
      } else {
        rest.addLossless(event, standing.bytes);
      }
    }
    pass(this.tailGap);
    tell();

    this.droppables = rest.droppables;
    this.losslesses = rest.losslesses;
    this.tailGap = rest.tailGap;
    this.behind = 0;
    claimedStandings.forEach((standing) => released(standing));
    return claimed;
  }

  /** All that waits, in order. `standing` is there for a lossless event. */
  *entries(): Generator<{
    readonly event: T;
    readonly gap: Gap | undefined;
    readonly standing: Standing | undefined;
  }> {
    const { droppables, losslesses } = this;
    let lossless = losslesses.head;
    for (let at = droppables.head; at <= droppables.tail; at += 1) {
      for (; lossless < losslesses.tail && losslesses.note(lossless).before <= at; lossless += 1) {
        const standing = losslesses.note(lossless);
        yield { event: losslesses.event(lossless), gap: losslesses.gap(lossless), standing };
      }
      if (at < droppables.tail) yield { event: droppables.event(at), gap: droppables.gap(at), standing: undefined };
    }
  }
}
