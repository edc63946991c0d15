import type { ErrorMessage, ResultMessage } from '../protocol/index.js';
import { Ring } from '../scheduling/index.js';
import type { EventLane } from './event-lane.js';
import type { OpenServerRequest } from './open-server-request.js';

/** Something that came during a delivery and is not an event: an answer, or a server request to be shown. */
export interface Deferred {
  readonly seq: number;
  readonly item: ResultMessage | ErrorMessage | OpenServerRequest;
}

/**
 * The trampoline of the incoming direction: one delivery at a time, in the order of arrival.
 *
 * What arrives during a delivery waits, answers in a line of their own and events in the event lane's buffer; their
 * numbers merge the two again. So no listener is ever called inside another, and a buffer full of events holds up no
 * answer.
 */
export class Receiver {
  private readonly deferred = new Ring<Deferred>();
  private delivering = false;

  constructor(
    private readonly events: EventLane,
    private readonly deliver: (deferred: Deferred) => void,
    /** Runs after the last delivery of a turn. */
    private readonly settled: () => void,
  ) {}

  get isDelivering(): boolean {
    return this.delivering;
  }

  /** Puts an answer or a server request behind what is being delivered. */
  defer(deferred: Deferred): void {
    this.deferred.push(deferred);
  }

  /** Runs a delivery, and then what it caused; inside another one, only the delivery. */
  run(delivery: () => void): void {
    if (this.delivering) {
      delivery();
      return;
    }
    this.enter();
    try {
      delivery();
    } finally {
      this.leave();
    }
  }

  /** The two halves of `run`, for the one caller that cannot afford a closure. */
  enter(): void {
    this.delivering = true;
  }

  leave(): void {
    try {
      while (this.deferred.size > 0 || !this.events.isIdle) this.deliverNext();
    } finally {
      this.delivering = false;
    }
    this.settled();
  }

  private deliverNext(): void {
    const answer = this.deferred.peek();
    const event = this.events.nextSeq;
    if (answer === undefined || (event !== undefined && event <= answer.seq)) {
      this.events.deliverNext();
    } else {
      this.deferred.shift();
      this.deliver(answer);
    }
  }
}
