import { type Observable, Subject, Subscription } from 'rxjs';

import {
  type CloseInfo,
  checkSchema,
  type Contract,
  type Diagnostic,
  ErrorCode,
  type Inbound,
  type Limits,
  type Message,
  messageOf,
  overloadedError,
  type NotificationMessage,
  type RequestId,
  RpcError,
  type Sent,
  type Validation,
  type Wire,
  withHeader,
} from '../protocol/index.js';
import { type KeyedQueue, Outbound, type OutboundOwner, Trampoline } from '../scheduling/index.js';
import { Intake, type IntakeHost } from './intake.js';
import type { Member, MemberGroup } from './member-group.js';
import type { OpenRequests } from './open-requests.js';
import type { Route } from './request-run.js';
import type { ServerRequestOptions } from './server.js';
import { SessionState } from './session-state.js';

/** What the connections of one server share. */
export interface ConnectionHost<C extends Contract> {
  readonly contract: C;
  readonly routes: ReadonlyMap<string, Route>;
  /** The route of the request that opens a session. */
  readonly handshake: Route | undefined;
  readonly listeners: ReadonlyMap<string, (params: unknown, context: unknown) => void>;
  readonly keyed: KeyedQueue;
  readonly questions: OpenRequests<C>;
  diagnose(diagnostic: Diagnostic): void;
  /** A session is open; its client does not know yet. */
  joined(connection: ServerConnection<C>): void;
  /** A session is open, and its client knows. */
  opened(connection: ServerConnection<C>): void;
  /** A connection has ended, with so many events unsent. */
  ended(connection: ServerConnection<C>, unsent: { readonly droppable: number; readonly lossless: number }): void;
  /** Something a shutdown may wait for is done. */
  progressed(): void;
}

/** Messages that may wait while another is being dispatched; only a client that sends from inside `next` causes any. */
const REENTERED = 16_384;

/**
 * The server's side of one wire: what comes in is dispatched one message at a time, what goes out takes its lane.
 *
 * ```
 *  wire.inbound$ ─▶ trampoline ─┬─ request ──────▶ intake ─▶ handler ─▶ answer ─┐
 *                               ├─ notification ─▶ listener, cancel             ├─▶ outbound ─▶ wire.send
 *                               └─ response ─────▶ open requests                │
 *                                                     events, questions ────────┘
 * ```
 */
export class ServerConnection<C extends Contract> implements Member<C>, IntakeHost<C>, OutboundOwner {
  readonly session: SessionState;
  readonly outbound: Outbound;
  readonly intake: Intake<C>;
  /** The audiences this connection is a member of. */
  readonly groups = new Set<MemberGroup<C>>();
  readonly closed$: Observable<CloseInfo>;
  readonly writable$: Observable<void>;

  private readonly wire: Wire;
  private readonly writable = new Subject<void>();
  private readonly trampoline = new Trampoline<Inbound>((inbound) => {
    this.dispatch(inbound);
  });
  private ended = false;
  private paused = false;

  constructor(
    readonly id: number,
    wire: Wire,
    readonly limits: Limits,
    readonly validation: Validation,
    private readonly host: ConnectionHost<C>,
  ) {
    this.wire = withHeader(wire, host.contract);
    this.session = new SessionState(host.contract, wire.local === true);
    this.outbound = new Outbound(this.wire, host.contract, limits, this.session, this);
    this.intake = new Intake(this);
    this.closed$ = wire.closed$;
    this.writable$ = this.writable.asObservable();
  }

  get connection(): this {
    return this;
  }

  get routes(): ReadonlyMap<string, Route> {
    return this.host.routes;
  }

  get handshake(): Route | undefined {
    return this.host.handshake;
  }

  get keyed(): KeyedQueue {
    return this.host.keyed;
  }

  get isEnded(): boolean {
    return this.ended;
  }

  /** Starts to read. */
  open(): void {
    const reading = new Subscription();
    reading.add(
      this.wire.closed$.subscribe(() => {
        this.end();
        // A program that keeps the closed wire must not keep its reader by it.
        reading.unsubscribe();
      }),
    );
    reading.add(this.wire.writable$.subscribe(() => this.outbound.writable()));
    if (this.host.contract.handshake === undefined) {
      this.session.open(undefined);
      this.host.joined(this);
      this.host.opened(this);
    }
    reading.add(this.wire.inbound$.subscribe((inbound) => this.receive(inbound)));
  }

  // Typed by `Connection`; rest parameters would cost an array for each event here.
  notify(method: string, params?: unknown): Sent {
    return this.outbound.event({ method, params });
  }

  /** Asks this client. */
  ask(method: string, params: unknown, options: ServerRequestOptions | undefined): Observable<unknown> {
    return this.host.questions.ask(this, method, params, options);
  }

  close(reason = 'closed by the server'): void {
    this.finish({ reason, orderly: true });
  }

  /** Ends the connection and tells the other side why. */
  finish(info: CloseInfo): void {
    if (this.ended) return;
    this.end();
    this.wire.close(info);
  }

  diagnose(diagnostic: Diagnostic): void {
    this.host.diagnose(diagnostic);
  }

  progressed(): void {
    if (!this.ended) this.host.progressed();
  }

  /** Sends an answer. When too many wait for a sink that stays full, no more questions are read. */
  answer(message: Message, inOrder = false): void {
    if (
      this.outbound.answer(message, inOrder) ||
      this.paused ||
      this.outbound.unsentAnswers < this.limits.unsentAnswers
    )
      return;
    if (this.wire.pause === undefined) {
      this.overflowed('unsentAnswers');
    } else {
      this.paused = true;
      this.wire.pause();
    }
  }

  /** Answers the request that opens the session; from the moment of its answer on, the session is open. */
  answerHandshake(id: RequestId, params: unknown, result: unknown, error: RpcError | undefined): void {
    let refusal = error;
    if (refusal === undefined) {
      try {
        this.session.open(params);
      } catch (cause) {
        this.diagnose({ type: 'callbackFailed', method: this.host.handshake?.method ?? '', error: cause });
        refusal = new RpcError(ErrorCode.InvalidParams, 'the capabilities cannot be read');
      }
    }
    if (refusal !== undefined) {
      // Nothing is committed, so the client may try again.
      this.session.state = 'new';
      this.answer({ id, error: refusal.toObject() });
      return;
    }
    // A member before its client knows, so that what the client does at once is part of what everyone hears.
    this.host.joined(this);
    this.answer({ id, result });
    this.host.opened(this);
  }

  overflowed(budget: string): void {
    this.diagnose({ type: 'budgetExceeded', budget });
    this.finish({ reason: 'slow-consumer', orderly: false });
  }

  answersSent(): void {
    if (!this.paused) return;
    this.paused = false;
    this.wire.resume?.();
  }

  unsendable(message: Message, error: unknown): void {
    const problem = { code: ErrorCode.InternalError, message: `cannot be sent: ${messageOf(error)}` };
    this.diagnose({ type: 'unsendable', method: 'method' in message ? message.method : undefined, error });
    if (!('method' in message)) {
      // Of an error it can only be the data.
      if ('result' in message || message.error.data !== undefined) this.answer({ id: message.id, error: problem });
    } else if ('id' in message) {
      this.host.questions.answer(this, { id: message.id, error: problem });
    }
  }

  drained(): void {
    this.writable.next();
    this.host.progressed();
  }

  private receive(inbound: Inbound): void {
    if (this.ended) return;
    if (this.trampoline.isRunning && this.trampoline.size >= REENTERED && 'method' in inbound && 'id' in inbound) {
      this.answer({ id: inbound.id, error: overloadedError().toObject() });
      return;
    }
    this.trampoline.push(inbound);
  }

  private dispatch(inbound: Inbound): void {
    if ('method' in inbound) {
      if ('id' in inbound) this.intake.receive(inbound);
      else this.receiveNotification(inbound);
    } else if ('malformed' in inbound) {
      this.diagnose({ type: 'malformed', error: inbound.malformed });
      this.answer({ id: null, error: { code: ErrorCode.ParseError, message: inbound.malformed.message } });
    } else if (!this.host.questions.answer(this, inbound)) {
      const { id } = inbound;
      this.diagnose(
        'error' in inbound
          ? { type: 'unmatchedResponse', id, error: inbound.error }
          : { type: 'unmatchedResponse', id },
      );
    }
  }

  private receiveNotification({ method, params }: NotificationMessage): void {
    const { contract, listeners } = this.host;
    if (method === contract.handshake?.notification) return;
    if (this.session.state !== 'open') {
      this.diagnose({ type: 'ignoredNotification', method, reason: 'Not initialized' });
      return;
    }
    try {
      if (method === contract.cancel?.method) {
        const id = contract.cancel.id(params);
        if (id !== undefined) this.intake.cancel(id);
        return;
      }
      const spec = Object.hasOwn(contract.notifications, method) ? contract.notifications[method] : undefined;
      const issues = this.validation.params ? checkSchema(spec?.params, params) : undefined;
      if (spec === undefined) this.diagnose({ type: 'ignoredNotification', method, reason: 'method not found' });
      else if (issues !== undefined) this.diagnose({ type: 'ignoredNotification', method, reason: 'invalid params' });
      else listeners.get(method)?.(params, this.context());
    } catch (error) {
      this.diagnose({ type: 'callbackFailed', method, error });
    }
  }

  private context(): object {
    return { connection: this, session: this.session, notify: this.notify.bind(this) };
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    const unsent = this.outbound.counts;
    this.outbound.end();
    this.trampoline.clear();
    for (const group of [...this.groups]) group.delete(this);
    this.host.questions.leave(this);
    this.intake.abort(new RpcError(ErrorCode.InternalError, 'the connection has ended'));
    this.writable.complete();
    this.host.ended(this, unsent);
  }
}
