import { defer, type SchedulerLike, Subscription, take, throwIfEmpty } from 'rxjs';

import { type CloseInfo, type Contract, messageOf, type Wire, withHeader } from '../protocol/index.js';
import { Trampoline } from '../scheduling/index.js';
import type { CommandLane } from './command-lane.js';
import type { InboundRouter } from './inbound-router.js';
import { isWireSource, type WireSource } from './wire-source.js';

/** What a connector needs of its client. */
export interface ConnectorHost {
  readonly contract: Contract;
  readonly scheduler: SchedulerLike;
  readonly commands: CommandLane;
  readonly reader: InboundRouter;
}

/** Who is told what becomes of the wires. */
export interface ConnectorOwner {
  /** There is a wire, which is read next. */
  arrived(wire: Wire): void;
  /** It is being read: a session can be opened on it. */
  connected(): void;
  /** It has ended, or could not be made. */
  lost(info: CloseInfo): void;
  /** No other is to be tried. */
  end(info: CloseInfo): void;
}

/**
 * The wire a client has at the moment, and the way to the next one.
 *
 * Nothing is heard of a wire that was lost. An attempt that fails at once is followed by the next in a loop, never inside
 * itself.
 */
export class Connector {
  /** Number of the attempt that is under way; 0 for the first wire and after a session that counts. */
  attempt = 0;
  /** Lives as long as the wire is read. */
  link = Subscription.EMPTY;
  /** Where further wires come from, if there are any. */
  readonly source: WireSource | undefined;
  private stopped = false;
  private wait = Subscription.EMPTY;
  private readonly attempts = new Trampoline<void>(() => {
    this.connect();
  });

  constructor(
    private readonly from: Wire | WireSource,
    private readonly host: ConnectorHost,
    private readonly owner: ConnectorOwner,
  ) {
    if (isWireSource(from)) this.source = from;
  }

  start(): void {
    this.attempts.push();
  }

  /** What it means that a wire was lost: undefined if another is to be tried, else how that ends the client. */
  verdict(lost: CloseInfo): CloseInfo | undefined {
    if (this.source === undefined) return lost;
    return this.attempt < this.source.attempts ? undefined : givenUp(lost, this.attempt);
  }

  /** Tries again when it is due. */
  retry(lost: CloseInfo): void {
    const { attempt, host, owner } = this;
    this.wait = defer(() => this.source?.due(lost, attempt, host.scheduler) ?? [])
      .pipe(
        take(1),
        throwIfEmpty(() => lost.error),
      )
      .subscribe({
        next: () => {
          this.attempts.push();
        },
        error: (error: unknown) => {
          owner.end(givenUp(error === undefined ? lost : { ...lost, error }, attempt - 1));
        },
      });
  }

  /** Tries no more. The wire that is there, if one is, is the owner's to close. */
  stop(): void {
    this.stopped = true;
    this.wait.unsubscribe();
  }

  private connect(): void {
    if (this.stopped) return;
    const { from, host, owner } = this;
    let wire: Wire;
    try {
      wire = withHeader(isWireSource(from) ? from.connect() : from, host.contract);
    } catch (error) {
      owner.lost({ reason: messageOf(error), orderly: false, error });
      return;
    }
    this.read(wire);
  }

  private read(wire: Wire): void {
    const { host, owner } = this;
    if (this.stopped) {
      // Ended by whoever made the wire.
      wire.close();
      return;
    }
    const link = new Subscription();
    this.link = link;
    owner.arrived(wire);
    link.add(wire.writable$.subscribe(() => host.commands.writable()));
    // Before its end, as a wire that has ended may still hold what it brought.
    link.add(wire.inbound$.subscribe(host.reader));
    link.add(
      wire.closed$.subscribe((info) => {
        // First, since a program that keeps the closed wire must not keep its reader by it.
        link.unsubscribe();
        owner.lost(info);
      }),
    );
    if (!link.closed) owner.connected();
  }
}

function givenUp(lost: CloseInfo, attempts: number): CloseInfo {
  return { ...lost, reason: `gave up after ${attempts} attempts: ${lost.reason}`, orderly: false };
}
