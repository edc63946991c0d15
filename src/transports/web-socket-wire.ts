import {
  asyncScheduler,
  Observable,
  ReplaySubject,
  type SchedulerLike,
  Subject,
  type Subscriber,
  Subscription,
} from 'rxjs';

import {
  atLeastOne,
  type CloseInfo,
  type Inbound,
  type Message,
  parseMessage,
  tooLarge,
  type Wire,
} from '../protocol/index.js';
import { Ring } from '../scheduling/index.js';
import { fromCloseFrame, toCloseFrame, TOO_BIG } from './close-code.js';
import type { WebSocketLike } from './web-socket-like.js';

const CONNECTING = 0;
const OPEN = 1;

/** How a {@link webSocketWire} reads and writes. */
export interface WebSocketWireOptions {
  /** Bytes that may wait in this process before the sink counts as full. From 1; default 256 KiB. */
  readonly highWaterMark?: number;
  /** Milliseconds between two looks at whether a full sink has room; sockets do not tell. From 1; default 20. */
  readonly pollInterval?: number;
  /** Characters a message that arrives may have; a longer one is skipped and told as malformed. From 1; default 16 Mi. */
  readonly maxMessageBytes?: number;
  /** Milliseconds the peer has to answer a close before the connection is cut, where it can be. Default 2,000. */
  readonly closeTimeout?: number;
  /** The clock. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}

/**
 * A wire over a WebSocket, of a browser or of `ws`: one message in each text frame.
 *
 * The socket may still be connecting: what is sent waits, and `closed$` tells if it never opens. The reason of an end
 * goes to the other side in the close frame.
 *
 * ```
 *  socket    --open--"{…}"----"oops"----close(1000, 'shutdown')
 *  inbound$  --------m--------!---------|
 * ```
 *
 * **Use it when** you have a socket. **Rather use** `connectWebSocket` and `listenWebSocket` of `rx-sluice/websocket` in
 * Node: they check who is there.
 *
 * - Loses: nothing. A message over `maxMessageBytes`, or a binary frame, is skipped, and told. (A socket of `ws` may have a
 *   limit of its own, `maxPayload`, which closes it: `a message was over the limit`.)
 * - Backs up: above `highWaterMark` bytes in `bufferedAmount`, the sink is full.
 * - On close: what was sent goes out before the close frame.
 * - Pauses: only if the socket can; those of a browser cannot. Until somebody subscribes to `inbound$`, a socket that can
 *   is paused at its first message, and another is closed, `slow-consumer`, when `maxMessageBytes` wait.
 *
 * @example In a page
 * ```ts
 * const client = connect(webSocketWire(new WebSocket('ws://127.0.0.1:4500')), contract);
 * ```
 */
export function webSocketWire(socket: WebSocketLike, options: WebSocketWireOptions = {}): Wire {
  const wire = new SocketWire(socket, options);
  // A wire that cannot be paused has no such methods.
  return socket.pause === undefined ? wire : Object.assign(wire, { pause: wire.hold, resume: wire.release });
}

class SocketWire implements Wire {
  readonly inbound$: Observable<Inbound>;
  readonly writable$: Observable<void>;
  readonly closed$: Observable<CloseInfo>;

  private readonly highWaterMark: number;
  private readonly pollInterval: number;
  private readonly maxMessageBytes: number;
  private readonly closeTimeout: number;
  private readonly scheduler: SchedulerLike;
  private readonly room = new Subject<void>();
  private readonly closed = new ReplaySubject<CloseInfo>(1);
  private readonly timers = new Subscription();
  private reader: Subscriber<Inbound> | undefined;
  /** What came before anybody read, or while the wire is paused. */
  private readonly held = new Ring<Inbound>();
  /** Characters that came before anybody read. */
  private unread = 0;
  private isDelivering = false;
  /** What was sent before the socket opened. */
  private early: string[] = [];
  private earlySize = 0;
  private hasOpened = false;
  private isPaused = false;
  /** It cannot be resumed any more: what came before is delivered, paused or not. */
  private isEnding = false;
  private isFull = false;
  private isFinished = false;
  private error: unknown;
  /** Closes a socket that was still connecting, behind what was sent before. */
  private farewell: (() => void) | undefined;

  constructor(
    private readonly socket: WebSocketLike,
    options: WebSocketWireOptions,
  ) {
    this.highWaterMark = atLeastOne(options.highWaterMark ?? 256 * 1_024);
    this.pollInterval = atLeastOne(options.pollInterval ?? 20);
    this.maxMessageBytes = atLeastOne(options.maxMessageBytes ?? 16 * 1_048_576);
    this.closeTimeout = options.closeTimeout ?? 2_000;
    this.scheduler = options.scheduler ?? asyncScheduler;
    this.writable$ = this.room.asObservable();
    this.closed$ = this.closed.asObservable();
    this.inbound$ = new Observable((reader) => this.open(reader));
    this.hasOpened = socket.readyState === OPEN;
    socket.addEventListener('open', () => this.opened());
    socket.addEventListener('message', (event) => this.receive(event));
    socket.addEventListener('error', (event) => (this.error = 'error' in event ? event.error : event));
    socket.addEventListener('close', (event) => this.socketClosed(event));
    if (socket.readyState > OPEN) this.finish({ reason: 'connection lost', orderly: false });
  }

  send(message: Message): boolean {
    // Throws where JSON does, before anything is sent.
    const text = JSON.stringify(message);
    if (this.isFinished) return true;
    if (this.socket.readyState === CONNECTING) {
      this.early.push(text);
      this.earlySize += text.length;
      this.isFull = this.earlySize > this.highWaterMark;
    } else {
      this.socket.send(text);
      if (!this.isFull && this.socket.bufferedAmount > this.highWaterMark) this.waitForRoom();
    }
    return !this.isFull;
  }

  close(info: CloseInfo = { reason: 'closed', orderly: true }): void {
    if (this.isFinished) return;
    this.finish(info);
    const { code, reason } = toCloseFrame(info);
    // Nobody reads any more, but the peer's answer has to be read.
    if (this.isPaused) this.socket.resume?.();
    if (this.socket.readyState !== CONNECTING) this.socket.close(code, reason);
    const cut = (): void => {
      if (this.socket.terminate === undefined) this.socket.close(code, reason);
      else this.socket.terminate();
    };
    this.timers.add(this.scheduler.schedule(cut, this.closeTimeout));
    this.farewell = () => this.socket.close(code, reason);
  }

  /** `pause`, for a socket that can. */
  readonly hold = (): void => {
    this.isPaused = true;
    this.socket.pause?.();
  };

  /** `resume`, for a socket that can. */
  readonly release = (): void => {
    this.isPaused = false;
    this.socket.resume?.();
    this.deliverHeld();
  };

  private open(reader: Subscriber<Inbound>): void {
    this.reader = reader;
    if (this.unread > 0 && !this.isPaused) this.socket.resume?.();
    this.deliverHeld();
    if (this.isFinished) reader.complete();
  }

  private deliverHeld(): void {
    const { reader } = this;
    // A reader that resumes inside a delivery takes the next one behind it, not inside it.
    if (this.isDelivering || reader === undefined) return;
    this.isDelivering = true;
    while (!this.isPaused || this.isEnding) {
      const next = this.held.shift();
      if (next === undefined) break;
      reader.next(next);
    }
    this.isDelivering = false;
  }

  private opened(): void {
    this.hasOpened = true;
    const texts = this.early;
    this.early = [];
    for (const text of texts) this.socket.send(text);
    if (this.farewell !== undefined) this.farewell();
    else if (this.socket.bufferedAmount > this.highWaterMark) this.waitForRoom();
    else this.hasRoom();
  }

  private receive(event: object): void {
    if (this.isFinished) return;
    const data = 'data' in event ? event.data : undefined;
    if (this.reader === undefined && !this.mayHold(data)) return;
    const inbound = this.read(data);
    if (this.reader === undefined || this.isPaused || this.isDelivering) this.held.push(inbound);
    else this.reader.next(inbound);
  }

  /** Nobody reads yet: the peer waits, or, where it cannot be made to, may send so much and no more. */
  private mayHold(data: unknown): boolean {
    if (this.unread === 0) this.socket.pause?.();
    this.unread += typeof data === 'string' ? data.length : 1;
    const isTooMuch = this.socket.pause === undefined && this.unread > this.maxMessageBytes;
    if (isTooMuch) this.close({ reason: 'slow-consumer', orderly: false });
    return !this.isFinished;
  }

  private read(data: unknown): Inbound {
    if (typeof data !== 'string') return { malformed: new TypeError('a binary frame is no message') };
    return data.length > this.maxMessageBytes ? tooLarge(data.length, this.maxMessageBytes) : parseMessage(data);
  }

  private waitForRoom(): void {
    this.isFull = true;
    const look = this.scheduler.schedule(() => {
      // A sink may be full for long, and each look that is over would be kept until the end.
      this.timers.remove(look);
      if (this.socket.bufferedAmount <= this.highWaterMark / 2) this.hasRoom();
      else this.waitForRoom();
    }, this.pollInterval);
    this.timers.add(look);
  }

  private hasRoom(): void {
    if (!this.isFull) return;
    this.isFull = false;
    this.room.next();
  }

  private socketClosed(event: object): void {
    const { code, reason } = { code: 1_006, reason: '', ...readClose(event) };
    this.timers.unsubscribe();
    const info = fromCloseFrame(isTooBig(this.error) ? TOO_BIG : code, reason);
    // What came before is delivered, paused or not: it cannot be resumed any more.
    this.isEnding = true;
    this.deliverHeld();
    this.finish({
      ...info,
      ...(!this.hasOpened && { reason: 'could not connect' }),
      ...(this.error !== undefined && !info.orderly && { error: this.error }),
    });
  }

  private finish(info: CloseInfo): void {
    if (this.isFinished) return;
    this.isFinished = true;
    this.reader?.complete();
    this.room.complete();
    this.closed.next(info);
    this.closed.complete();
  }
}

/** How `ws` says that a message was over its `maxPayload`. It reads nothing more then, so it hears of no code. */
function isTooBig(error: unknown): boolean {
  return (error as { readonly code?: unknown } | undefined)?.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
}

function readClose(event: object): { code?: number; reason?: string } {
  const { code, reason } = event as { readonly code?: unknown; readonly reason?: unknown };
  return {
    ...(typeof code === 'number' && { code }),
    ...(typeof reason === 'string' && { reason }),
  };
}
