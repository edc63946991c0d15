import { type PendingOwner, type PendingRequest, PendingRequests } from '../correlation/index.js';
import {
  type CancelWords,
  ErrorCode,
  type ErrorMessage,
  isRequestId,
  type Message,
  messageOf,
  type NotificationMessage,
  type RequestId,
  type RequestSpec,
  type ResultMessage,
  RpcError,
  TransportError,
} from '../protocol/index.js';
import { LinkedQueue } from '../scheduling/index.js';
import { ClientRequest } from './client-request.js';
import type { CommandLaneOwner } from './command-lane-owner.js';
import { endedError } from './ended-error.js';
import { WaitingNotification } from './waiting-notification.js';

/**
 * What a client sends, in order, and the requests that wait for their answers.
 *
 * A request goes straight to the wire while there is a place for it, else it waits in a line that also keeps its order
 * with notifications; the line is bounded and refuses when it is full. Urgent requests and cancels go past the line.
 *
 * ```
 *  submit ─▶ handshake done, sink ready, inFlight left? ─▶ wire
 *         ─▶ fewer than limits.requests wait?           ─▶ line ─▶ wire
 *         ─▶ TransportError 'full'
 * ```
 */
export class CommandLane implements PendingOwner<PendingRequest> {
  private readonly pending = new PendingRequests<ClientRequest>();
  private readonly line = new LinkedQueue<ClientRequest | WaitingNotification>();
  /** Urgent requests wait for the handshake, or for others of their kind. */
  private readonly urgentLine = new LinkedQueue<ClientRequest>();
  private gate: 'shut' | 'open' | 'ended' = 'shut';
  private failure: TransportError | RpcError | undefined;
  private full = false;
  private pumping = false;
  private inFlight = 0;
  private urgent = 0;
  /** Requests on the wire nobody waits for any more. */
  private abandonedCount = 0;
  private sentCount = 0;
  private answeredCount = 0;

  constructor(private readonly owner: CommandLaneOwner) {}

  get timeout(): number | undefined {
    return this.owner.timeout;
  }

  get counts(): { inFlight: number; waiting: number; sent: number; answered: number } {
    const { inFlight, line, urgentLine, sentCount: sent, answeredCount: answered } = this;
    return { inFlight, waiting: line.size + urgentLine.size, sent, answered };
  }

  /** Requests somebody still waits for. */
  get awaited(): number {
    return this.pending.size - this.abandonedCount;
  }

  specOf(method: string): RequestSpec | undefined {
    return this.owner.contract.requests[method];
  }

  /** A request was subscribed to. `opening`: it is the handshake, which does not wait for itself. */
  submit(request: ClientRequest, id: RequestId | undefined, timeout: number | undefined, opening = false): void {
    if (this.gate === 'ended') {
      request.reject(endedError(this.failure, request.method));
    } else if (id !== undefined && !isRequestId(id)) {
      request.reject(new TypeError(`a request id is a string or a safe integer, not ${String(id)}`));
    } else if (!this.pending.add(request, id)) {
      request.reject(
        new RpcError(ErrorCode.InvalidRequest, `duplicate request id: ${id}`, { id }, { method: request.method }),
      );
    } else {
      if (timeout !== undefined) this.owner.deadlines.add(request, timeout);
      this.place(request, opening);
    }
  }

  notify(message: NotificationMessage): 'sent' | 'queued' | 'full' | 'closed' {
    if (this.gate === 'ended') return 'closed';
    if (this.gate === 'open' && this.isClear) {
      this.tell(message);
      return 'sent';
    }
    if (this.line.size >= this.owner.limits.requests) return 'full';
    this.line.push(new WaitingNotification(message));
    return 'queued';
  }

  /** An answer has come. Returns false if no request waits for it. */
  answer(message: ResultMessage | ErrorMessage, seq: number): boolean {
    const { id } = message;
    if (id === null) return false;
    const request = this.pending.get(id);
    if (request === undefined || request.state === 'waiting') return this.pending.unbar(id);
    this.forget(request);
    if (request.state === 'sent') {
      this.answeredCount += 1;
      if ('error' in message) request.reject(RpcError.from(message.error, request.method, this.owner.contract));
      else request.accept(message.result, seq, this.owner.validation.results);
    }
    this.pump();
    return true;
  }

  /** The session is open: what waited goes out. */
  open(): void {
    if (this.gate !== 'shut') return;
    this.gate = 'open';
    this.pump();
  }

  /** Sends a notification past the line. */
  tell(message: NotificationMessage): void {
    try {
      this.send(message);
    } catch (error) {
      this.owner.diagnose({ type: 'unsendable', method: message.method, error });
      return;
    }
    this.owner.sent(message);
  }

  /** Puts a message on the wire and notes when the sink is full. Throws what the wire throws. */
  send(message: Message): void {
    if (!this.owner.put(message)) this.full = true;
  }

  /** The sink has room again. */
  writable(): void {
    this.full = false;
    this.pump();
  }

  /** Takes no more commands and refuses those that wait. Returns how many requests did. */
  stop(failure: TransportError | RpcError): number {
    this.gate = 'ended';
    // A refused handshake is the error of those that waited for it, not of those that come later.
    if (!(this.failure instanceof TransportError)) this.failure = failure;
    let refused = 0;
    for (const line of [this.urgentLine, this.line]) {
      for (let next = line.shift(); next !== undefined; next = line.shift()) {
        if (next instanceof ClientRequest) {
          refused += 1;
          this.pending.delete(next);
          this.owner.deadlines.delete(next);
          next.reject(endedError(this.failure, next.method));
        } else {
          this.owner.diagnose({ type: 'ignoredNotification', method: next.message.method, reason: failure.message });
        }
      }
    }
    return refused;
  }

  /** The wire is gone: whoever still waits is told. Returns how many did. */
  end(failure: TransportError | RpcError): number {
    this.stop(failure);
    return this.lose(this.failure);
  }

  /** The wire is gone, and there may be another: what is not sent yet waits until {@link open}. */
  shut(): void {
    this.gate = 'shut';
  }

  /** What the lost wire owed an answer gets none. Returns for how many somebody waited. */
  lose(failure: TransportError | RpcError | undefined): number {
    this.full = false;
    this.inFlight = this.urgent = this.abandonedCount = 0;
    let failed = 0;
    for (const request of this.pending.drain(({ state }) => state !== 'waiting')) {
      this.owner.deadlines.delete(request);
      if (request.state !== 'sent') continue;
      failed += 1;
      request.reject(endedError(failure, request.method));
    }
    return failed;
  }

  abandoned(request: PendingRequest): void {
    this.giveUp(request as ClientRequest);
  }

  expired(expired: PendingRequest): void {
    const request = expired as ClientRequest;
    if (request.state === 'abandoned') {
      // The late answer never came. The place is free again, the id is not.
      this.forget(request);
      this.pending.bar(request);
      this.pump();
      return;
    }
    this.giveUp(request, new TransportError('timeout', 'no answer in time', request.method));
  }

  private place(request: ClientRequest, opening: boolean): void {
    const { requests, inFlight } = this.owner.limits;
    const isOpen = this.gate === 'open';
    const line = request.urgent ? this.urgentLine : this.line;
    if (opening || (isOpen && (request.urgent ? this.urgent < requests : this.isClear && this.inFlight < inFlight))) {
      this.put(request);
    } else if (line.size < requests) {
      line.push(request);
    } else {
      this.pending.delete(request);
      this.owner.deadlines.delete(request);
      request.reject(new TransportError('full', `${requests} requests wait already`, request.method));
    }
  }

  /** Lets a subscriber go, silently or with an error. A request that is on the wire keeps its id until it is answered. */
  private giveUp(request: ClientRequest, error?: TransportError): void {
    const { deadlines, cancelHold, contract } = this.owner;
    deadlines.delete(request);
    if (request.state === 'waiting') {
      this.pending.delete(request);
      (request.urgent ? this.urgentLine : this.line).delete(request);
      request.abandon(error);
      // It may have held up notifications behind it.
      this.pump();
      return;
    }
    if (this.pending.get(request.id) !== request) return;
    deadlines.add(request, cancelHold);
    request.state = 'abandoned';
    this.abandonedCount += 1;
    if (contract.cancel !== undefined) this.cancel(request.id, contract.cancel);
    request.abandon(error);
    this.settleIdle();
  }

  /** Nothing stands before the next command. */
  private get isClear(): boolean {
    return !this.full && this.line.size === 0;
  }

  private pump(): void {
    if (!this.pumping && this.gate === 'open') {
      this.pumping = true;
      while (this.urgentLine.size > 0 && this.urgent < this.owner.limits.requests) {
        this.put(this.urgentLine.shift() as ClientRequest);
      }
      while (!this.full) {
        const next = this.line.peek();
        if (next === undefined || (next instanceof ClientRequest && this.inFlight >= this.owner.limits.inFlight)) break;
        this.line.shift();
        if (next instanceof ClientRequest) this.put(next);
        else this.tell(next.message);
      }
      this.pumping = false;
    }
    this.settleIdle();
  }

  private put(request: ClientRequest): void {
    const { id, method, params } = request;
    request.state = 'sent';
    if (request.urgent) this.urgent += 1;
    else this.inFlight += 1;
    this.sentCount += 1;
    const message = params === undefined ? { id, method } : { id, method, params };
    try {
      this.send(message);
    } catch (cause) {
      this.forget(request);
      request.reject(new TransportError('protocol', `cannot be sent: ${messageOf(cause)}`, method, { cause }));
      return;
    }
    this.owner.sent(message);
  }

  private forget(request: ClientRequest): void {
    this.pending.delete(request);
    this.owner.deadlines.delete(request);
    if (request.state === 'abandoned') this.abandonedCount -= 1;
    if (request.urgent) this.urgent -= 1;
    else this.inFlight -= 1;
  }

  private cancel(id: RequestId, words: CancelWords): void {
    try {
      this.tell({ method: words.method, params: words.params(id) });
    } catch (error) {
      this.owner.diagnose({ type: 'callbackFailed', method: words.method, error });
    }
  }

  private settleIdle(): void {
    if (this.gate === 'ended' && this.awaited === 0) this.owner.idle();
  }
}
