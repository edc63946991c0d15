import type { Readable, Writable } from 'node:stream';

import {
  asyncScheduler,
  Observable,
  ReplaySubject,
  type SchedulerLike,
  Subject,
  type Subscriber,
  Subscription,
} from 'rxjs';

import { atLeastOne, type CloseInfo, type Inbound, type Message, type Wire } from '../../protocol/index.js';
import { type Framing, type FramingCodec, framingCodec } from './framing.js';
import { JoinedWriter } from './joined-writer.js';
import type { MessageDecoder } from './message-decoder.js';

const MAX_MESSAGE_BYTES = 64 * 1_048_576;
const HIGH_WATER_MARK = 256 * 1_024;
const GRACE = 2_000;

/** How a wire over streams of bytes reads and writes. */
export interface StreamOptions {
  /** How one message is told from the next. Default `lines`. */
  readonly framing?: Framing;
  /** Bytes a message that arrives may have; a longer one is skipped and told as malformed. From 1; default 64 MiB. */
  readonly maxMessageBytes?: number;
  /** Bytes that may wait in this process to be written before the sink counts as full. From 1; default 256 KiB. */
  readonly highWaterMark?: number;
  /** Milliseconds that what was sent before `close` has to get out. Default 2,000. */
  readonly grace?: number;
  /** The clock. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}

/** What happens at the ends of a channel that its owner knows better how to handle. */
export interface ChannelOwner {
  /** Nothing more can be read. The owner calls `finish`, now or a little later. */
  ended(info: CloseInfo): void;
  /** Nothing more can be written. The owner calls `finish`, now or a little later. */
  broken(info: CloseInfo): void;
  /** The wire has ended, and what waited has been written if it could be. */
  flushed(): void;
}

/**
 * A wire over two streams of bytes; whose streams they are, and what their end means, is its owner's affair.
 *
 * ```
 *  send ──▶ JSON ──▶ joined writer ──▶ writable          full above the high-water mark
 *  inbound$ ◀── decoder ◀── readable                      paused on demand, else read whatever anybody does
 * ```
 *
 * @internal
 */
export class StreamChannel implements Wire {
  readonly inbound$: Observable<Inbound>;
  readonly writable$: Observable<void>;
  readonly closed$: Observable<CloseInfo>;

  private readonly codec: FramingCodec;
  private decoder: MessageDecoder;
  private readonly writer: JoinedWriter;
  private readonly room = new Subject<void>();
  private readonly closed = new ReplaySubject<CloseInfo>(1);
  private readonly scheduler: SchedulerLike;
  private readonly grace: number;
  /** Ends the wait for a peer that does not read what it is sent last. */
  private readonly deadline = new Subscription();
  private reader: Subscriber<Inbound> | undefined;
  private isReading = false;
  private isHeld = false;
  /** How the streams ended; what was read before is delivered first. */
  private end: CloseInfo | undefined;
  private isFinished = false;

  constructor(
    private readonly readable: Readable,
    writable: Writable,
    options: StreamOptions,
    private readonly owner: ChannelOwner,
  ) {
    this.codec = framingCodec(options.framing ?? 'lines');
    this.decoder = this.codec.decoder(atLeastOne(options.maxMessageBytes ?? MAX_MESSAGE_BYTES));
    this.scheduler = options.scheduler ?? asyncScheduler;
    this.grace = options.grace ?? GRACE;
    const highWaterMark = atLeastOne(options.highWaterMark ?? HIGH_WATER_MARK);
    this.writer = new JoinedWriter(writable, highWaterMark, {
      hasRoom: () => this.room.next(),
      ended: () => this.flushed(),
    });
    this.writable$ = this.room.asObservable();
    this.closed$ = this.closed.asObservable();
    this.inbound$ = new Observable((reader) => this.open(reader));
    const broken = (error: Error): CloseInfo => ({ reason: 'broken pipe', orderly: false, error });
    writable.on('error', (error) => owner.broken(broken(error)));
    readable.on('error', (error) => this.streamEnded(broken(error)));
    readable.on('end', () => this.streamEnded({ reason: 'peer closed', orderly: true }));
    readable.on('close', () => this.streamEnded({ reason: 'broken pipe', orderly: false }));
    // Node itself resumes the streams of a process that exits.
    readable.on('resume', () => {
      if (this.isHeld && !this.isFinished) readable.pause();
    });
  }

  /** Nobody wants to read now. */
  get isPaused(): boolean {
    return this.isHeld;
  }

  send(message: Message): boolean {
    // Throws where JSON does, before anything is written.
    const text = this.codec.encode(JSON.stringify(message));
    return this.isFinished || this.writer.write(text);
  }

  pause(): void {
    this.isHeld = true;
    this.readable.pause();
  }

  resume(): void {
    this.isHeld = false;
    this.readable.resume();
    this.read();
  }

  close(info: CloseInfo = { reason: 'closed', orderly: true }): void {
    this.conclude(info);
  }

  /** Ends the wire because its other side has ended: what was read before is delivered, paused or not. */
  finish(info: CloseInfo): void {
    if (this.isFinished) return;
    this.readRest();
    this.conclude(info);
  }

  /** Ends the wire for whoever holds it, and writes what waits. */
  private conclude(info: CloseInfo): void {
    if (this.isFinished) return;
    this.isFinished = true;
    // Who keeps the closed wire must not keep what nobody will read.
    this.decoder = this.codec.decoder(1);
    this.reader?.complete();
    this.closed.next(info);
    this.closed.complete();
    this.room.complete();
    // Nobody hears it any more, but a peer that cannot write would not come to its end.
    this.readable.resume();
    this.deadline.add(this.scheduler.schedule(() => this.flushed(), this.grace));
    this.writer.end();
  }

  private open(reader: Subscriber<Inbound>): void {
    this.reader = reader;
    if (this.isFinished) {
      reader.complete();
      return;
    }
    this.readable.on('data', (chunk: Buffer | string) => {
      if (this.isFinished) return;
      this.decoder.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
      this.read();
    });
    // Whoever has made the stream may have paused it.
    if (!this.isHeld) this.readable.resume();
  }

  private read(): void {
    const { reader } = this;
    if (this.isReading || reader === undefined) return;
    this.isReading = true;
    while (this.mayRead) {
      const inbound = this.decoder.next();
      if (inbound === undefined) break;
      reader.next(inbound);
    }
    this.isReading = false;
    if (this.end !== undefined && this.mayRead) this.deliverEnd(this.end, reader);
  }

  private readRest(): void {
    const { reader } = this;
    if (this.isReading || reader === undefined) return;
    this.isReading = true;
    while (!this.isFinished) {
      const inbound = this.decoder.next();
      if (inbound === undefined) break;
      reader.next(inbound);
    }
    this.isReading = false;
  }

  private deliverEnd(end: CloseInfo, reader: Subscriber<Inbound>): void {
    const rest = this.decoder.end();
    if (rest !== undefined) reader.next(rest);
    if (!this.isFinished) this.owner.ended(end);
  }

  private get mayRead(): boolean {
    // What broke cannot be resumed: what was read before is delivered, paused or not.
    return !this.isFinished && (!this.isHeld || this.end?.orderly === false);
  }

  private streamEnded(info: CloseInfo): void {
    if (this.end !== undefined || this.isFinished) return;
    this.end = info;
    if (this.reader === undefined) this.owner.ended(info);
    else this.read();
  }

  private flushed(): void {
    if (this.deadline.closed) return;
    this.deadline.unsubscribe();
    this.owner.flushed();
  }
}
