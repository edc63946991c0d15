import { type PendingOwner, type PendingRequest, PendingRequests } from '../correlation/index.js';
import {
  checkSchema,
  type Contract,
  DecodeError,
  ErrorCode,
  type ErrorMessage,
  isRequestId,
  type Limits,
  type Message,
  type NotificationMessage,
  type RequestId,
  type RequestSpec,
  type ResultMessage,
  RpcError,
  TransportError,
  type Validation,
} from '../protocol/index.js';
import { type Deadlines, LinkedQueue } from '../scheduling/index.js';
import type { Command } from './client.js';
import { ClientRequest } from './client-request.js';
import { WaitingNotification } from './waiting-notification.js';

/** What a command lane needs of its client. */
export interface CommandLaneOwner {
  readonly contract: Contract;
  readonly limits: Limits;
  readonly validation: Validation;
  readonly deadlines: Deadlines;
  /** Milliseconds a request may take unless it says otherwise. */
  readonly timeout: number | undefined;
  /** Milliseconds an abandoned id waits for its late answer. */
  readonly cancelHold: number;
  /** Puts a message on the wire; false if the sink is now full. */
  put(message: Message): boolean;
  /** Shows what goes out, if anybody looks. */
  sent(command: Command): void;
  /** Commands were stopped, and the last request somebody waited for has ended. */
  idle(): void;
}

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
    return { inFlight: this.inFlight, waiting: this.line.size, sent: this.sentCount, answered: this.answeredCount };
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
      request.reject(this.endedError(request.method));
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
    if (this.gate === 'open' && !this.full && this.line.size === 0) {
      this.putNotification(message);
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
      if ('error' in message) request.reject(RpcError.from(message.error, request.method));
      else this.resolve(request, message.result, seq);
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

  /** The sink has room again. */
  writable(): void {
    this.full = false;
    this.pump();
  }

  /** Takes no more commands and refuses those that wait. Returns how many requests did. */
  stop(failure: TransportError | RpcError): number {
    this.gate = 'ended';
    this.failure = failure;
    let refused = 0;
    for (let next = this.line.shift(); next !== undefined; next = this.line.shift()) {
      if (!(next instanceof ClientRequest)) continue;
      refused += 1;
      this.pending.delete(next);
      this.owner.deadlines.delete(next);
      next.reject(this.endedError(next.method));
    }
    return refused;
  }

  /** The wire is gone: whoever still waits is told. Returns how many did. */
  end(failure: TransportError | RpcError): number {
    this.stop(failure);
    this.inFlight = this.urgent = this.abandonedCount = 0;
    let failed = 0;
    for (const request of this.pending.drain()) {
      this.owner.deadlines.delete(request);
      if (request.state !== 'sent') continue;
      failed += 1;
      request.reject(this.endedError(request.method));
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
    const { limits } = this.owner;
    const ready = opening || (this.gate === 'open' && !this.full);
    if (ready && (request.urgent ? this.urgent < limits.requests : opening || this.hasPlace())) {
      this.put(request);
    } else if (this.line.size < limits.requests) {
      this.line.push(request);
    } else {
      this.pending.delete(request);
      this.owner.deadlines.delete(request);
      request.reject(new TransportError('full', `${limits.requests} requests wait already`, request.method));
    }
  }

  /** Lets a subscriber go, silently or with an error. A request that is on the wire keeps its id until it is answered. */
  private giveUp(request: ClientRequest, error?: TransportError): void {
    const { deadlines, cancelHold, contract } = this.owner;
    deadlines.delete(request);
    if (request.state === 'waiting') {
      this.line.delete(request);
      this.pending.delete(request);
      if (error === undefined) request.abandon();
      else request.reject(error);
      return;
    }
    if (this.pending.get(request.id) !== request) return;
    deadlines.add(request, cancelHold);
    request.state = 'abandoned';
    this.abandonedCount += 1;
    if (contract.cancel !== undefined) {
      const { method, params } = contract.cancel;
      this.putNotification({ method, params: params(request.id) });
    }
    request.abandon(error);
    this.settleIdle();
  }

  private hasPlace(): boolean {
    return this.inFlight < this.owner.limits.inFlight && this.line.size === 0;
  }

  private pump(): void {
    if (this.pumping || this.line.size === 0) {
      this.settleIdle();
      return;
    }
    this.pumping = true;
    try {
      while (this.gate === 'open' && !this.full) {
        const next = this.line.peek();
        if (next === undefined) break;
        if (next instanceof ClientRequest) {
          if (!next.urgent && this.inFlight >= this.owner.limits.inFlight) break;
          this.line.shift();
          this.put(next);
        } else {
          this.line.shift();
          this.putNotification(next.message);
        }
      }
    } finally {
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
    this.owner.sent(message);
    if (!this.owner.put(message)) this.full = true;
  }

  private putNotification(message: NotificationMessage): void {
    this.owner.sent(message);
    if (!this.owner.put(message)) this.full = true;
  }

  private forget(request: ClientRequest): void {
    this.pending.delete(request);
    this.owner.deadlines.delete(request);
    if (request.state === 'abandoned') this.abandonedCount -= 1;
    if (request.urgent) this.urgent -= 1;
    else this.inFlight -= 1;
  }

  private resolve(request: ClientRequest, result: unknown, seq: number): void {
    const issues = this.owner.validation.results ? checkSchema(request.spec?.result, result) : undefined;
    if (issues === undefined) request.resolve(request.wantsSeq ? { id: request.id, seq, result } : result);
    else request.reject(new DecodeError(request.method, issues, result));
  }

  private endedError(method: string): TransportError | RpcError {
    const { failure } = this;
    if (failure instanceof RpcError) {
      return new RpcError(failure.code, failure.message, failure.data, { method, cause: failure });
    }
    return new TransportError('closed', failure?.message ?? 'the connection has ended', method, causeOf(failure));
  }

  private settleIdle(): void {
    if (this.gate === 'ended' && this.awaited === 0) this.owner.idle();
  }
}

function causeOf(error: Error | undefined): { cause: unknown } | undefined {
  return error?.cause === undefined ? undefined : { cause: error.cause };
}
