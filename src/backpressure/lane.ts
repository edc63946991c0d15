import { joinGaps, type Gap } from './gap.js';

const SMALLEST = 16;

type Slots<V> = (V | undefined)[];

/**
 * A queue on a ring, addressed by a number that counts up with every entry and is never used twice.
 *
 * Beside each event stands the gap before it, if any, and a note of the owner's. The ring grows by doubling, so that
 * a large capacity costs nothing until it is needed; gaps and notes have no ring until there is one to hold.
 *
 * The gap before the oldest entry has a field of its own: a consumer that lags drops oldest events one after the other,
 * and the one gap in front of them then stays where it is.
 *
 * @internal
 */
export class Lane<T, Note> {
  /** Number of the oldest entry, if there is one. */
  head = 0;
  /** Number the next entry will have. */
  tail = 0;
  private headGap: Gap | undefined = undefined;
  private events: Slots<T> = [];
  private gaps: Slots<Gap> | undefined = undefined;
  private notes: Slots<Note> | undefined = undefined;
  private mask = -1;

  get size(): number {
    return this.tail - this.head;
  }

  push(event: T, gap: Gap | undefined, note: Note): void {
    const at = this.tail;
    if (at - this.head > this.mask) this.grow();
    this.events[at & this.mask] = event;
    if (gap !== undefined) this.setGap(at, gap);
    if (note !== undefined) {
      this.notes ??= emptySlots(this.mask + 1);
      this.notes[at & this.mask] = note;
    }
    this.tail = at + 1;
  }

  /** Takes the oldest entry out and returns its event; its gap and note go with it. */
  shift(): T {
    const slot = this.head & this.mask;
    const event = this.events[slot] as T;
    this.events[slot] = undefined;
    if (this.notes !== undefined) this.notes[slot] = undefined;
    this.head += 1;
    this.headGap = undefined;
    if (this.gaps !== undefined) {
      this.headGap = this.gaps[this.head & this.mask];
      this.gaps[this.head & this.mask] = undefined;
    }
    return event;
  }

  event(at: number): T {
    return this.events[at & this.mask] as T;
  }

  replace(at: number, event: T): void {
    this.events[at & this.mask] = event;
  }

  gap(at: number): Gap | undefined {
    return at === this.head ? this.headGap : this.gaps?.[at & this.mask];
  }

  setGap(at: number, gap: Gap | undefined): void {
    if (at === this.head) {
      this.headGap = gap;
    } else {
      this.gaps ??= emptySlots(this.mask + 1);
      this.gaps[at & this.mask] = gap;
    }
  }

  joinGap(at: number, gap: Gap): void {
    this.setGap(at, joinGaps(this.gap(at), gap));
  }

  note(at: number): Note {
    return this.notes?.[at & this.mask] as Note;
  }

  private grow(): void {
    const length = Math.max(SMALLEST, (this.mask + 1) * 2);
    this.events = this.moved(this.events, length);
    this.gaps = this.gaps && this.moved(this.gaps, length);
    this.notes = this.notes && this.moved(this.notes, length);
    this.mask = length - 1;
  }

  private moved<V>(from: Slots<V>, length: number): Slots<V> {
    const to = emptySlots<V>(length);
    for (let at = this.head; at < this.tail; at += 1) to[at & (length - 1)] = from[at & this.mask];
    return to;
  }
}

function emptySlots<V>(length: number): Slots<V> {
  return Array.from<V | undefined>({ length });
}
