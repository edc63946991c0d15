import { NEVER, Observable, ReplaySubject, type Subject, type Subscriber } from 'rxjs';

import type { CloseInfo, Inbound, Message, Wire } from '../protocol/index.js';

/**
 * How the two ends are kept from sharing what they should not.
 *
 * - `none`: messages pass by reference. Fastest; a side that changes what it received changes it for the other.
 * - `freeze`: plain objects and arrays in a message are frozen, so that such a change throws where it is made.
 * - `json`: messages are copied as a remote wire would, so that what cannot be serialised is found in a test.
 */
export type Isolation = 'none' | 'freeze' | 'json';

/** How a pair of wires treats the messages on it. */
export interface InProcessOptions {
  /** Default `none`. */
  readonly isolation?: Isolation;
}

/**
 * Makes the two ends of a wire inside one process: what one sends, the other receives before `send` returns.
 *
 * There is no queue and no copy. A sink is never full here: who cannot take an event says so further on, where its
 * buffer is. Messages sent before the other end reads wait for it.
 *
 * @returns `[client, server]`; the pair is symmetric.
 *
 * @example
 * ```ts
 * const [clientWire, serverWire] = inProcessWires({ isolation: 'freeze' });
 * server.attach(serverWire);
 * const client = connect(clientWire, contract);
 * ```
 */
export function inProcessWires({ isolation = 'none' }: InProcessOptions = {}): readonly [Wire, Wire] {
  const closed = new ReplaySubject<CloseInfo>(1);
  const client = new InProcessWire(closed, isolation);
  const server = new InProcessWire(closed, isolation);
  client.peer = server;
  server.peer = client;
  return [client, server];
}

class InProcessWire implements Wire {
  readonly local = true;
  readonly inbound$: Observable<Inbound>;
  readonly writable$: Observable<void> = NEVER;
  readonly closed$: Observable<CloseInfo>;

  peer: InProcessWire | undefined;
  private reader: Subscriber<Inbound> | undefined;
  /** What was sent before anybody read; never used again after that. */
  private early: Message[] = [];
  private ended = false;

  constructor(
    private readonly closed: Subject<CloseInfo>,
    private readonly isolation: Isolation,
  ) {
    this.closed$ = closed.asObservable();
    this.inbound$ = new Observable((reader) => {
      this.read(reader);
    });
  }

  send(message: Message): boolean {
    const { peer } = this;
    if (this.ended || peer === undefined) return true;
    const passed = this.isolation === 'none' ? message : isolate(message, this.isolation);
    if (peer.reader === undefined) peer.early.push(passed);
    else peer.reader.next(passed);
    return true;
  }

  close(info: CloseInfo = { reason: 'closed', orderly: true }): void {
    if (this.ended) return;
    this.end();
    this.peer?.end();
    this.closed.next(info);
    this.closed.complete();
  }

  private read(reader: Subscriber<Inbound>): void {
    // What is sent meanwhile joins the line.
    const wasEnded = this.ended;
    for (const message of this.early) if (this.ended === wasEnded) reader.next(message);
    this.early = [];
    this.reader = reader;
    if (this.ended) reader.complete();
  }

  private end(): void {
    this.ended = true;
    this.reader?.complete();
  }
}

function isolate(message: Message, isolation: Isolation): Message {
  if (isolation === 'json') return JSON.parse(JSON.stringify(message)) as Message;
  freeze(message, new Set());
  return message;
}

/** Freezes what is plain data. Anything with a class of its own is left to its owner. */
function freeze(value: unknown, met: Set<unknown>): void {
  if (typeof value !== 'object' || value === null || met.has(value)) return;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null && !Array.isArray(value)) return;
  met.add(value);
  Object.freeze(value);
  for (const member of Object.values(value)) freeze(member, met);
}
