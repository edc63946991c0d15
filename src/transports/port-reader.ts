import type { Subscriber } from 'rxjs';

import type { Inbound } from '../protocol/index.js';
import { Ring } from '../scheduling/index.js';
import { messageBytes } from './message-bytes.js';

/**
 * How many times its credit in bytes may be held: the other end weighs a message before it is posted, and JSON makes some
 * larger. Only an end that keeps no count comes so far.
 */
const TOLERANCE = 16;

/** What came and was not taken yet. */
interface Held {
  readonly inbound: Inbound;
  /** It was sent on credit; what is told instead of a message was not. */
  readonly onCredit: boolean;
  readonly bytes: number;
}

/**
 * What one end of a port has received: the reader takes it one by one, and what it does not take is held.
 *
 * Only what is taken is credit for the other end again, so a reader that pauses, or is not there, stops it.
 *
 * @internal
 */
export class PortReader {
  /** Messages that the reader has taken. */
  taken = 0;
  private arrived = 0;
  private heldBytes = 0;
  private readonly held = new Ring<Held>();
  private reader: Subscriber<Inbound> | undefined;
  private isPaused = false;
  private isDelivering = false;
  private isEnded = false;
  /** Waits for the end of the delivery in which the end has come. */
  private done: (() => void) | undefined;

  constructor(
    /** Messages that may be here without being taken. */
    private readonly credit: number,
    /** Bytes of them. */
    private readonly creditBytes: number,
    /** The reader has taken some. */
    private readonly told: () => void,
  ) {}

  /** Takes a message that was sent on credit, read from a frame. Returns false if there was none left. */
  receive(inbound: Inbound, frame: unknown = inbound): boolean {
    this.arrived += 1;
    if (this.arrived - this.taken > this.credit) return false;
    // What is taken at once weighs nothing.
    const bytes = this.mustWait ? weigh(frame) : 0;
    if (this.held.size > 0 && this.heldBytes + bytes > this.creditBytes * TOLERANCE) return false;
    this.put(inbound, true, bytes);
    return true;
  }

  /** There was a message that could not be posted. */
  skip(): void {
    this.arrived += 1;
    this.taken += 1;
    this.told();
  }

  /** Tells the reader what became of something it has sent. */
  settle(inbound: Inbound): void {
    this.put(inbound, false);
  }

  /** Tells the reader of what is no message. Nobody gives credit for that, so it is held only while there is place. */
  tell(inbound: Inbound): void {
    if (this.held.size < this.credit) this.put(inbound, false);
  }

  open(reader: Subscriber<Inbound>): void {
    this.reader = reader;
    reader.add(() => {
      if (this.reader === reader) this.reader = undefined;
    });
    this.deliver();
  }

  pause(): void {
    // After the end nothing would resume it.
    this.isPaused = !this.isEnded;
  }

  resume(): void {
    this.isPaused = false;
    this.deliver();
  }

  /** Nothing more comes. What is held is delivered, paused or not, and then `done` is called. */
  end(done: () => void): void {
    this.isEnded = true;
    this.isPaused = false;
    if (this.isDelivering) {
      this.done = done;
      return;
    }
    this.deliver();
    done();
  }

  /** Nothing more is wanted. */
  drop(): void {
    this.isEnded = true;
    this.held.clear();
    this.reader?.complete();
  }

  private get mustWait(): boolean {
    return this.reader === undefined || this.isPaused || this.isDelivering;
  }

  private put(inbound: Inbound, onCredit: boolean, bytes = 0): void {
    if (this.isEnded) return;
    this.held.push({ inbound, onCredit, bytes });
    this.heldBytes += bytes;
    this.deliver();
  }

  private deliver(): void {
    if (this.isDelivering) return;
    this.isDelivering = true;
    const before = this.taken;
    while (this.reader !== undefined && !this.isPaused) {
      const next = this.held.shift();
      if (next === undefined) break;
      this.heldBytes -= next.bytes;
      // Before it is delivered, as the reader may send from inside and tell it along.
      if (next.onCredit) this.taken += 1;
      this.reader.next(next.inbound);
    }
    this.isDelivering = false;
    if (this.taken !== before) this.told();
    if (this.isEnded && this.held.size === 0) this.reader?.complete();
    this.done?.();
    this.done = undefined;
  }
}

/** Too much, whatever it is, if it is nested too deep to be walked. */
function weigh(frame: unknown): number {
  try {
    return messageBytes(frame);
  } catch {
    return Number.MAX_SAFE_INTEGER;
  }
}
