import type { Message } from '../protocol/index.js';
import { Ring } from '../scheduling/index.js';
import type { PortFrame } from './port-frame.js';

/**
 * What one end of a port sends: as much of it is out as the other end has given credit for, the rest waits here.
 *
 * ```
 *  push ─▶ waiting ── post, while there is credit ─▶ posted ── taken by the other end's reader ─▶ gone
 *          └── used: short above half of the credit, full at the credit until it is short no more ──┘
 * ```
 *
 * @internal
 */
export class PortSender {
  private readonly waiting = new Ring<Message>();
  /** Of those that wait. */
  private readonly sizes = new Ring<number>();
  /** The sizes of those that are posted and not taken. */
  private readonly posted = new Ring<number>();
  private postedBytes = 0;
  private usedBytes = 0;
  /** Messages that were taken. */
  private gone = 0;
  private hasCredit = false;
  private isFull = false;

  /** @param messages What counts as full until the other end has told its credit, and `bytes` as well. */
  constructor(
    private messages: number,
    private bytes: number,
  ) {}

  /** Messages that wait for credit. */
  get size(): number {
    return this.waiting.size;
  }

  /** Whether the next message may be posted. One that is larger than all of the credit goes alone. */
  get canPost(): boolean {
    const size = this.sizes.peek();
    if (size === undefined || !this.hasCredit || this.posted.size >= this.messages) return false;
    return this.posted.size === 0 || this.postedBytes + size <= this.bytes;
  }

  /** Whether it is time to ask how much was taken. Before there is none left, so that a quick reader holds up nobody. */
  get isShort(): boolean {
    return this.hasCredit && (this.used > this.messages / 2 || this.usedBytes > this.bytes / 2);
  }

  /** Takes a message. Returns false once what is used reaches the credit. */
  push(message: Message, size: number): boolean {
    this.waiting.push(message);
    this.sizes.push(size);
    this.usedBytes += size;
    if (this.used >= this.messages || this.usedBytes >= this.bytes) this.isFull = true;
    return !this.isFull;
  }

  /** The other end has told how much it lets be out. */
  grant(messages: number, bytes: number): void {
    this.messages = messages;
    this.bytes = bytes;
    this.hasCredit = true;
  }

  /** Adds what may be posted to the frames. */
  post(frames: PortFrame[]): void {
    while (this.canPost) {
      frames.push(this.waiting.shift() as Message);
      const size = this.sizes.shift() as number;
      this.posted.push(size);
      this.postedBytes += size;
    }
  }

  /** The other end's reader has taken so many in all. Returns false if that cannot be. */
  taken(total: number): boolean {
    if (total > this.gone + this.posted.size) return false;
    for (; this.gone < total; this.gone += 1) {
      const size = this.posted.shift() as number;
      this.postedBytes -= size;
      this.usedBytes -= size;
    }
    return true;
  }

  /** Whether a full sink has got room just now; asked after each change. */
  makeRoom(): boolean {
    if (!this.isFull || this.isShort) return false;
    this.isFull = false;
    return true;
  }

  clear(): void {
    this.waiting.clear();
    this.sizes.clear();
    this.posted.clear();
  }

  private get used(): number {
    return this.posted.size + this.waiting.size;
  }
}
