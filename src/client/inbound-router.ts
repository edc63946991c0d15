import type { Lagged } from '../backpressure/index.js';
import {
  type Diagnostic,
  type ErrorMessage,
  type Inbound,
  type NotificationMessage,
  readLagged,
  type RequestMessage,
  type ResultMessage,
} from '../protocol/index.js';
import type { CommandLane } from './command-lane.js';
import type { EventDecoder } from './event-decoder.js';
import type { EventLane } from './event-lane.js';
import type { Inbox } from './inbox.js';
import { OpenServerRequest } from './open-server-request.js';
import { type Deferred, Receiver } from './receiver.js';

/** What a router needs of its client. */
export interface InboundRouterOwner {
  diagnose(diagnostic: Diagnostic): void;
  /** Nothing is being delivered any more. */
  settled(): void;
}

/**
 * Numbers what a client receives and sends each message to its lane, at once or behind what is being delivered.
 *
 * ```
 *  response        ─▶ command lane ─▶ the request's observer
 *  notification    ─▶ event lane   ─▶ views
 *  server request  ─▶ inbox, and in its place among the events
 * ```
 */
export class InboundRouter {
  /** Number of the last thing received. */
  seq = 0;
  /** What keeps a message from being taken as usual: a gap that must be told before an event, or the end. */
  private barrier: Lagged | 'end' | undefined;
  private readonly receiver: Receiver;

  constructor(
    private readonly commands: CommandLane,
    private readonly events: EventLane,
    private readonly inbox: Inbox,
    private readonly decoder: EventDecoder,
    private readonly owner: InboundRouterOwner,
  ) {
    this.receiver = new Receiver(
      events,
      (deferred) => {
        this.deliver(deferred);
      },
      () => {
        owner.settled();
      },
    );
  }

  get isDelivering(): boolean {
    return this.receiver.isDelivering;
  }

  /** Hears nothing more. */
  stop(): void {
    this.barrier = 'end';
  }

  /** Events may be missing from here on until a wire is read again. The gap has a number, as all that is received. */
  interrupt(): void {
    if (this.barrier !== undefined) return;
    const seq = (this.seq += 1);
    this.barrier = { type: 'lagged', skipped: 0, unknown: true, first: seq, last: seq };
  }

  /** Tells the gap, if there is one that is not told yet. */
  tellGap(): void {
    const { barrier } = this;
    if (barrier === undefined || barrier === 'end') return;
    this.barrier = undefined;
    this.receiver.run(() => {
      this.events.skipped(barrier, true);
    });
  }

  /** Runs a delivery so that what it causes waits until it is over. */
  serially(delivery: () => void): void {
    this.receiver.run(delivery);
  }

  /** Takes what the wire brings. */
  next(inbound: Inbound): void {
    if (this.barrier !== undefined) {
      if (this.barrier === 'end') return;
      if ('method' in inbound) {
        this.behindGap(inbound);
        return;
      }
    }
    const seq = (this.seq += 1);
    if (this.receiver.isDelivering) {
      this.route(inbound, seq, true);
      return;
    }
    this.receiver.enter();
    try {
      this.route(inbound, seq, false);
    } finally {
      this.receiver.leave();
    }
  }

  /** `deferred`: something is being delivered, so it has to wait in its lane. */
  private route(inbound: Inbound, seq: number, deferred: boolean): void {
    if ('method' in inbound) {
      if ('id' in inbound) this.serverRequest(inbound, seq, deferred);
      else this.notification(inbound, seq, deferred);
    } else if ('malformed' in inbound) {
      this.owner.diagnose({ type: 'malformed', error: inbound.malformed });
    } else if (deferred) {
      this.receiver.defer({ seq, item: inbound });
    } else {
      this.answer(inbound, seq);
    }
  }

  /** Tells the gap first. A method of its own, since its closure would cost each message something. */
  private behindGap(inbound: Inbound): void {
    // One delivery: what a listener does about the gap must not come between the two.
    this.receiver.run(() => {
      this.tellGap();
      this.next(inbound);
    });
  }

  private notification(message: NotificationMessage, seq: number, deferred: boolean): void {
    const skipped = readLagged(message);
    if (skipped !== undefined) {
      this.seq = seq + skipped - 1;
      if (skipped > 0) this.events.skipped({ type: 'lagged', skipped, first: seq, last: this.seq }, deferred);
      return;
    }
    const resolved = this.decoder.resolved(message);
    if (resolved !== undefined) this.inbox.resolved(resolved);
    const event = this.decoder.notification(message, seq);
    if (deferred) this.events.defer(event);
    else this.events.receive(event);
  }

  private serverRequest(message: RequestMessage, seq: number, deferred: boolean): void {
    const request = this.inbox.admit(message, seq);
    if (request === undefined) return;
    const event = this.decoder.serverRequest(message, seq);
    if (deferred) {
      this.events.defer(event);
      this.receiver.defer({ seq, item: request });
    } else {
      this.events.receive(event);
      this.inbox.present(request);
    }
  }

  private deliver({ seq, item }: Deferred): void {
    if (item instanceof OpenServerRequest) this.inbox.present(item);
    else this.answer(item, seq);
  }

  private answer(message: ResultMessage | ErrorMessage, seq: number): void {
    if (this.commands.answer(message, seq)) return;
    const { id } = message;
    this.owner.diagnose(
      'error' in message ? { type: 'unmatchedResponse', id, error: message.error } : { type: 'unmatchedResponse', id },
    );
  }
}
