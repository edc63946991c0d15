import {
  asyncScheduler,
  BehaviorSubject,
  catchError,
  EMPTY,
  lastValueFrom,
  type Observable,
  type SchedulerLike,
} from 'rxjs';

import {
  type Contract,
  type Diagnostic,
  type NotificationSpec,
  type RequestSpec,
  resolveLimits,
  resolveValidation,
  type RpcError,
  type Sent,
  type ShutdownOptions,
  type ShutdownReport,
  type Wire,
} from '../protocol/index.js';
import { KeyedQueue, SerialSubject } from '../scheduling/index.js';
import type { Connection } from './connection.js';
import { MemberGroup } from './member-group.js';
import { OpenRequests } from './open-requests.js';
import type { Route } from './request-run.js';
import type {
  Handlers,
  OpenRequest,
  Server,
  ServerOptions,
  ServerRequestOptions,
  ServerStats,
  Target,
} from './server.js';
import { type ConnectionHost, ServerConnection } from './server-connection.js';
import { ServerShutdown } from './server-shutdown.js';

/**
 * Makes a server of a contract: it answers requests through the handlers, and emits events and questions to whoever is
 * attached.
 *
 * Nothing runs until a wire is attached. Each wire has its own session and its own limits; what they share is the order
 * of requests within a scope. A handler returns its result, a promise of it, or an observable whose last value it is;
 * what it throws becomes an error response.
 *
 * ```
 *  request      a--------b--|
 *  handler      --(ra|)  (rb|)
 *  answers      --ra-----rb
 * ```
 *
 * **Use it when** you serve a contract of your own. **Rather use** `createAppServer` of `rx-sluice/app-server` for one
 * that has threads and turns.
 *
 * @example A server in the client's own process
 * ```ts
 * const contract = defineContract({
 *   requests: { double: request({ params: type<number>(), result: type<number>() }) },
 * });
 * const server = createServer(contract, { double: (n) => n * 2 });
 * startInProcess(server).request('double', 21).subscribe(console.log);
 * ```
 * @param contract What both ends agree on.
 * @param handlers A function for each request; notifications may have one.
 * @throws TypeError if a request of the contract has no handler.
 */
export function createServer<C extends Contract>(
  contract: C,
  handlers: NoInfer<Handlers<C>>,
  options: ServerOptions<C> = {},
): Server<C> {
  return new ContractServer(contract, handlers, options);
}

class ContractServer<C extends Contract> implements Server<C>, ConnectionHost<C> {
  readonly routes: ReadonlyMap<string, Route>;
  readonly handshake: Route | undefined;
  readonly listeners: ReadonlyMap<string, (params: unknown, context: unknown) => void>;
  readonly keyed = new KeyedQueue();
  readonly questions: OpenRequests<C>;
  readonly everyone: MemberGroup<C>;
  readonly connections$: Observable<readonly Connection<C>[]>;
  readonly diagnostics$: Observable<Diagnostic>;

  private readonly scheduler: SchedulerLike;
  private readonly diagnostics = new SerialSubject<Diagnostic>();
  private readonly connections = new BehaviorSubject<readonly ServerConnection<C>[]>([]);
  private readonly past = { answered: 0, sent: 0, skipped: 0, conflated: 0 };
  private attached = 0;
  private ending: ServerShutdown<C> | undefined;

  constructor(
    readonly contract: C,
    handlers: Handlers<C>,
    private readonly options: ServerOptions<C>,
  ) {
    this.scheduler = options.scheduler ?? asyncScheduler;
    this.routes = toRoutes(contract, handlers);
    this.handshake = contract.handshake && this.routes.get(contract.handshake.request);
    this.listeners = toListeners(contract, handlers);
    this.questions = new OpenRequests<C>(contract, this.scheduler, this);
    this.everyone = this.audience();
    this.connections$ = this.connections.asObservable();
    this.diagnostics$ = this.diagnostics.asObservable();
  }

  attach(wire: Wire): Connection<C> {
    const local = wire.local === true;
    const limits = resolveLimits(this.options, 'server', local);
    const validation = resolveValidation(this.options.validate, local);
    const connection = new ServerConnection(this.attached++, wire, limits, validation, this);
    if (this.ending !== undefined) {
      connection.finish({ reason: 'shutdown', orderly: true });
      return connection;
    }
    this.connections.next([...this.connections.value, connection]);
    connection.open();
    return connection;
  }

  audience(): MemberGroup<C> {
    return new MemberGroup<C>((group, member) => {
      this.questions.replay(group, member);
    });
  }

  broadcast(method: string, params?: unknown): void {
    this.notifyGroup(this.everyone, method, params);
  }

  notify(target: Target<C>, method: string, params?: unknown): Sent {
    if (target instanceof MemberGroup) return this.notifyGroup(target as MemberGroup<C>, method, params);
    return (target as ServerConnection<C>).notify(method, params);
  }

  request(target: Target<C>, method: string, ...args: readonly unknown[]): Observable<never> {
    const options = args[1] as ServerRequestOptions | undefined;
    return this.questions.ask(
      target as ServerConnection<C> | MemberGroup<C>,
      method,
      args[0],
      options,
    ) as Observable<never>;
  }

  notifyLegacy(target: Target<C>, method: string, params?: unknown): Sent {
    const prefix = this.contract.legacy?.prefix;
    if (prefix === undefined || !method.startsWith(prefix)) {
      throw new TypeError(`"${method}" is no legacy notification of the contract`);
    }
    return this.notify(target, method, params);
  }

  failRequests(target: Target<C>, error: RpcError): number {
    return this.questions.fail(target as ServerConnection<C> | MemberGroup<C>, error);
  }

  openRequests(): readonly OpenRequest[] {
    return this.questions.list();
  }

  stats(): ServerStats {
    const requests = { running: 0, waiting: 0, answered: this.past.answered };
    const events = { sent: this.past.sent, waiting: 0, skipped: this.past.skipped, conflated: this.past.conflated };
    for (const { intake, outbound } of this.connections.value) {
      const { running, waiting, answered } = intake.counts;
      requests.running += running;
      requests.waiting += waiting;
      requests.answered += answered;
      const counts = outbound.counts;
      events.sent += counts.sent;
      events.waiting += counts.waiting;
      events.skipped += counts.skipped;
      events.conflated += counts.conflated;
    }
    return { connections: this.connections.value.length, requests, events, serverRequests: this.questions.counts };
  }

  shutdown(options: ShutdownOptions = {}): Observable<ShutdownReport> {
    if (this.ending === undefined) {
      this.ending = new ServerShutdown(this.connections, this.questions, this.scheduler, options, () => {
        this.connections.complete();
        this.diagnostics.complete();
      });
      const work = this.callBack('onShutdown', () => this.options.onShutdown?.()) ?? EMPTY;
      this.ending.start(
        work.pipe(
          catchError((error: unknown) => {
            this.diagnose({ type: 'callbackFailed', method: 'onShutdown', error });
            return EMPTY;
          }),
        ),
      );
    }
    return this.ending.report$;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await lastValueFrom(this.shutdown());
  }

  diagnose(diagnostic: Diagnostic): void {
    if (this.diagnostics.observed) this.diagnostics.next(diagnostic);
  }

  joined(connection: ServerConnection<C>): void {
    this.everyone.join(connection);
  }

  opened(connection: ServerConnection<C>): void {
    if (connection.isEnded) return;
    this.everyone.welcome(connection);
    this.callBack('onSession', () => this.options.onSession?.(connection));
  }

  ended(connection: ServerConnection<C>, unsent: { droppable: number; lossless: number }): void {
    const { sent, skipped, conflated } = connection.outbound.counts;
    this.past.answered += connection.intake.counts.answered;
    this.past.sent += sent;
    this.past.skipped += skipped;
    this.past.conflated += conflated;
    this.connections.next(this.connections.value.filter((other) => other !== connection));
    this.ending?.lost(unsent);
  }

  progressed(): void {
    this.ending?.progressed();
  }

  private callBack<T>(name: string, run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      this.diagnose({ type: 'callbackFailed', method: name, error });
      return undefined;
    }
  }

  private notifyGroup(group: MemberGroup<C>, method: string, params: unknown): Sent {
    const spec: NotificationSpec | undefined = this.contract.serverNotifications[method];
    const message = { method, params };
    let worst: Sent = 'closed';
    for (const member of [...group.members]) {
      if (!member.session.admits(method, spec?.experimental === true)) {
        worst = worse(worst, 'sent');
      } else {
        worst = worse(worst, member.outbound.event(message));
      }
    }
    return worst;
  }
}

const SEVERITY: readonly Sent[] = ['closed', 'sent', 'queued', 'dropped'];

function worse(a: Sent, b: Sent): Sent {
  return SEVERITY.indexOf(b) > SEVERITY.indexOf(a) ? b : a;
}

function toRoutes<C extends Contract>(contract: C, handlers: Handlers<C>): ReadonlyMap<string, Route> {
  const routes = new Map<string, Route>();
  for (const [method, spec] of Object.entries<RequestSpec>(contract.requests)) {
    const handler = (handlers as Readonly<Record<string, unknown>>)[method];
    if (typeof handler !== 'function') throw new TypeError(`the request "${method}" has no handler`);
    routes.set(method, { method, spec, handler: handler as Route['handler'] });
  }
  return routes;
}

function toListeners<C extends Contract>(contract: C, handlers: Handlers<C>): ContractServer<C>['listeners'] {
  const listeners = new Map<string, (params: unknown, context: unknown) => void>();
  for (const method of Object.keys(contract.notifications)) {
    const listener = (handlers as Readonly<Record<string, unknown>>)[method];
    if (typeof listener === 'function') listeners.set(method, listener as (params: unknown, context: unknown) => void);
  }
  return listeners;
}
