/**
 * A first-in first-out queue over a growing circular array.
 *
 * `Array.shift` moves every element of a long array; here both ends cost the same at any depth. The ring starts small
 * and doubles, since most queues stay nearly empty.
 */
export class Ring<T> {
  private slots: (T | undefined)[] = new Array<T | undefined>(16);
  private head = 0;
  private count = 0;

  get size(): number {
    return this.count;
  }

  push(value: T): void {
    if (this.count === this.slots.length) this.grow();
    this.slots[(this.head + this.count) & (this.slots.length - 1)] = value;
    this.count += 1;
  }

  peek(): T | undefined {
    return this.slots[this.head];
  }

  shift(): T | undefined {
    if (this.count === 0) return undefined;
    const value = this.slots[this.head];
    this.slots[this.head] = undefined;
    this.head = (this.head + 1) & (this.slots.length - 1);
    this.count -= 1;
    return value;
  }

  clear(): void {
    this.slots = new Array<T | undefined>(16);
    this.head = 0;
    this.count = 0;
  }

  private grow(): void {
    const { slots, head } = this;
    const grown = slots.slice(head).concat(slots.slice(0, head));
    // The length stays a power of two, so that a mask can stand for the remainder.
    grown.length = slots.length * 2;
    this.slots = grown;
    this.head = 0;
  }
}
