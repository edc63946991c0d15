import { asyncScheduler, lastValueFrom, Observable, ReplaySubject, type SchedulerLike, Subscription } from 'rxjs';

import {
  type CloseInfo,
  type Contract,
  type Diagnostic,
  isRpcError,
  type Limits,
  type Message,
  messageOf,
  type RequestId,
  resolveLimits,
  resolveValidation,
  type RpcError,
  type ShutdownOptions,
  type ShutdownReport,
  TransportError,
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
import { ClientRequest } from './client-request.js';
import { ClientShutdown, type ClientShutdownHost, type ServerShutdown } from './client-shutdown.js';
import { CommandLane } from './command-lane.js';
import type { CommandLaneOwner } from './command-lane-owner.js';
import { EventDecoder } from './event-decoder.js';
import { EventLane, type EventLaneOwner } from './event-lane.js';
import { InboundRouter, type InboundRouterOwner } from './inbound-router.js';
import { Inbox, type InboxOwner } from './inbox.js';
import { Lifecycle } from './lifecycle.js';
import { RequestObservable } from './request-observable.js';
import type { ServerRequestHandler, Settled } from './server-request.js';

/** Milliseconds an abandoned id waits for its late answer. */
const CANCEL_HOLD = 10_000;

/** Diagnostics a late reader still sees. */
const REPLAYED_DIAGNOSTICS = 64;

/**
 * The client's side of one wire: it owns the three lanes and the life of the connection, and leaves the work to them.
 *
 * ```
 *  request, notify ─▶ command lane ─▶ wire.send
 *  wire.inbound$ ─▶ receiver ─┬─ response ───────▶ command lane ─▶ the request's subscriber
 *                             ├─ notification ───▶ event lane ───▶ views
 *                             └─ server request ─▶ inbox, and in its place among the events
 * ```
 */
export class WireClient<C extends Contract>
  implements CommandLaneOwner, EventLaneOwner, InboxOwner, InboundRouterOwner, ClientShutdownHost
{
  readonly limits: Limits;
  readonly validation: Validation;
  readonly scheduler: SchedulerLike;
  readonly deadlines: Deadlines;
  readonly cancelHold: number;
  readonly timeout: number | undefined;
  readonly commands: CommandLane;
  readonly events: EventLane;

  readonly events$: Client<C>['events$'];
  readonly serverRequests$: Client<C>['serverRequests$'];
  readonly commands$: Observable<Command>;
  readonly state$: Observable<ClientState>;
  readonly ready$: Observable<unknown>;
  readonly closed$: Observable<CloseInfo>;
  readonly diagnostics$: Observable<Diagnostic>;

  private readonly inbox: Inbox;
  private readonly router: InboundRouter;
  private readonly life = new Lifecycle();
  private readonly commandTap = new SerialSubject<Command>();
  private readonly diagnostics = new ReplaySubject<Diagnostic>(REPLAYED_DIAGNOSTICS);
  private ending: CloseInfo | undefined;
  private ended = false;
  private stopping: ClientShutdown | undefined;

  constructor(
    readonly contract: C,
    private readonly wire: Wire,
    private readonly options: ClientOptions<C>,
    private readonly shutdownServer: ServerShutdown | undefined,
  ) {
    const local = wire.local === true;
    this.limits = resolveLimits(options, 'client', local);
    this.validation = resolveValidation(options.validate, local);
    this.scheduler = options.scheduler ?? asyncScheduler;
    this.deadlines = new Deadlines(this.scheduler);
    this.cancelHold = options.cancelHold ?? CANCEL_HOLD;
    this.timeout = options.timeout;
    this.commands = new CommandLane(this);
    this.events = new EventLane(contract, this.limits, this);
    this.inbox = new Inbox(this);
    const decoder = new EventDecoder(contract, this.validation, this);
    this.router = new InboundRouter(this.commands, this.events, this.inbox, decoder, this);
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
    const reading = new Subscription();
    reading.add(
      this.wire.closed$.subscribe((info) => {
        this.end(info);
        // A program that keeps the closed wire must not keep its reader by it.
        reading.unsubscribe();
      }),
    );
    reading.add(this.wire.writable$.subscribe(() => this.commands.writable()));
    reading.add(this.wire.inbound$.subscribe(this.router));
    const { handshake } = this.contract;
    if (handshake === undefined) {
      this.opened(undefined);
      return;
    }
    new Observable<unknown>((subscriber) => {
      const request = new ClientRequest(
        handshake.request,
        this.options.handshake ?? {},
        subscriber,
        this.commands,
        this.commands.specOf(handshake.request),
        false,
      );
      this.commands.submit(request, undefined, this.options.timeout, true);
      return request;
    }).subscribe({
      next: (result) => {
        if (handshake.notification !== undefined) this.commands.tell({ method: handshake.notification });
        this.opened(result);
      },
      error: (error: unknown) => this.refused(error),
    });
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
      seq: this.router.seq,
      requests: this.commands.counts,
      events: this.events.counts,
      serverRequests: this.inbox.counts,
    };
  }

  shutdown(options: ShutdownOptions = {}): Observable<ShutdownReport> {
    if (this.stopping === undefined) {
      this.stopping = new ClientShutdown(this, options, this.shutdownServer);
      this.stopping.start();
    }
    return this.stopping.report$;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await lastValueFrom(this.shutdown());
  }

  put(message: Message): boolean {
    return this.wire.send(message);
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
    this.router.serially(deliver);
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
    this.end(info);
    this.wire.close(info);
  }

  /** Ends all lanes, once what was received before the end has been delivered. */
  settled(): void {
    const info = this.ending;
    if (info === undefined || this.ended) return;
    this.ended = true;
    const failure = toError(info);
    this.commands.end(failure);
    this.inbox.end();
    this.events.end(info.orderly ? undefined : failure);
    this.commandTap.complete();
    this.life.end(info, failure);
    this.stopping?.progressed();
    this.diagnostics.complete();
  }

  private opened(result: unknown): void {
    if (this.ending !== undefined) return;
    this.commands.open();
    this.life.open(result);
  }

  private refused(error: unknown): void {
    this.life.refuse(error);
    if (this.ending !== undefined || this.stopping !== undefined) return;
    const reason = `handshake failed: ${messageOf(error)}`;
    if (isRpcError(error)) this.commands.end(error);
    this.finish({ reason, orderly: false, error });
  }

  private end(info: CloseInfo): void {
    if (this.ending !== undefined) return;
    this.ending = info;
    this.router.stop();
    this.inbox.close();
    this.commands.stop(toError(info));
    if (!this.router.isDelivering) this.settled();
  }
}

function toError({ reason, error }: CloseInfo): TransportError {
  return new TransportError('closed', reason, undefined, error === undefined ? undefined : { cause: error });
}
