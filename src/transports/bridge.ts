import { type Observable, ReplaySubject, Subscription } from 'rxjs';

import {
  type CloseInfo,
  type Contract,
  type Diagnostic,
  ErrorCode,
  type ErrorMessage,
  type ErrorObject,
  type Inbound,
  type LimitOptions,
  type Limits,
  type Message,
  type NotificationMessage,
  readLagged,
  type RequestId,
  type RequestMessage,
  resolveLimits,
  type ResultMessage,
  type Wire,
} from '../protocol/index.js';
import { BridgeLane, type BridgeLaneOwner } from './bridge-lane.js';

/** How much of a client and a server that do not keep pace with each other a {@link bridge} holds. */
export interface BridgeOptions extends LimitOptions {
  /**
   * `requests` is for whatever the client says and the server does not take, `unsentAnswers`, `serverRequests`, `events`,
   * `losslessEvents` and `bytes` for what the client does not take. Defaults as for a server.
   */
  readonly limits?: Partial<Limits> | undefined;
}

/** What went over a {@link bridge}. What waits after its end was never passed on. */
export interface BridgeStats {
  /** What the client said: requests, notifications, and its answers to the server's requests. */
  readonly commands: { readonly sent: number; readonly waiting: number };
  /** What the server said and may never be given up: answers, and requests of its own. */
  readonly answers: { readonly sent: number; readonly waiting: number };
  readonly serverRequests: { readonly sent: number; readonly waiting: number };
  /** emitted = delivered + skipped + conflated + waiting. What the server itself says it has skipped is not in it. */
  readonly events: {
    /** Events that came from the server. */
    readonly emitted: number;
    /** Given to the client's wire. */
    readonly delivered: number;
    /** Given up here, and told. */
    readonly skipped: number;
    /** Folded into another. */
    readonly conflated: number;
    readonly waiting: number;
  };
}

/** A diagnostic, and from which side the message came that it is about. */
export type BridgeDiagnostic = Diagnostic & { readonly from: 'client' | 'server' };

/** One client and one server that are connected through this process. Made with {@link bridge}. */
export interface Bridge {
  /** Emits once how it ended, also to late subscribers, and completes. It never errors. */
  readonly closed$: Observable<CloseInfo>;
  /** What should not stay unseen. A late subscriber sees the last 64; completes with the bridge. */
  readonly diagnostics$: Observable<BridgeDiagnostic>;
  /** The counts as they are now. */
  stats(): BridgeStats;
  /** Ends both sides in order; what waits is sent before. Default reason `bridge closed`. */
  close(reason?: string): void;
}

/** Diagnostics a late subscriber still sees. */
const REPLAYED = 64;

/**
 * Relays between one client and one server: the client's wire behaves as if the server stood behind it.
 *
 * Every message passes as it came, ids, handshake, unknown methods and members included, and in the order it came. What
 * has no room on one side waits here, bounded. Commands, answers and server requests are never given up: when too many
 * wait, whoever sends them is paused. Events lag as a server's do: the oldest best-effort ones give way and the client
 * reads `$/lagged` in their place, if its handshake says that it understands.
 *
 * ```
 *  client ── commands ──────────▶ waits ──────────▶ server      full: the client's input is paused
 *  client ◀── answers, requests ── waits ◀────────── server      full: the server's input is paused
 *  client ◀── events, $/lagged ─── lag buffer ◀───── server      full: best-effort ones give way, lossless ones close
 * ```
 *
 * **Use it when** a client cannot reach a server by itself: a page, and a program that speaks on stdio. **Rather use**
 * `server.attach` when the server is yours, since a server knows who reads what.
 *
 * - Loses: best-effort events over `limits.events`, told in band; nothing of a client that did not announce `lag`.
 * - Ends with: whichever side ends, and its reason on the other. `slow-consumer` when a budget is full that may not be,
 *   or what is full cannot be paused.
 * - On close: what waits is sent before. - Subscribers: it works without any.
 *
 * @example One client of a program
 * ```ts
 * const { closed$ } = bridge(webSocketWire(socket), wire, contract);
 * closed$.subscribe(({ reason }) => print(reason));
 * ```
 * @param contract Of the events' delivery classes and the handshake's words. Methods it does not have pass, lossless.
 */
export function bridge(client: Wire, server: Wire, contract: Contract, options: BridgeOptions = {}): Bridge {
  return new Relay(client, server, contract, options);
}

class Relay implements Bridge, BridgeLaneOwner {
  readonly closed$: Observable<CloseInfo>;
  readonly diagnostics$: Observable<BridgeDiagnostic>;
  readonly limits: Limits;
  readonly session: { lag: boolean };

  private readonly closed = new ReplaySubject<CloseInfo>(1);
  private readonly diagnostics = new ReplaySubject<BridgeDiagnostic>(REPLAYED);
  private readonly reading = new Subscription();
  private readonly toServer: BridgeLane;
  private readonly toClient: BridgeLane;
  private readonly taken = { commands: 0, answers: 0, serverRequests: 0, events: 0 };
  /** The handshake that waits for its answer. */
  private opening: RequestMessage | undefined;
  private isEnded = false;
  private lastStats: BridgeStats | undefined;

  constructor(
    private readonly client: Wire,
    private readonly server: Wire,
    readonly contract: Contract,
    options: BridgeOptions,
  ) {
    this.closed$ = this.closed.asObservable();
    this.diagnostics$ = this.diagnostics.asObservable();
    this.limits = resolveLimits(options, 'server', client.local === true);
    this.session = { lag: client.local === true };
    this.toServer = new BridgeLane(client, server, this);
    this.toClient = new BridgeLane(server, client, this);
    this.connect(server, this.toClient, this.toServer);
    this.connect(client, this.toServer, this.toClient);
  }

  stats(): BridgeStats {
    return this.lastStats ?? this.count();
  }

  close(reason = 'bridge closed'): void {
    this.end({ reason, orderly: true });
  }

  arrived(lane: BridgeLane, inbound: Inbound): void {
    if ('malformed' in inbound) this.malformed(lane, inbound.malformed);
    else if (lane === this.toServer) this.fromClient(inbound);
    else this.fromServer(inbound);
  }

  inputEnded(lane: BridgeLane, info: CloseInfo): void {
    this.end(info, lane === this.toServer ? this.toClient : this.toServer);
  }

  refused(lane: BridgeLane, id: RequestId, error: ErrorObject): void {
    (lane === this.toServer ? this.toClient : this.toServer).fail(id, error);
  }

  overflowed(lane: BridgeLane): void {
    this.end({ reason: 'slow-consumer', orderly: false }, lane);
  }

  diagnose(lane: BridgeLane, diagnostic: Diagnostic): void {
    this.diagnostics.next({ ...diagnostic, from: lane === this.toServer ? 'client' : 'server' });
  }

  /** Reads a wire into one lane, and lets the other write to it. */
  private connect(wire: Wire, input: BridgeLane, output: BridgeLane): void {
    this.reading.add(wire.writable$.subscribe(() => output.outbound.writable()));
    this.reading.add(
      wire.inbound$.subscribe({
        next: (inbound) => input.receive(inbound),
        complete: () => input.inputCompleted(),
      }),
    );
    this.reading.add(wire.closed$.subscribe((info) => input.inputEnded(info)));
  }

  private fromClient(message: Message): void {
    const { outbound } = this.toServer;
    if ('method' in message && 'id' in message && message.method === this.contract.handshake?.request) {
      // A second one is refused by the server.
      this.opening ??= message;
    }
    this.taken.commands += 1;
    outbound.answer(message);
    if (outbound.unsentAnswers >= this.limits.requests) this.toServer.holdUp('requests');
  }

  private fromServer(message: Message): void {
    const { outbound } = this.toClient;
    if (!('method' in message)) {
      this.openSession(message);
      this.taken.answers += 1;
      // In the place the server gave it: a snapshot must not overtake events that are part of it.
      outbound.answer(message, true);
      if (outbound.unsentAnswers >= this.limits.unsentAnswers) this.toClient.holdUp('unsentAnswers');
    } else if ('id' in message) {
      this.taken.serverRequests += 1;
      outbound.serverRequest(message);
      if (outbound.unsentRequests >= this.limits.serverRequests) this.toClient.holdUp('serverRequests');
    } else {
      this.event(message);
    }
  }

  private event(message: NotificationMessage): void {
    const { outbound } = this.toClient;
    const skipped = this.session.lag ? (readLagged(message) ?? 0) : 0;
    if (skipped > 0) outbound.marker(message, skipped);
    else if (outbound.event(message) !== 'closed') this.taken.events += 1;
  }

  /** Reads the client's capabilities once the server has taken its handshake. */
  private openSession(answer: ResultMessage | ErrorMessage): void {
    const { opening } = this;
    if (answer.id !== opening?.id) return;
    this.opening = undefined;
    if ('error' in answer) return;
    try {
      this.session.lag = this.contract.handshake?.capabilities?.(opening.params).lag ?? this.session.lag;
    } catch (error) {
      this.diagnose(this.toServer, { type: 'callbackFailed', method: opening.method, error });
    }
  }

  private malformed(lane: BridgeLane, error: Error): void {
    this.diagnose(lane, { type: 'malformed', error });
    // A server end answers it, and the server itself never sees it. It settles nothing, so it may be missing from a flood.
    if (lane === this.toServer && this.toClient.outbound.unsentAnswers < this.limits.unsentAnswers) {
      this.taken.answers += 1;
      this.toClient.fail(null, { code: ErrorCode.ParseError, message: error.message });
    }
  }

  private count(): BridgeStats {
    const { taken } = this;
    const { unsentAnswers, unsentRequests, counts } = this.toClient.outbound;
    const commands = this.toServer.outbound.unsentAnswers;
    return {
      commands: { sent: taken.commands - commands, waiting: commands },
      answers: { sent: taken.answers - unsentAnswers, waiting: unsentAnswers },
      serverRequests: { sent: taken.serverRequests - unsentRequests, waiting: unsentRequests },
      events: {
        emitted: taken.events,
        delivered: counts.sent,
        skipped: counts.skipped,
        conflated: counts.conflated,
        waiting: counts.waiting - unsentAnswers - unsentRequests,
      },
    };
  }

  /** Ends both sides. What waits is sent before, but for the lane that leads to nobody. */
  private end(info: CloseInfo, dead?: BridgeLane): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.reading.unsubscribe();
    const { toServer, toClient } = this;
    for (const lane of [toServer, toClient]) if (lane !== dead) lane.outbound.flush();
    this.lastStats = this.count();
    this.opening = undefined;
    for (const lane of [toServer, toClient]) lane.outbound.end();
    this.client.close(info);
    this.server.close(info);
    this.diagnostics.complete();
    this.closed.next(info);
    this.closed.complete();
  }
}
