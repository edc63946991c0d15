import { asyncScheduler, Observable, ReplaySubject, type SchedulerLike, Subject, type Subscriber } from 'rxjs';

import type { CloseInfo, Inbound, Message, Wire } from '../protocol/index.js';
import { FaultLane } from './fault-lane.js';
import { FaultScore } from './fault-score.js';

/** What goes wrong on a {@link faultyWire}. */
export interface FaultyWireOptions {
  /** A marble for each message that arrives. Behind the last one nothing goes wrong. Default: by the seed. */
  readonly inbound?: string;
  /** A marble for each message that is sent. Default: by the seed. */
  readonly outbound?: string;
  /** Chooses faults where there are no marbles; the same seed chooses the same ones. Default: nothing goes wrong. */
  readonly seed?: number;
  /** What a seed chooses from. Default `dgs`: nothing is lost by these. */
  readonly faults?: string;
  /** Milliseconds of a stall. Default 5. */
  readonly stall?: number;
  /** The clock of a stall. Default `asyncScheduler`, which is virtual inside `run`. */
  readonly scheduler?: SchedulerLike;
}

/** A wire on which things go wrong. */
export interface FaultyWire extends Wire {
  /** What was played so far, as marbles: with these the same happens again. */
  readonly played: { readonly inbound: string; readonly outbound: string };
}

const GARBAGE = { malformed: new SyntaxError('garbage') };
const LOST: CloseInfo = { reason: 'connection lost', orderly: false };
const ENDED: CloseInfo = { reason: 'peer closed', orderly: true };

/**
 * Puts faults on a wire, message by message, so that a spec says what goes wrong and when, and a seed finds what nobody
 * thought of.
 *
 * ```
 *  -  it passes                      h  half-open: it and all further ones are lost, both ways, and nobody is told
 *  d  it comes twice                 #  cut: it is lost, and the wire ends disorderly
 *  g  garbage comes before it        |  the wire ends in order before it
 *  s  it and what follows stall
 *
 *  arrives   abcde        inbound  -dg-#
 *  inbound$  abb!cd#
 * ```
 *
 * A marble is a message, not a frame: real pipes have no frames. What stalls comes later, in its order; one that is sent
 * into a stall finds the sink full.
 *
 * **Use it when** a spec is about what a client, a server or a relay does on a bad line. **Rather use** {@link fakeWire}
 * when the test itself is the other end.
 *
 * - On close: what stalls is sent first.
 * - Re-entrancy: what arrives from inside `next` waits until that `next` returned.
 *
 * @example The third message comes twice, the fifth is where the line is cut
 * ```ts
 * const client = connect(faultyWire(wire, { inbound: '--d-#' }), contract);
 * ```
 * @example A bad line that can be had again
 * ```ts
 * const line = faultyWire(wire, { seed: 7, faults: 'dgs#' });
 * line.closed$.subscribe(() => console.log('seed 7', line.played));
 * ```
 * @throws TypeError if there is a marble that means nothing.
 */
export function faultyWire(wire: Wire, options: FaultyWireOptions = {}): FaultyWire {
  const faulty = new BadLine(wire, options);
  return wire.pause === undefined ? faulty : Object.assign(faulty, { pause: faulty.hold, resume: faulty.release });
}

class BadLine implements FaultyWire {
  declare readonly local?: boolean;
  readonly inbound$: Observable<Inbound>;
  readonly writable$: Observable<void>;
  readonly closed$: Observable<CloseInfo>;

  private readonly scores: { readonly inbound: FaultScore; readonly outbound: FaultScore };
  private readonly arrived: FaultLane<Inbound>;
  private readonly sent: FaultLane<Message>;
  private readonly room = new Subject<void>();
  private readonly closed = new ReplaySubject<CloseInfo>(1);
  private reader: Subscriber<Inbound> | undefined;
  private isFull = false;
  private isHalfOpen = false;
  /** It cannot be resumed any more: what came before is delivered, paused or not. */
  private isEnding = false;
  private isFinished = false;

  constructor(
    private readonly wire: Wire,
    { inbound, outbound, seed, faults = 'dgs', stall = 5, scheduler = asyncScheduler }: FaultyWireOptions,
  ) {
    if (wire.local !== undefined) this.local = wire.local;
    this.scores = {
      inbound: new FaultScore(inbound, seed, faults),
      outbound: new FaultScore(outbound, seed === undefined ? undefined : -seed - 1, faults),
    };
    const ends = {
      halfOpen: () => {
        this.isHalfOpen = true;
      },
      cut: (orderly: boolean) => {
        this.close(orderly ? ENDED : LOST);
      },
    };
    this.arrived = new FaultLane<Inbound>(this.scores.inbound, GARBAGE, stall, scheduler, {
      ...ends,
      deliver: (message) => {
        if (!this.isHalfOpen) this.reader?.next(message);
      },
      went: () => undefined,
    });
    // Through a wire nobody can send garbage; what is no message is garbage on the other side.
    const garbage = GARBAGE as unknown as Message;
    this.sent = new FaultLane<Message>(this.scores.outbound, garbage, stall, scheduler, {
      ...ends,
      deliver: (message) => {
        if (!this.isHalfOpen && !wire.send(message)) this.isFull = true;
      },
      went: () => {
        if (!this.isFull) this.room.next();
      },
    });
    this.writable$ = this.room.asObservable();
    this.closed$ = this.closed.asObservable();
    this.inbound$ = new Observable((reader) => {
      this.reader = reader;
      if (this.isFinished) reader.complete();
      else reader.add(wire.inbound$.subscribe((message) => this.arrived.take(message)));
    });
    wire.writable$.subscribe(() => {
      this.isFull = false;
      if (!this.sent.isStalling) this.room.next();
    });
    wire.closed$.subscribe((info) => {
      if (this.isHalfOpen) return;
      this.isEnding = true;
      this.arrived.isHeld = false;
      if (this.reader === undefined) this.finish(info);
      else this.arrived.push(() => this.finish(info));
    });
  }

  get played(): FaultyWire['played'] {
    const { inbound, outbound } = this.scores;
    return { inbound: inbound.played, outbound: outbound.played };
  }

  send(message: Message): boolean {
    if (this.isFinished) return true;
    this.sent.take(message);
    return !this.isFull && !this.sent.isStalling;
  }

  close(info: CloseInfo = { reason: 'closed', orderly: true }): void {
    if (this.isFinished) return;
    this.sent.hurry();
    this.finish(info);
    this.wire.close(info);
  }

  /** `pause`, for a wire that can. */
  readonly hold = (): void => {
    this.arrived.isHeld = !this.isEnding;
    this.wire.pause?.();
  };

  /** `resume`, for a wire that can. */
  readonly release = (): void => {
    this.arrived.isHeld = false;
    this.wire.resume?.();
    this.arrived.go();
  };

  private finish(info: CloseInfo): void {
    if (this.isFinished) return;
    this.isFinished = true;
    this.arrived.clear();
    this.reader?.complete();
    this.room.complete();
    this.closed.next(info);
    this.closed.complete();
  }
}
