// A reader whose `lib` is ES2022 does not know `Symbol.asyncDispose` yet.
/// <reference lib="esnext.disposable" preserve="true" />
import type { Observable, SchedulerLike } from 'rxjs';

import type {
  Contract,
  Diagnostic,
  LimitOptions,
  NotificationMethod,
  ParamsArgs,
  ParamsOf,
  RequestId,
  RequestMethod,
  ResultOf,
  RpcError,
  Sent,
  ServerNotificationMethod,
  ServerRequestMethod,
  ShutdownOptions,
  ShutdownReport,
  Validation,
  Wire,
} from '../protocol/index.js';
import type { Audience } from './audience.js';
import type { Connection, Session } from './connection.js';

/** Who is meant: one connection, or all that belong to an audience. */
export type Target<C extends Contract> = Connection<C> | Audience<C>;

/** What a handler knows besides the params of its request. */
export interface HandlerContext<C extends Contract> {
  readonly id: RequestId;
  readonly method: string;
  /** Who asked. */
  readonly connection: Connection<C>;
  readonly session: Session;
  /** Aborted when the request is cancelled, its connection ends, or a shutdown runs out of time. Made when first read. */
  readonly signal: AbortSignal;
  /** Sends an event to the connection that asked; see {@link Connection.notify}. */
  notify<M extends ServerNotificationMethod<C>>(
    method: M,
    ...args: ParamsArgs<ParamsOf<C['serverNotifications'][M]>>
  ): Sent;
  /** Asks the connection that asked; see {@link Server.request}. Errors when the request itself is aborted. */
  request<M extends ServerRequestMethod<C>>(
    method: M,
    ...args: ParamsArgs<ParamsOf<C['serverRequests'][M]>, ServerRequestOptions>
  ): Observable<ResultOf<C['serverRequests'][M]>>;
}

/**
 * What a handler may return: the result, or something that will have it. Of an observable, the last value counts.
 * `undefined` is sent as `{}`, or as `null` if the contract has a result schema.
 */
export type HandlerResult<R> = R | PromiseLike<R> | Observable<R> | (unknown extends R ? void : never);

/** A function for each request of a contract, and for those notifications that are of interest. */
export type Handlers<C extends Contract> = {
  readonly [M in RequestMethod<C>]: (
    params: ParamsOf<C['requests'][M]>,
    context: HandlerContext<C>,
  ) => HandlerResult<ResultOf<C['requests'][M]>>;
} & {
  readonly [M in NotificationMethod<C>]?: (
    params: ParamsOf<C['notifications'][M]>,
    context: Pick<HandlerContext<C>, 'connection' | 'session' | 'notify'>,
  ) => void;
};

/** How a server behaves. */
export interface ServerOptions<C extends Contract> extends LimitOptions {
  /** The clock for all limits of time. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
  readonly validate?: Partial<Validation>;
  /** Runs when a session is open, after the handshake's answer was sent: the place for startup warnings. */
  readonly onSession?: (connection: Connection<C>) => void;
  /**
   * Runs when a shutdown begins, before anything is refused: the place to end work of your own in order. An observable
   * it returns is subscribed once, and the connections stay until it ends or the shutdown's time is over.
   */
  readonly onShutdown?: () => Observable<unknown> | void;
}

/** How one server request is made. */
export interface ServerRequestOptions {
  /** Milliseconds until it fails with a timeout. Default: the contract's, else none. */
  readonly timeout?: number;
}

/** A server request that waits for its answer. */
export interface OpenRequest {
  readonly id: RequestId;
  readonly method: string;
  readonly params: unknown;
}

/** Counts of what a server does now and has done, over all its connections. */
export interface ServerStats {
  readonly connections: number;
  /** Requests: started and not answered, waiting to start, answered so far. */
  readonly requests: { readonly running: number; readonly waiting: number; readonly answered: number };
  /** Events: given to a wire, waiting for a full one, given up with a marker, folded into another. */
  readonly events: {
    readonly sent: number;
    readonly waiting: number;
    readonly skipped: number;
    readonly conflated: number;
  };
  /** Server requests: open, and settled so far. */
  readonly serverRequests: { readonly open: number; readonly settled: number };
}

/** One contract, served to any number of wires. Made with `createServer` of `rx-sluice/server`. */
export interface Server<C extends Contract> {
  readonly contract: C;
  /** Serves a wire until it ends. */
  attach(wire: Wire): Connection<C>;
  /** Makes an empty audience: a group of connections that is addressed as one. */
  audience(): Audience<C>;
  /** All connections with an open session. */
  readonly everyone: Audience<C>;
  /** Sends an event to everyone with an open session who did not opt out of it. */
  broadcast<M extends ServerNotificationMethod<C>>(
    method: M,
    ...args: ParamsArgs<ParamsOf<C['serverNotifications'][M]>>
  ): void;
  /**
   * Sends an event to a connection, whatever its session says, or to the members of an audience, as a broadcast would.
   * For an audience the answer is the worst of its members': `closed` only if there are none.
   */
  notify<M extends ServerNotificationMethod<C>>(
    target: Target<C>,
    method: M,
    ...args: ParamsArgs<ParamsOf<C['serverNotifications'][M]>>
  ): Sent;
  /**
   * Asks a client. Cold: subscribing sends, unsubscribing takes the question back. To an audience the same question
   * goes to every member, also to those that join later, and the first answer wins.
   */
  request<M extends ServerRequestMethod<C>>(
    target: Target<C>,
    method: M,
    ...args: ParamsArgs<ParamsOf<C['serverRequests'][M]>, ServerRequestOptions>
  ): Observable<ResultOf<C['serverRequests'][M]>>;
  /**
   * Sends a raw notification of an older protocol, one whose name has the contract's `legacy` prefix. Of an audience
   * only those get it whose session allows it.
   *
   * @throws TypeError if the contract has no such prefix, or the name does not have it.
   */
  notifyLegacy(target: Target<C>, method: string, params?: unknown): Sent;
  /** Fails the open requests that were made of a target, as an answer with this error would. Returns how many. */
  failRequests(target: Target<C>, error: RpcError): number;
  /** The server requests that wait for an answer, by id. */
  openRequests(): readonly OpenRequest[];
  /** The connections that are attached now; emits at once and on every change. */
  readonly connections$: Observable<readonly Connection<C>[]>;
  /** What needs no action but should not stay unseen. */
  readonly diagnostics$: Observable<Diagnostic>;
  /** Adds to {@link diagnostics$} what the server's own parts have no other place for. */
  diagnose(diagnostic: Diagnostic): void;
  /** The counts as they are now. */
  stats(): ServerStats;
  /**
   * Ends all connections in order and within one time limit. It starts at once, subscribed or not; calling it again
   * gives the same report.
   */
  shutdown(options?: ShutdownOptions): Observable<ShutdownReport>;
  /** {@link Server.shutdown}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
