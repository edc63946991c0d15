import { type Observable, ReplaySubject, startWith, switchMap } from 'rxjs';

import { type CloseInfo, type Message, messageOf, type Wire } from '../../protocol/index.js';

/**
 * A wire that is there at once and stands for one that is still to come.
 *
 * Until it has come the sink counts as full, so that one message waits here and the others where they are. If it cannot
 * come, `closed$` says why.
 *
 * ```
 *  wire$     ------w
 *  send      a-----|---b        a waits for w
 *  writable  ------x---
 * ```
 *
 * @param wire$ Subscribed to at once; its first value counts.
 */
export function lateWire(wire$: Observable<Wire>): Wire {
  const wire = new LateWire();
  wire$.subscribe({
    next: (found) => wire.arrive(found),
    error: (error: unknown) => wire.finish({ reason: messageOf(error), orderly: false, error }),
  });
  return wire;
}

class LateWire implements Wire {
  readonly inbound$: Wire['inbound$'];
  readonly writable$: Wire['writable$'];
  readonly closed$: Wire['closed$'];

  private readonly arrived = new ReplaySubject<Wire>(1);
  private readonly closed = new ReplaySubject<CloseInfo>(1);
  private waiting: Message[] = [];
  private wire: Wire | undefined;
  private isClosed = false;

  constructor() {
    this.inbound$ = this.arrived.pipe(switchMap(({ inbound$ }) => inbound$));
    this.writable$ = this.arrived.pipe(switchMap(({ writable$ }) => writable$.pipe(startWith(undefined))));
    this.closed$ = this.closed.asObservable();
  }

  send(message: Message): boolean {
    if (this.wire !== undefined) return this.wire.send(message);
    if (!this.isClosed) this.waiting.push(message);
    return this.isClosed;
  }

  close(info: CloseInfo = { reason: 'closed', orderly: true }): void {
    if (this.wire === undefined) this.finish(info);
    else this.wire.close(info);
  }

  arrive(wire: Wire): void {
    if (this.isClosed) {
      wire.close();
      return;
    }
    this.wire = wire;
    for (const message of this.waiting.splice(0)) wire.send(message);
    wire.closed$.subscribe((info) => this.finish(info));
    this.arrived.next(wire);
    this.arrived.complete();
  }

  finish(info: CloseInfo): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.waiting = [];
    this.arrived.complete();
    this.closed.next(info);
    this.closed.complete();
  }
}
