/**
 * Text that grows without growing for ever: its beginning and its end, with a note of what is missing between them.
 *
 * Half of the limit is for the beginning, half for the end. Appending costs the same however much came before.
 *
 * @internal
 */
export class BoundedText {
  /** Characters that were appended so far. */
  length = 0;
  private head = '';
  /** Pieces of the end, the oldest first; those before `from` are gone. */
  private tail: string[] = [];
  private from = 0;
  private tailLength = 0;

  /** @param limit Most characters kept, the note not counted; at least 2. */
  constructor(private readonly limit: number) {}

  append(text: string): void {
    this.length += text.length;
    const room = Math.floor(this.limit / 2) - this.head.length;
    this.head += text.slice(0, room);
    if (text.length > room) this.pushTail(text.slice(room));
  }

  toString(): string {
    const tail = this.tail.slice(this.from).join('').slice(-this.tailLimit);
    const missing = this.length - this.head.length - tail.length;
    const note = missing === 0 ? '' : `\n[... ${missing} characters left out ...]\n`;
    return this.head + note + tail;
  }

  private get tailLimit(): number {
    return Math.ceil(this.limit / 2);
  }

  private pushTail(text: string): void {
    const piece = text.slice(-this.tailLimit);
    this.tail.push(piece);
    this.tailLength += piece.length;
    for (;;) {
      const oldest = this.tail[this.from];
      if (oldest === undefined || this.tailLength - oldest.length < this.tailLimit) break;
      this.tailLength -= oldest.length;
      this.tail[this.from] = '';
      this.from += 1;
    }
    // Moving what is left only when half of the places are empty keeps appending cheap.
    if (this.from < 1024 || this.from * 2 < this.tail.length) return;
    this.tail = this.tail.slice(this.from);
    this.from = 0;
  }
}
