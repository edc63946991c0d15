import { estimateBytes, isLagged, LagBuffer, lagged, type Lagged, type Offered } from '../backpressure/index.js';
import {
  type Contract,
  deliveryOf,
  LAGGED_METHOD,
  type Diagnostic,
  type Limits,
  type Message,
  type NotificationMessage,
  type RequestMessage,
  type Sent,
  type Wire,
} from '../protocol/index.js';
import { Ring } from './ring.js';

/** An event that waits for a full sink: a notification, or a server request in its place among them. */
type Waiting = { readonly method: string; readonly params: unknown; readonly message: Message };

/** What an outbound tells its owner. */
export interface OutboundOwner {
  /** The lossless budget is used up: this reader is too slow to be served. */
  overflowed(budget: string): void;
  /** The sink has room and nothing waits any more. */
  drained(): void;
  /** No answer waits any more. */
  answersSent(): void;
  /** The wire cannot carry this message. */
  unsendable(message: Message, error: unknown): void;
  diagnose(diagnostic: Diagnostic): void;
}

/**
 * Everything that is sent to a client, in two lanes that share one sink.
 *
 * While the sink has room each message passes straight through. Once it is full, answers wait in a line of their own and
 * go first; events wait in a lag buffer that gives up best-effort ones and tells the client in band how many. A client
 * that does not understand the marker is never sent a stream with holes: every event counts as lossless for it.
 *
 * ```
 *  answers  ──ring──────────▶ sink      never behind events, never dropped
 *  events   ──lag buffer────▶ sink      oldest best-effort give way, $/lagged stands in their place
 * ```
 */
export class Outbound {
  private readonly answers = new Ring<Message>();
  private readonly events: LagBuffer<Waiting>;
  private full = false;
  private ended = false;
  private flushing = false;
  /** The sink is not waited for any more. */
  private isLast = false;
  private sentEvents = 0;
  /** Answers that wait among the events. */
  private answersInOrder = 0;
  /** Server requests that wait among them. */
  private requests = 0;
  /** Events the wire could not carry. */
  private lost = 0;

  constructor(
    private readonly wire: Wire,
    private readonly contract: Contract,
    limits: Limits,
    /** Whether the client understands the marker; it may come to light later. */
    private readonly session: { readonly lag: boolean },
    private readonly owner: OutboundOwner,
  ) {
    const { lossless, conflate } = deliveryOf<Waiting>(contract);
    this.events = new LagBuffer<Waiting>({
      capacity: limits.events,
      losslessCapacity: limits.losslessEvents,
      losslessBytes: limits.bytes,
      bytesOf: ({ params }) => estimateBytes(params),
      lossless: (event) => !session.lag || lossless(event),
      conflate: {
        ...conflate,
        merge: (waiting, incoming) => {
          const merged = conflate.merge(waiting, incoming);
          // Whatever else stands in a message that is passed on stays in it.
          return { ...merged, message: { ...merged.message, params: merged.params } };
        },
      },
    });
  }

  /** Answers that wait for the sink. */
  get unsentAnswers(): number {
    return this.answers.size + this.answersInOrder;
  }

  /** Server requests that wait for the sink. */
  get unsentRequests(): number {
    return this.requests;
  }

  /** Events that wait for the sink, and what became of the others. */
  get counts(): {
    sent: number;
    waiting: number;
    droppable: number;
    lossless: number;
    skipped: number;
    conflated: number;
  } {
    const { size, droppable, lossless, skipped, conflated } = this.events;
    return { sent: this.sentEvents, waiting: size, droppable, lossless, skipped: skipped + this.lost, conflated };
  }

  get isEmpty(): boolean {
    return this.answers.size === 0 && this.events.isEmpty;
  }

  /**
   * Sends an answer, or keeps it until the sink has room. Returns whether it was sent.
   *
   * @param inOrder It waits in its place among the events, not in the line that goes before them.
   */
  answer(message: Message, inOrder = false): boolean {
    if (this.ended) return true;
    if (!this.mustWait) {
      this.put(message);
      return true;
    }
    if (inOrder) {
      this.events.append({ method: '', params: undefined, message });
      this.answersInOrder += 1;
    } else {
      this.answers.push(message);
    }
    return false;
  }

  /** Sends an event. */
  event(message: NotificationMessage): Sent {
    if (this.ended) return 'closed';
    if (!this.mustWait) return this.putEvent(message) ? 'sent' : 'dropped';
    switch (this.offer({ method: message.method, params: message.params, message })) {
      case 'held':
      case 'conflated':
        return 'queued';
      case 'full':
        this.owner.overflowed('losslessEvents');
        return 'closed';
      default:
        return 'dropped';
    }
  }

  /** Sends a server request in its place among the events. It is never dropped and counts in no budget of theirs. */
  serverRequest(message: RequestMessage): void {
    if (this.ended) return;
    if (!this.mustWait) {
      this.put(message);
      return;
    }
    this.events.append({ method: message.method, params: message.params, message });
    this.requests += 1;
  }

  /** Passes a marker on that tells of a loss further up; while it waits, gaps that touch it are told with it. */
  marker(message: NotificationMessage, skipped: number): void {
    if (this.ended) return;
    if (this.mustWait) this.events.offer(lagged(skipped));
    else this.put(message);
  }

  /** The sink has room again: sends what waits, answers first, until it is full again. */
  writable(): void {
    this.full = false;
    if (this.flushing) return;
    this.flushing = true;
    while (this.hasRoom && !this.isEmpty) this.putNext();
    this.flushing = false;
    if (this.hasRoom) this.owner.drained();
  }

  /** Gives the wire all that waits and all that still comes, full or not: it is about to be closed in order. */
  flush(): void {
    this.isLast = true;
    while (!this.ended && !this.isEmpty) this.putNext();
  }

  /** Gives up everything that waits. */
  end(): void {
    this.ended = true;
    this.answers.clear();
    this.events.clear();
    this.answersInOrder = 0;
    this.requests = 0;
  }

  private get hasRoom(): boolean {
    return !this.ended && (!this.full || this.isLast);
  }

  /** Nothing can wait unless the sink is full or what waits is being sent. */
  private get mustWait(): boolean {
    return this.flushing || (this.full && !this.isLast);
  }

  private putNext(): void {
    const answer = this.answers.shift();
    if (answer !== undefined) {
      this.put(answer);
      if (this.unsentAnswers === 0) this.owner.answersSent();
      return;
    }
    const next = this.events.take() as Waiting | Lagged;
    if (isLagged(next)) {
      this.putMarker(next.skipped);
      return;
    }
    const { message } = next;
    if (!('id' in message)) {
      this.putEvent(message);
    } else if ('method' in message) {
      this.requests -= 1;
      this.put(message);
    } else {
      this.put(message);
      this.answersInOrder -= 1;
      if (this.unsentAnswers === 0) this.owner.answersSent();
    }
  }

  private putEvent(message: NotificationMessage): boolean {
    if (this.put(message)) {
      this.sentEvents += 1;
      return true;
    }
    this.lost += 1;
    if (this.session.lag) this.putMarker(1);
    return false;
  }

  private putMarker(skipped: number): void {
    const header = this.wire.local === true ? undefined : this.contract.header;
    this.put({ ...header, method: LAGGED_METHOD, params: { skipped } });
  }

  private offer(event: Waiting): Offered {
    try {
      return this.events.offer(event);
    } catch (error) {
      // The contract's conflation failed; the event is given up where it stood.
      this.owner.diagnose({ type: 'callbackFailed', method: event.method, error });
      this.events.skip(event);
      return 'dropped';
    }
  }

  /** Returns false if the wire cannot carry the message. */
  private put(message: Message): boolean {
    try {
      if (!this.wire.send(message)) this.full = true;
      return true;
    } catch (error) {
      this.owner.unsendable(message, error);
      return false;
    }
  }
}
