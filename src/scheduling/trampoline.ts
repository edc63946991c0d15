import { Ring } from './ring.js';

/**
 * Runs one function for each value, in order, never inside itself.
 *
 * A value that is pushed while another is being handled waits until that one is done. So the stack stays flat however
 * often a handler causes the next value, and everybody sees the same order.
 *
 * ```
 *  push(a)            handle(a) ── push(b) (waits) ── returns
 *                     handle(b)
 *  push(a) returns
 * ```
 */
export class Trampoline<T> {
  private readonly waiting = new Ring<T>();
  private running = false;

  constructor(private readonly handle: (value: T) => void) {}

  /** Whether a value is being handled at this moment. */
  get isRunning(): boolean {
    return this.running;
  }

  /** Values that wait for their turn. */
  get size(): number {
    return this.waiting.size;
  }

  push(value: T): void {
    if (this.running) {
      this.waiting.push(value);
      return;
    }
    this.running = true;
    try {
      // Something may be left over from a handler that threw; it came first.
      if (this.waiting.size === 0) this.handle(value);
      else this.waiting.push(value);
      while (this.waiting.size > 0) this.handle(this.waiting.shift() as T);
    } finally {
      this.running = false;
    }
  }

  clear(): void {
    this.waiting.clear();
  }
}
