/** What an element of a {@link LinkedQueue} carries: its own place in the queue. Managed by the queue. */
export interface Linked {
  queue: object | undefined;
  previous: Linked | undefined;
  next: Linked | undefined;
}

/**
 * A first-in first-out queue that an element can leave from the middle at no cost.
 *
 * Each element carries its own links, so giving up a waiting request frees its place at once instead of leaving a hole
 * to be skipped later. An element is in one queue at a time.
 */
export class LinkedQueue<T extends Linked> {
  private first: Linked | undefined;
  private last: Linked | undefined;
  private count = 0;

  get size(): number {
    return this.count;
  }

  peek(): T | undefined {
    return this.first as T | undefined;
  }

  push(element: T): void {
    element.queue = this;
    element.previous = this.last;
    if (this.last === undefined) this.first = element;
    else this.last.next = element;
    this.last = element;
    this.count += 1;
  }

  shift(): T | undefined {
    const element = this.peek();
    if (element !== undefined) this.delete(element);
    return element;
  }

  /** Takes an element out, wherever it stands. Returns false if it is not in this queue. */
  delete(element: T): boolean {
    if (element.queue !== this) return false;
    const { previous, next } = element;
    if (previous === undefined) this.first = next;
    else previous.next = next;
    if (next === undefined) this.last = previous;
    else next.previous = previous;
    element.queue = element.previous = element.next = undefined;
    this.count -= 1;
    return true;
  }
}
