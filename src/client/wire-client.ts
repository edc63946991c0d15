import {
  asyncScheduler,
  lastValueFrom,
  type Observable,
  ReplaySubject,
  type SchedulerLike,
  type Subscription,
} from 'rxjs';

import {
  type CloseInfo,
  type Contract,
  type Diagnostic,
  type Limits,
  type Message,
  type RequestId,
  resolveLimits,
  resolveValidation,
  type RpcError,
  type ShutdownOptions,
  type ShutdownReport,
  type Validation,
  type Wire,
} from '../protocol/index.js';
import { Deadlines, SerialSubject } from '../scheduling/index.js';
import { call } from './call.js';
import type {
  CallOptions,
  Client,
  ClientOptions,
  ClientState,
  ClientStats,
  Command,
  RequestOptions,
} from './client.js';
import { ClientShutdown, type ClientShutdownHost, type ServerShutdown } from './client-shutdown.js';
import { closedError } from './closed-error.js';
import { CommandLane } from './command-lane.js';
import type { CommandLaneOwner } from './command-lane-owner.js';
import { Connection, type ConnectionOwner } from './connection.js';
import { EventDecoder } from './event-decoder.js';
import { EventLane, type EventLaneOwner } from './event-lane.js';
import { InboundRouter } from './inbound-router.js';
import { Inbox, type InboxOwner } from './inbox.js';
import { Lifecycle } from './lifecycle.js';
import { isWireSource, type WireSource } from './wire-source.js';
import { RequestObservable } from './request-observable.js';
import type { ServerRequestHandler, Settled } from './server-request.js';

/** Milliseconds an abandoned id waits for its late answer. */
const CANCEL_HOLD = 10_000;

/** Diagnostics a late reader still sees. */
const REPLAYED_DIAGNOSTICS = 64;

/**
 * The client's side of a wire: it owns the three lanes and the life of the connection, and leaves the work to them.
 *
 * ```
 *  request, notify ─▶ command lane ─▶ wire.send
 *  wire.inbound$ ─▶ receiver ─┬─ response ───────▶ command lane ─▶ the request's subscriber
 *                             ├─ notification ───▶ event lane ───▶ views
 *                             └─ server request ─▶ inbox, and in its place among the events
 * ```
 */
export class WireClient<C extends Contract>
  implements CommandLaneOwner, ConnectionOwner<C>, EventLaneOwner, InboxOwner, ClientShutdownHost
{
  readonly limits: Limits;
  readonly validation: Validation;
  readonly scheduler: SchedulerLike;
  readonly deadlines: Deadlines;
  readonly cancelHold: number;
  readonly timeout: number | undefined;
  readonly commands: CommandLane;
  readonly events: EventLane;
  readonly reader: InboundRouter;
  readonly inbox: Inbox;
  readonly life = new Lifecycle();

  readonly events$: Client<C>['events$'];
  readonly serverRequests$: Client<C>['serverRequests$'];
  readonly commands$: Observable<Command>;
  readonly state$: Observable<ClientState>;
  readonly ready$: Observable<unknown>;
  readonly closed$: Observable<CloseInfo>;
  readonly diagnostics$: Observable<Diagnostic>;

  private readonly connection: Connection<C>;
  private readonly commandTap = new SerialSubject<Command>();
  private readonly diagnostics = new ReplaySubject<Diagnostic>(REPLAYED_DIAGNOSTICS);
  private stopping: ClientShutdown | undefined;

  constructor(
    readonly contract: C,
    wire: Wire | WireSource,
    readonly options: ClientOptions<C>,
    private readonly shutdownServer: ServerShutdown | undefined,
  ) {
    const local = !isWireSource(wire) && wire.local === true;
    this.limits = resolveLimits(options, 'client', local);
    this.validation = resolveValidation(options.validate, local);
    this.scheduler = options.scheduler ?? asyncScheduler;
    this.deadlines = new Deadlines(this.scheduler);
    this.cancelHold = options.cancelHold ?? CANCEL_HOLD;
    this.timeout = options.timeout;
    this.connection = new Connection(wire, this);
    this.commands = new CommandLane(this);
    this.events = new EventLane(contract, this.limits, this);
    this.inbox = new Inbox(this);
    const decoder = new EventDecoder(contract, this.validation, this);
    this.reader = new InboundRouter(this.commands, this.events, this.inbox, decoder, this.connection);
    this.events$ = this.events.view({ all: true });
    this.serverRequests$ = this.inbox.requests$ as Client<C>['serverRequests$'];
    this.commands$ = this.commandTap.asObservable();
    this.state$ = this.life.state$;
    this.ready$ = this.life.ready$;
    this.closed$ = this.life.closed$;
    this.diagnostics$ = this.diagnostics.asObservable();
  }

  /** Starts to read, and opens the session. */
  open(): void {
    this.connection.start();
  }

  request(method: string, params?: unknown, options?: RequestOptions): Observable<unknown> {
    return new RequestObservable(this.commands, method, params, options, false);
  }

  exchange(method: string, params?: unknown, options?: RequestOptions): Observable<unknown> {
    return new RequestObservable(this.commands, method, params, options, true);
  }

  call(method: string, params?: unknown, options?: CallOptions): Promise<unknown> {
    return call(this.commands, method, params, options);
  }

  notify(method: string, params?: unknown): 'sent' | 'queued' | 'full' | 'closed' {
    return this.commands.notify(params === undefined ? { method } : { method, params });
  }

  notifications(method: string): Observable<unknown> {
    const told = this.contract.serverNotifications[method]?.delivery === 'best-effort';
    return this.events.view({ method, told });
  }

  scoped(scope: string): Client<C>['events$'] {
    return this.events.view({ scope });
  }

  handle(method: string, handler: ServerRequestHandler<unknown, unknown>): Subscription {
    return this.inbox.handle(method, handler);
  }

  openRequests(): readonly unknown[] {
    return this.inbox.list();
  }

  respond(id: RequestId, result: unknown): Settled {
    return this.inbox.respond(id, result);
  }

  fail(id: RequestId, error: unknown): Settled {
    return this.inbox.fail(id, error);
  }

  stats(): ClientStats {
    return {
      seq: this.reader.seq,
      requests: this.commands.counts,
      events: this.events.counts,
      serverRequests: this.inbox.counts,
      reconnects: Math.max(0, this.connection.sessions - 1),
    };
  }

  shutdown(options: ShutdownOptions = {}): Observable<ShutdownReport> {
    if (this.stopping === undefined) {
      this.stopping = new ClientShutdown(this, options, this.shutdownServer);
      this.stopping.start();
    }
    return this.stopping.report$;
  }

  get isStopping(): boolean {
    return this.stopping !== undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await lastValueFrom(this.shutdown());
  }

  put(message: Message): boolean {
    return this.connection.wire?.send(message) ?? true;
  }

  answer(message: Message): void {
    this.commands.send(message);
  }

  sent(command: Command): void {
    if (this.commandTap.observed) this.commandTap.next(command);
  }

  idle(): void {
    this.stopping?.progressed();
  }

  diagnose(diagnostic: Diagnostic): void {
    this.diagnostics.next(diagnostic);
  }

  serially(deliver: () => void): void {
    this.reader.serially(deliver);
  }

  overflowed(budget: string): void {
    this.diagnose({ type: 'budgetExceeded', budget });
    this.finish({ reason: 'slow-consumer', orderly: false });
  }

  failServerRequests(error: RpcError): number {
    return this.inbox.failAll(error);
  }

  /** Ends the connection and tells the other side why. */
  finish(info: CloseInfo): void {
    this.connection.finish(info);
  }

  /** Ends all lanes, once what was received before the end has been delivered. */
  conclude(info: CloseInfo): void {
    const failure = closedError(info);
    this.commands.end(failure);
    this.inbox.end();
    this.events.end(info.orderly ? undefined : failure);
    this.commandTap.complete();
    this.life.end(info, failure);
    this.stopping?.progressed();
    this.diagnostics.complete();
  }
}
