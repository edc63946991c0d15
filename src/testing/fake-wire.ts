import { Observable, ReplaySubject, Subject, asyncScheduler } from 'rxjs';
import type { SchedulerLike, Subscription } from 'rxjs';

import type { CloseInfo, Inbound, Message, Wire } from '../protocol/index.js';

/** How a {@link fakeWire} is made. */
export interface FakeWireOptions {
  /**
   * What arrives, next to what {@link FakeWire.receive} is given. It is subscribed when the wire's reader subscribes;
   * its completion is the peer hanging up in order, its error a broken pipe. Default: nothing arrives by itself.
   */
  readonly inbound$?: Observable<Inbound>;
  /** Whether both ends claim to share one process, which changes the defaults of a client or server. Default false. */
  readonly local?: boolean;
  /** Whether input can be paused; a wire that cannot has no `pause` and no `resume`. Default true. */
  readonly pausable?: boolean;
  /** The clock for {@link FakeWire.sentAt}. Default `asyncScheduler`, which is virtual inside `run`. */
  readonly scheduler?: SchedulerLike;
}

/** A wire whose other end is the test. */
export interface FakeWire extends Wire {
  /** Everything that was sent, in order. Messages sent after the end are discarded and do not appear. */
  readonly sent: readonly Message[];
  /** When each of {@link FakeWire.sent} was sent: frames of virtual time. */
  readonly sentAt: readonly number[];
  /** The same as a stream. A late subscriber sees all from the start; it completes when the wire ends. */
  readonly sent$: Observable<Message>;
  /** Lets a message arrive, or `{ malformed }`. It waits while nobody reads or the reader paused. */
  receive(...messages: readonly Inbound[]): void;
  /** Makes the sink full: `send` still takes what it is given and returns false. */
  fill(): void;
  /** Makes room in a full sink and says so through `writable$`. */
  drain(): void;
  /** Whether the sink is full. */
  readonly full: boolean;
  /** Whether the reader asked for no more input. */
  readonly paused: boolean;
  /** Ends the wire from the far side. What arrived before is still read. Default: orderly, `peer closed`. */
  end(info?: Partial<CloseInfo>): void;
  /** How the wire ended, whichever side ended it; `undefined` while it is open. */
  readonly closedWith: CloseInfo | undefined;
}

/**
 * Makes a {@link Wire} that a test holds at the other end: it sees what is sent and decides what arrives.
 *
 * Nothing happens by itself. Input that nobody reads yet, or that the reader paused, waits in order; what arrives while
 * another message is being read waits until that one is done. The sink is never full until {@link FakeWire.fill}.
 *
 * **Use it when** a spec is about messages: their order, their time, what a full sink or a broken pipe does. **Rather
 * use** {@link scriptedServer} when a spec is about answers.
 *
 * - On complete: nothing more is sent or read, and `closedWith` says why.
 * - Re-entrancy: what arrives from inside `next` waits until that `next` returned.
 * - Subscribers: `inbound$` has one; `sent$` and `closed$` have any number.
 *
 * @example The handshake comes before everything else
 * ```ts
 * run(({ cold, expectObservable }) => {
 *   const answer = { id: 0, result: {} };
 *   const wire = fakeWire({ inbound$: cold('---r', { r: answer }) });
 *   const client = connect(wire, contract);
 *   expectObservable(client.ready$).toBe('     ---(r|)', { r: answer.result });
 *   expectObservable(wire.sent$).toBe('        i--d', {
 *     i: { id: 0, method: 'initialize', params: {} },
 *     d: { method: 'initialized' },
 *   });
 * });
 * ```
 * @see {@link scriptedServer}, because it answers by itself.
 */
export function fakeWire(options: FakeWireOptions = {}): FakeWire {
  const { inbound$, local = false, pausable = true, scheduler = asyncScheduler } = options;
  const sent: Message[] = [];
  const sentAt: number[] = [];
  const sent$ = new ReplaySubject<Message>(Infinity);
  const writable$ = new Subject<void>();
  const closed$ = new ReplaySubject<CloseInfo>(1);
  const reader$ = new Subject<Inbound>();
  const arrived: Inbound[] = [];
  let source: Subscription | undefined;
  let isRead = false;
  let isReading = false;
  let isPaused = false;
  let isFull = false;
  let closedWith: CloseInfo | undefined;

  function read(): void {
    if (isReading || !isRead) return;
    isReading = true;
    try {
      while (!isPaused && arrived.length > 0) reader$.next(arrived.shift() as Inbound);
    } finally {
      isReading = false;
    }
    if (closedWith !== undefined && arrived.length === 0) reader$.complete();
  }

  function close(info: CloseInfo): void {
    if (closedWith !== undefined) return;
    closedWith = info;
    source?.unsubscribe();
    read();
    sent$.complete();
    writable$.complete();
    closed$.next(info);
    closed$.complete();
  }

  function receive(...messages: readonly Inbound[]): void {
    if (closedWith !== undefined) return;
    arrived.push(...messages);
    read();
  }

  const wire: FakeWire = {
    local,
    inbound$: new Observable<Inbound>((subscriber) => {
      const subscription = reader$.subscribe(subscriber);
      isRead = true;
      source = inbound$?.subscribe({
        next: receive,
        complete: () => {
          close({ reason: 'peer closed', orderly: true });
        },
        error: (error: unknown) => {
          close({ reason: 'broken pipe', orderly: false, error });
        },
      });
      read();
      return () => {
        isRead = false;
        subscription.unsubscribe();
        source?.unsubscribe();
      };
    }),
    send(message) {
      if (closedWith !== undefined) return true;
      sent.push(message);
      sentAt.push(scheduler.now());
      sent$.next(message);
      return !isFull;
    },
    writable$: writable$.asObservable(),
    ...(pausable && {
      pause() {
        isPaused = true;
      },
      resume() {
        isPaused = false;
        read();
      },
    }),
    close(info = { reason: 'closed', orderly: true }) {
      arrived.length = 0;
      close(info);
    },
    closed$: closed$.asObservable(),
    sent,
    sentAt,
    sent$: sent$.asObservable(),
    receive,
    fill() {
      isFull = true;
    },
    drain() {
      if (!isFull) return;
      isFull = false;
      writable$.next();
    },
    get full() {
      return isFull;
    },
    get paused() {
      return isPaused;
    },
    end(info = {}) {
      close({ reason: 'peer closed', orderly: true, ...info });
    },
    get closedWith() {
      return closedWith;
    },
  };
  return wire;
}
