import { estimateBytes, isLagged, LagBuffer, type Lagged, type Offered } from '../backpressure/index.js';
import {
  type Contract,
  deliveryOf,
  LAGGED_METHOD,
  type Diagnostic,
  type Limits,
  type Message,
  type NotificationMessage,
  type RequestMessage,
  type Wire,
} from '../protocol/index.js';
import { Ring } from '../scheduling/index.js';
import type { Sent } from './connection.js';
import type { SessionState } from './session-state.js';

/** An event that waits for a full sink: a notification, or a server request in its place among them. */
type Waiting = { readonly method: string; readonly params: unknown; readonly message: Message };

/** What an outbound tells its connection. */
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
 * Everything a connection sends, in two lanes that share one sink.
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
  private sentEvents = 0;
  /** Answers that wait among the events. */
  private answersInOrder = 0;

  constructor(
    private readonly wire: Wire,
    contract: Contract,
    limits: Limits,
    session: SessionState,
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
          const { method, params } = conflate.merge(waiting, incoming);
          return { method, params, message: { method, params } };
        },
      },
    });
  }

  /** Answers that wait for the sink. */
  get unsentAnswers(): number {
    return this.answers.size + this.answersInOrder;
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
    return { sent: this.sentEvents, waiting: size, droppable, lossless, skipped, conflated };
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
    if (!this.mustWait) {
      if (!this.put(message)) return 'dropped';
      this.sentEvents += 1;
      return 'sent';
    }
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
    if (this.mustWait) this.events.append({ method: message.method, params: message.params, message });
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

  /** Gives up everything that waits. */
  end(): void {
    this.ended = true;
    this.answers.clear();
    this.events.clear();
    this.answersInOrder = 0;
  }

  private get hasRoom(): boolean {
    return !this.full && !this.ended;
  }

  /** Nothing can wait unless the sink is full or what waits is being sent. */
  private get mustWait(): boolean {
    return this.full || this.flushing;
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
      this.put({ method: LAGGED_METHOD, params: { skipped: next.skipped } });
      return;
    }
    const isSent = this.put(next.message);
    if (!('id' in next.message)) {
      if (isSent) this.sentEvents += 1;
    } else if (!('method' in next.message)) {
      this.answersInOrder -= 1;
      if (this.unsentAnswers === 0) this.owner.answersSent();
    }
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
