import type { Lagged } from './lagged.js';

/**
 * A place where events were lost, while it is still growing in a buffer.
 *
 * One contribution of unknown number, and the marker says nothing of `first` and `last` rather than something wrong.
 *
 * @internal
 */
export class Gap {
  private skipped = 0;
  private unknown = false;
  private by: Map<string, number> | undefined = undefined;
  private numbered = true;
  private first = Infinity;
  private last = -Infinity;

  /** A lost event with those folded into it: its key and its numbers, as far as they are known. */
  add(key: string | undefined, seq: number | undefined, count = 1, since = seq): void {
    this.skipped += count;
    if (seq === undefined || since === undefined) this.numbered = false;
    else this.span(since, seq);
    if (key !== undefined) this.count(key, count);
  }

  /** A loss that an earlier stage told of, or that another gap has told. */
  merge({ skipped, unknown, skippedBy, first, last }: Lagged): void {
    this.skipped += skipped;
    if (unknown === true) this.unknown = true;
    if (first === undefined || last === undefined) this.numbered = false;
    else this.span(first, last);
    if (skippedBy === undefined) return;
    for (const [key, count] of Object.entries(skippedBy)) this.count(key, count);
  }

  /** What the consumer is told. The gap can grow on afterwards; the marker does not. */
  toLagged(): Lagged {
    if (!this.numbered && !this.unknown && this.by === undefined) return { type: 'lagged', skipped: this.skipped };
    return {
      type: 'lagged',
      skipped: this.skipped,
      ...(this.unknown ? { unknown: true } : {}),
      ...(this.by === undefined ? {} : { skippedBy: Object.fromEntries(this.by) }),
      ...(this.numbered ? { first: this.first, last: this.last } : {}),
    };
  }

  private span(first: number, last: number): void {
    this.first = Math.min(this.first, first);
    this.last = Math.max(this.last, last);
  }

  private count(key: string, count: number): void {
    this.by ??= new Map();
    this.by.set(key, (this.by.get(key) ?? 0) + count);
  }
}

/**
 * Whether a marker tells of a loss. One of 0 says nothing, unless the number is not known.
 *
 * @internal
 */
export function tellsLoss({ skipped, unknown }: Lagged): boolean {
  return skipped > 0 || unknown === true;
}

/** The gap that stands where two met; either may be missing, and one of the two is used up. */
export function joinGaps(one: Gap | undefined, other: Gap): Gap {
  if (one === undefined) return other;
  one.merge(other.toLagged());
  return one;
}
