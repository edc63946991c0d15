import { asapScheduler, asyncScheduler, from, Observable, ReplaySubject, Subject, Subscription } from 'rxjs';

import { atLeastOne, type CloseInfo, decodeMessage, type Inbound, type Message, type Wire } from '../protocol/index.js';
import { framesOf, isPortWord, type PortWord } from './port-frame.js';
import { PortHeartbeat, type PortHeartbeatOwner } from './port-heartbeat.js';
import { PortReader } from './port-reader.js';
import { PortSender } from './port-sender.js';
import { PortWriter, type PortWriterOwner } from './port-writer.js';
import type { PostMessagePort, PostMessageWireOptions } from './post-message-port.js';

const CREDIT = 1_024;
const CREDIT_BYTES = 1_048_576;
const HEARTBEAT = 10_000;
const GRACE = 2_000;

/**
 * A wire over anything that passes values to another context: a worker, a frame, a webview, a child process, an extension.
 *
 * Such a port takes everything at once and keeps what nobody reads. So the two ends give each other credit, which comes back
 * as a reader takes messages; what has none waits at its sender, whose sink is full. The ends greet each other before
 * anything else, whichever is there first, and ask from time to time whether the other still is.
 *
 * ```
 *  send     abcde------------      credit 4
 *  post     -(abcd)------(e)-      one packet a turn; e waits for credit
 *  taken    ------------2----
 * ```
 *
 * **Use it when** both sides have this library. **Rather use** {@link messagePortWire} for what has `postMessage` and events.
 *
 * - Loses: nothing. What is no packet of the other end is told as malformed, what the port refuses to whoever has sent it.
 * - Backs up: once all credit is used, the sink is full; it has room again at half.
 * - On close: what was sent goes out first, what has no credit within `grace`; the other side hears the reason.
 * - Ends with: what either side was told, `peer restarted` (the page was loaded again), `peer unresponsive`,
 *   `peer overran its credit`, `port closed`, or `port failed` with the error.
 * - Pauses: what has come is held, within the credit.
 *
 * @example Over the channel to a parent process
 * ```ts
 * const wire = postMessageWire({
 *   post: (value) => process.send?.(value, undefined, undefined, () => {}),
 *   listen: (receive) => {
 *     process.on('message', receive);
 *     return () => process.off('message', receive);
 *   },
 *   closed: fromEvent(process, 'disconnect'),
 * });
 * ```
 */
export function postMessageWire(port: PostMessagePort, options: PostMessageWireOptions = {}): Wire {
  const wire = new PostMessageWire(port, options);
  wire.open();
  return wire;
}

class PostMessageWire implements Wire, PortHeartbeatOwner, PortWriterOwner {
  readonly inbound$: Observable<Inbound>;
  readonly writable$: Observable<void>;
  readonly closed$: Observable<CloseInfo>;

  /** Tells this end from one that was here before the page was loaded again. */
  private readonly name = Math.random().toString(36);
  /** The name of the other end, once it has said hello. */
  private peer: string | undefined;
  private readonly credit: number;
  private readonly creditBytes: number;
  private readonly sender: PortSender;
  private readonly writer: PortWriter;
  private readonly reader: PortReader;
  private readonly heartbeat: PortHeartbeat;
  private readonly room = new Subject<void>();
  private readonly closed = new ReplaySubject<CloseInfo>(1);
  /** Whatever has to do with the port; it is over when this is. */
  private readonly port = new Subscription();
  /** It is over for whoever holds the wire. */
  private isEnded = false;
  /** How this side has ended it; the other side is told behind what waits. */
  private farewell: CloseInfo | undefined;

  constructor(
    private readonly ends: PostMessagePort,
    private readonly options: PostMessageWireOptions,
  ) {
    this.credit = toCredit(options.credit ?? CREDIT);
    this.creditBytes = toCredit(options.creditBytes ?? CREDIT_BYTES);
    this.sender = new PortSender(this.credit, this.creditBytes);
    this.writer = new PortWriter((packet) => ends.post(packet), options.joinOn ?? asapScheduler, this.sender, this);
    this.reader = new PortReader(this.credit, this.creditBytes, () => this.writer.tookSome());
    this.heartbeat = new PortHeartbeat(options.heartbeat ?? HEARTBEAT, options.scheduler ?? asyncScheduler, this);
    this.writable$ = this.room.asObservable();
    this.closed$ = this.closed.asObservable();
    this.inbound$ = new Observable((reader) => this.reader.open(reader));
  }

  get taken(): number {
    return this.reader.taken;
  }

  /** Listens, and says hello. */
  open(): void {
    const { closed } = this.ends;
    this.port.add(() => this.heartbeat.stop());
    this.port.add(() => this.writer.stop());
    this.port.add(this.ends.listen((value) => this.receive(value)));
    this.hello(null);
    if (closed === undefined) return;
    const died = (why: unknown): void =>
      this.finish({ reason: typeof why === 'string' ? why : 'port closed', orderly: false });
    this.port.add(from(closed).subscribe({ next: died, error: (error: unknown) => this.broken(error) }));
  }

  send(message: Message): boolean {
    return this.isEnded || this.writer.send(message);
  }

  pause(): void {
    this.reader.pause();
  }

  resume(): void {
    this.reader.resume();
  }

  close(info: CloseInfo = { reason: 'closed', orderly: true }): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.farewell = info;
    this.heartbeat.stop();
    // Now, and not at the end of the turn: whoever hears of the end may close the port.
    this.writer.flush();
    const { scheduler = asyncScheduler, grace = GRACE } = this.options;
    if (!this.port.closed) this.port.add(scheduler.schedule(() => this.leave(), grace));
    this.reader.drop();
    this.conclude(info);
  }

  ping(): void {
    this.writer.say(['ping']);
  }

  unresponsive(): void {
    this.giveUp('peer unresponsive');
  }

  unsendable(instead: Inbound): void {
    this.reader.settle(instead);
  }

  flushed(): void {
    // An end that has not heard of this one would not take a good-bye from it.
    if (this.peer !== undefined && this.sender.size === 0) this.leave();
  }

  broken(error: unknown): void {
    this.finish({ reason: 'port failed', orderly: false, error });
  }

  private receive(value: unknown): void {
    if (this.port.closed) return;
    const frames = framesOf(value);
    if (frames === undefined) {
      this.reader.tell({ malformed: new TypeError('not a packet of the other end', { cause: value }) });
      return;
    }
    this.heartbeat.heard();
    for (const frame of frames) {
      if (!Array.isArray(frame)) this.take(frame);
      else if (isPortWord(frame)) this.hear(frame);
      else this.reader.tell({ malformed: new TypeError('not a word of the other end', { cause: frame }) });
    }
  }

  private take(frame: unknown): void {
    // Who has not said hello speaks to one that was here before.
    if (this.peer === undefined || this.isEnded) return;
    if (!this.reader.receive(decodeMessage(frame), frame)) this.giveUp('peer overran its credit');
  }

  private hear(word: PortWord): void {
    if (word[0] === 'hello') {
      this.greeted(word);
      return;
    }
    if (this.peer === undefined) return;
    switch (word[0]) {
      case 'more':
        this.writer.asked();
        break;
      case 'taken':
        if (this.sender.taken(word[1])) this.goOn();
        else this.giveUp('peer overran its credit');
        break;
      case 'void':
        this.reader.skip();
        break;
      case 'ping':
        this.writer.say(['pong']);
        break;
      case 'close':
        this.finish({ reason: word[1], orderly: word[2] });
        break;
      case 'pong':
    }
  }

  private greeted([, name, heard, messages, bytes]: Extract<PortWord, readonly ['hello', ...unknown[]]>): void {
    if (heard !== null && heard !== this.name) return;
    if (this.peer === undefined) {
      this.peer = name;
      this.sender.grant(messages, bytes);
      // It may not have been there yet when ours was posted.
      if (heard === null) this.hello(name);
      if (!this.isEnded) this.heartbeat.start();
      this.goOn();
    } else if (this.peer !== name) {
      this.finish({ reason: 'peer restarted', orderly: false });
    }
  }

  private hello(heard: string | null): void {
    this.writer.say(['hello', this.name, heard, this.credit, this.creditBytes]);
  }

  /** There may be credit that was not there before. */
  private goOn(): void {
    this.writer.answered();
    if (this.farewell !== undefined) this.writer.join();
    if (this.sender.makeRoom()) this.room.next();
  }

  /** Ends it because of what the other side does, and tells it. */
  private giveUp(reason: string): void {
    this.writer.post([['close', reason, false]]);
    this.finish({ reason, orderly: false });
  }

  /** Says good-bye, and lets the port go. */
  private leave(): void {
    const { farewell, sender } = this;
    if (farewell === undefined) return;
    this.farewell = undefined;
    // Not an orderly end for the other side if it misses something.
    this.writer.post([['close', farewell.reason, farewell.orderly && sender.size === 0]]);
    this.finish(farewell);
  }

  /** The port is over, and what has come is delivered. */
  private finish(info: CloseInfo): void {
    this.port.unsubscribe();
    this.sender.clear();
    if (this.isEnded) return;
    this.isEnded = true;
    this.reader.end(() => this.conclude(info));
  }

  private conclude(info: CloseInfo): void {
    this.room.complete();
    this.closed.next(info);
    this.closed.complete();
  }
}

/** Infinity is no JSON, and some ports carry nothing else. */
function toCredit(limit: number): number {
  return Math.min(atLeastOne(limit), Number.MAX_SAFE_INTEGER);
}
