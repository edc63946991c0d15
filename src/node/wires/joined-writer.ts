import type { Writable } from 'node:stream';

/** Bytes that are written without waiting for the end of the turn. */
const AT_ONCE = 65_536;

/** What a writer tells its wire. */
export interface JoinedWriterOwner {
  /** What waits has shrunk to half of the high-water mark. */
  hasRoom(): void;
  /** All that was written is out, and the stream has ended, or will not end by itself any more. */
  ended(): void;
}

/**
 * Writes text to a stream: what comes in one turn of the event loop goes out together, and what waits is counted.
 *
 * @internal
 */
export class JoinedWriter {
  private joined = '';
  /** Bytes handed to the stream that are not out yet. */
  private unsent = 0;
  private isFull = false;
  private isEnding = false;

  constructor(
    private readonly stream: Writable,
    private readonly highWaterMark: number,
    private readonly owner: JoinedWriterOwner,
  ) {}

  /** Returns false once more waits than the high-water mark. */
  write(text: string): boolean {
    if (this.isEnding) return true;
    if (this.joined === '') process.nextTick(this.flush);
    this.joined += text;
    if (this.joined.length >= AT_ONCE) this.flush();
    if (this.waiting >= this.highWaterMark) this.isFull = true;
    return !this.isFull;
  }

  /** Writes what waits and ends the stream behind it. */
  end(): void {
    if (this.isEnding) return;
    this.flush();
    this.isEnding = true;
    if (this.stream.destroyed || this.stream.writableEnded) this.owner.ended();
    else this.stream.end(() => this.owner.ended());
  }

  /** A character is one byte at least: near enough to stop by, and free. */
  private get waiting(): number {
    return this.unsent + this.joined.length;
  }

  private readonly flush = (): void => {
    const text = this.joined;
    if (text === '' || this.isEnding) return;
    this.joined = '';
    const bytes = Buffer.byteLength(text);
    this.unsent += bytes;
    this.stream.write(text, () => this.written(bytes));
  };

  private written(bytes: number): void {
    this.unsent -= bytes;
    if (!this.isFull || this.isEnding || this.waiting > this.highWaterMark / 2) return;
    this.isFull = false;
    this.owner.hasRoom();
  }
}
