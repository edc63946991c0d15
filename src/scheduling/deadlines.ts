import type { SchedulerLike, Subscription } from 'rxjs';

/** Something that must be over by a certain time. The first three fields belong to {@link Deadlines}. */
export interface Deadline {
  /** When, on the scheduler's clock. */
  due: number;
  /** Place in the heap; -1 when it is in none. */
  place: number;
  /** Which came first, of those that are due at the same time. Set when it is added. */
  order?: number;
  /** Called once when the time has come. */
  expire(): void;
}

/** The longest a timer of the platform waits; it takes a longer time for no time at all. */
const LONGEST_WAIT = 2 ** 31 - 1;

/**
 * Watches any number of deadlines with a single scheduled action.
 *
 * A timer per request costs several times what the request itself does. Here the deadlines stand in a heap and one
 * action waits for the earliest; when none is left, nothing is scheduled, so an idle connection keeps no process alive.
 */
export class Deadlines {
  private readonly heap: Deadline[] = [];
  private action: Subscription | undefined;
  private armedFor = Infinity;
  private added = 0;

  constructor(private readonly scheduler: SchedulerLike) {}

  get size(): number {
    return this.heap.length;
  }

  /** Calls `deadline.expire()` after `delay` milliseconds, unless it is deleted before; never inside this call. */
  add(deadline: Deadline, delay: number): void {
    // A NaN compares false with everything and would hold up all the others.
    deadline.due = this.scheduler.now() + (delay > 0 ? delay : 0);
    deadline.order = this.added++;
    deadline.place = this.heap.length;
    this.heap.push(deadline);
    this.rise(deadline);
    if (deadline.due < this.armedFor) this.arm();
  }

  delete(deadline: Deadline): void {
    if (this.heap.length === 0 || this.heap[deadline.place] !== deadline) return;
    const { place } = deadline;
    const last = this.heap.pop();
    deadline.place = -1;
    if (last !== undefined && last !== deadline) {
      last.place = place;
      this.heap[place] = last;
      this.rise(last);
      this.sink(last);
    }
    if (this.heap.length === 0) this.disarm();
  }

  /** Forgets all deadlines without calling them. */
  clear(): void {
    for (const deadline of this.heap) deadline.place = -1;
    this.heap.length = 0;
    this.disarm();
  }

  private arm(): void {
    this.disarm();
    const earliest = this.heap[0];
    if (earliest === undefined || earliest.due === Infinity) return;
    this.armedFor = earliest.due;
    const wait = Math.max(0, earliest.due - this.scheduler.now());
    this.action = this.scheduler.schedule(
      () => {
        this.fire();
      },
      Math.min(wait, LONGEST_WAIT),
    );
  }

  private disarm(): void {
    this.action?.unsubscribe();
    this.action = undefined;
    this.armedFor = Infinity;
  }

  private fire(): void {
    this.armedFor = Infinity;
    try {
      for (let first = this.heap[0]; first !== undefined && first.due <= this.scheduler.now(); first = this.heap[0]) {
        this.delete(first);
        first.expire();
      }
    } finally {
      if (this.armedFor === Infinity) this.arm();
    }
  }

  private rise(deadline: Deadline): void {
    while (deadline.place > 0) {
      const parent = this.heap[(deadline.place - 1) >> 1];
      if (parent === undefined || !isBefore(deadline, parent)) return;
      this.swap(parent, deadline);
    }
  }

  private sink(deadline: Deadline): void {
    for (;;) {
      const left = this.heap[2 * deadline.place + 1];
      const right = this.heap[2 * deadline.place + 2];
      const child = right !== undefined && left !== undefined && isBefore(right, left) ? right : left;
      if (child === undefined || !isBefore(child, deadline)) return;
      this.swap(deadline, child);
    }
  }

  /** Exchanges a deadline with one of its children. */
  private swap(upper: Deadline, lower: Deadline): void {
    const { place } = upper;
    upper.place = lower.place;
    lower.place = place;
    this.heap[upper.place] = upper;
    this.heap[lower.place] = lower;
  }
}

function isBefore(a: Deadline, b: Deadline): boolean {
  return a.due < b.due || (a.due === b.due && (a.order ?? 0) < (b.order ?? 0));
}
