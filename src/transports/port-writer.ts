import type { SchedulerLike } from 'rxjs';

import { ErrorCode, type Inbound, type Message, messageOf } from '../protocol/index.js';
import { messageBytes } from './message-bytes.js';
import type { PortFrame, PortWord } from './port-frame.js';
import type { PortSender } from './port-sender.js';

/** What a writer tells its wire. */
export interface PortWriterOwner {
  /** Messages that the reader of this end has taken. */
  readonly taken: number;
  /** All that could be posted is. */
  flushed(): void;
  /** A message cannot be posted; this tells the one who has sent it. */
  unsendable(instead: Inbound): void;
  /** The port takes nothing any more. */
  broken(error: unknown): void;
}

/**
 * Posts what one turn of the event loop sends as one packet.
 *
 * @internal
 */
export class PortWriter {
  /** They go out before the messages of this turn. */
  private words: PortWord[] = [];
  /** The other end has asked for credit, and there is none to give yet. */
  private isAsked = false;
  private hasAsked = false;
  private toldTaken = 0;
  private isJoining = false;
  private isStopped = false;

  constructor(
    private readonly put: (packet: unknown) => void,
    private readonly joinOn: SchedulerLike,
    private readonly sender: PortSender,
    private readonly owner: PortWriterOwner,
  ) {}

  /** Takes a message. Returns false once the credit is used up. Throws at what no port takes. */
  send(message: Message): boolean {
    const hasRoom = this.sender.push(message, messageBytes(message));
    if (this.sender.canPost || this.mustAsk) this.join();
    return hasRoom;
  }

  /** The other end asks for credit. */
  asked(): void {
    this.isAsked = true;
    this.tookSome();
  }

  /** The reader has taken some, of which the other end is told if it has asked. */
  tookSome(): void {
    if (this.mustTell) this.join();
  }

  /** The other end has told what was taken. */
  answered(): void {
    this.hasAsked = false;
    if (this.sender.canPost || this.mustAsk) this.join();
  }

  say(word: PortWord): void {
    this.words.push(word);
    this.join();
  }

  /** Posts at the end of this turn. */
  join(): void {
    if (this.isJoining || this.isStopped) return;
    this.isJoining = true;
    this.joinOn.schedule(() => {
      this.isJoining = false;
      this.flush();
    });
  }

  /** Posts now. */
  flush(): void {
    if (this.isStopped) return;
    const frames: PortFrame[] = this.words;
    this.words = [];
    if (this.mustTell) {
      this.isAsked = false;
      this.toldTaken = this.owner.taken;
      frames.push(['taken', this.toldTaken]);
    }
    this.sender.post(frames);
    if (this.mustAsk) {
      this.hasAsked = true;
      frames.push(['more']);
    }
    if (frames.length > 0) this.post(frames);
    this.owner.flushed();
  }

  /** Posts this alone, now, without looking at credit. */
  post(frames: readonly PortFrame[]): void {
    if (this.isStopped) return;
    try {
      this.put({ sluice: frames });
    } catch (error) {
      this.refused(frames, error);
    }
  }

  stop(): void {
    this.isStopped = true;
    this.words = [];
  }

  private get mustTell(): boolean {
    return this.isAsked && this.owner.taken !== this.toldTaken;
  }

  private get mustAsk(): boolean {
    return !this.hasAsked && this.sender.isShort;
  }

  /** The port does not take a packet: it is broken, or a message in it cannot be cloned. */
  private refused(frames: readonly PortFrame[], error: unknown): void {
    const [first] = frames;
    if (first === undefined || (frames.length === 1 && isWord(first))) {
      this.owner.broken(error);
    } else if (frames.length > 1) {
      for (const frame of frames) this.post([frame]);
    } else {
      // An empty packet tells which of the two.
      this.post([]);
      if (!this.isStopped) this.post([this.replace(first as Message, error)]);
    }
  }

  /** Tells the one who has sent the message; returns what is posted in its place. */
  private replace(message: Message, cause: unknown): PortFrame {
    const problem = { code: ErrorCode.InternalError, message: `cannot be sent: ${messageOf(cause)}` };
    if (!('method' in message)) return { id: message.id, error: problem };
    this.owner.unsendable(
      'id' in message
        ? { id: message.id, error: problem }
        : { malformed: new TypeError(`${message.method} cannot be sent: ${messageOf(cause)}`, { cause }) },
    );
    return ['void'];
  }
}

function isWord(frame: PortFrame): frame is PortWord {
  return Array.isArray(frame);
}
