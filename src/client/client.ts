// A reader whose `lib` is ES2022 does not know `Symbol.asyncDispose` yet.
/// <reference lib="esnext.disposable" preserve="true" />
import type { Observable, ObservableInput, SchedulerLike, Subscription } from 'rxjs';

import type { Lagged } from '../backpressure/index.js';
import type {
  CloseInfo,
  Contract,
  DeliveryOf,
  Diagnostic,
  LimitOptions,
  NotificationMethod,
  ParamsArgs,
  ParamsOf,
  RequestId,
  RequestMethod,
  ResultOf,
  ServerNotificationMethod,
  ServerRequestMethod,
  ShutdownOptions,
  ShutdownReport,
  Validation,
} from '../protocol/index.js';
import type { ClientEvent } from './client-event.js';
import type { ServerRequest, ServerRequestHandlers, Settled } from './server-request.js';

/** How one request is made. */
export interface RequestOptions {
  /** An id of the caller's own. Default: the client's next integer. */
  readonly id?: RequestId;
  /** Milliseconds, time in our own queue included. Default: the client's `timeout`. */
  readonly timeout?: number;
}

/** How one awaited request is made. */
export interface CallOptions {
  /** Milliseconds, time in our own queue included. Default: the client's `timeout`. */
  readonly timeout?: number;
  /** Aborting it gives the request up as unsubscribing would; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** An answer together with its place among all that was received. */
export interface Exchange<R> {
  readonly id: RequestId;
  /** Everything received with a smaller number came before this answer. */
  readonly seq: number;
  readonly result: R;
}

/** Where a connection stands. `closed` is final; `reconnecting` needs a wire that can be made again. */
export type ClientState =
  | { readonly type: 'connecting' }
  | { readonly type: 'ready' }
  /** An attempt is waited for or under way, the first of which is number 1. */
  | { readonly type: 'reconnecting'; readonly attempt: number }
  | { readonly type: 'closed'; readonly reason: string };

/** Something the client sent on behalf of its user. */
export interface Command {
  /** Absent on a notification. */
  readonly id?: RequestId;
  readonly method: string;
  readonly params?: unknown;
}

/** Counts of what a client does now and has done. */
export interface ClientStats {
  /** Number of the last thing received. */
  readonly seq: number;
  readonly requests: {
    /** Requests on the wire without an answer, cancelled ones included. */
    readonly inFlight: number;
    /** Requests that wait for the handshake or for a place on the wire. */
    readonly waiting: number;
    readonly sent: number;
    readonly answered: number;
  };
  readonly events: {
    /** Events the server emitted, as far as known here, server requests among them: received, or told as skipped. */
    readonly emitted: number;
    readonly delivered: number;
    readonly skipped: number;
    readonly conflated: number;
    /** Events that wait now, and the most that ever did. */
    readonly waiting: number;
    readonly peak: number;
  };
  readonly serverRequests: { readonly open: number; readonly settled: number };
  /** Sessions opened after the first. */
  readonly reconnects: number;
}

/** A session that is being opened: what is requested here goes before all that waits for it. */
export type OpeningSession<C extends Contract> = Pick<Client<C>, 'request'>;

/** How a client behaves. */
export interface ClientOptions<C extends Contract> extends LimitOptions {
  /** Params of the contract's handshake request. Default `{}`. */
  readonly handshake?: unknown;
  /** Milliseconds a request may take, time in our own queue included. Default: no limit. */
  readonly timeout?: number;
  /** Milliseconds a cancelled id waits for its late answer before it is barred for good. Default 10,000. */
  readonly cancelHold?: number;
  /** The clock for all limits of time. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
  readonly validate?: Partial<Validation>;
  /** Runs before the first message is read: what it subscribes misses nothing. */
  readonly listen?: (client: Client<C>) => void;
  /**
   * Runs after each handshake but the first, and is given its result: the place for words such as `thread/resume`. What
   * waits is sent when it has completed, and then the client is ready. An error is a diagnostic and holds up nothing. It is
   * unsubscribed when its wire is lost.
   */
  readonly rejoin?: (session: OpeningSession<C>, result: unknown) => ObservableInput<unknown>;
}

/** A notification's stream: with gaps if its contract allows them. */
export type NotificationStream<C extends Contract, M extends ServerNotificationMethod<C>> =
  DeliveryOf<C['serverNotifications'][M]> extends 'lossless'
    ? Observable<ParamsOf<C['serverNotifications'][M]>>
    : Observable<ParamsOf<C['serverNotifications'][M]> | Lagged>;

/** The client's side of a wire, or of one wire after another: commands in, answers and events out. */
export interface Client<C extends Contract> {
  readonly contract: C;
  /**
   * A request, sent when subscribed and again with each further subscription. Emits the result and completes, or errors
   * with `RpcError`, `TransportError` or `DecodeError`. Unsubscribing gives it up, and cancels it at the server if the
   * contract has a `cancel` word.
   */
  request<M extends RequestMethod<C>>(
    method: M,
    ...args: ParamsArgs<ParamsOf<C['requests'][M]>, RequestOptions>
  ): Observable<ResultOf<C['requests'][M]>>;
  /** Like `request`, with the answer's id and its place among all that was received. */
  exchange<M extends RequestMethod<C>>(
    method: M,
    ...args: ParamsArgs<ParamsOf<C['requests'][M]>, RequestOptions>
  ): Observable<Exchange<ResultOf<C['requests'][M]>>>;
  /** Sends a request at once and promises its result. */
  call<M extends RequestMethod<C>>(
    method: M,
    ...args: ParamsArgs<ParamsOf<C['requests'][M]>, CallOptions>
  ): Promise<ResultOf<C['requests'][M]>>;
  /** Tells the server something. Says whether it is on its way, waits, or was refused because the queue is full. */
  notify<M extends NotificationMethod<C>>(
    method: M,
    ...args: ParamsArgs<ParamsOf<C['notifications'][M]>>
  ): 'sent' | 'queued' | 'full' | 'closed';
  /** The params of one kind of event. */
  notifications<M extends ServerNotificationMethod<C>>(method: M): NotificationStream<C, M>;
  /** The events of one scope, one thread say, and every gap, since it may concern it. */
  scoped(scope: string): Observable<ClientEvent<C> | Lagged>;
  /** All events, in the order they were received. */
  readonly events$: Observable<ClientEvent<C> | Lagged>;
  /**
   * Answers one kind of server request, those already open first. A second handler for the same method throws.
   * Unsubscribing puts what is not answered yet back among the open ones.
   */
  handle<M extends ServerRequestMethod<C>>(method: M, handler: ServerRequestHandlers<C>[M]): Subscription;
  /** Server requests: the open ones by id, then new ones as they come. */
  readonly serverRequests$: Observable<ServerRequest<C>>;
  /** The server requests that wait for an answer, by id. */
  openRequests(): readonly ServerRequest<C>[];
  /** Answers a server request by its id. */
  respond(id: RequestId, result: unknown): Settled;
  /** Answers a server request with an error. */
  fail(id: RequestId, error: unknown): Settled;
  /** What this client sends: requests when they go out, and notifications. */
  readonly commands$: Observable<Command>;
  /** Where the connection stands; emits at once. Never errors; completes after `closed`. */
  readonly state$: Observable<ClientState>;
  /** Emits the handshake's result once the first session is open, and completes; errors if none ever will be. */
  readonly ready$: Observable<unknown>;
  /** Emits once how the connection ended for good, also to late subscribers, and completes. Never errors. */
  readonly closed$: Observable<CloseInfo>;
  /** What needs no action but should not stay unseen; replays the last 64. */
  readonly diagnostics$: Observable<Diagnostic>;
  /** The counts as they are now. */
  stats(): ClientStats;
  /**
   * Ends the connection in order and within a time limit. It starts at once, subscribed or not; calling it again gives
   * the same report.
   */
  shutdown(options?: ShutdownOptions): Observable<ShutdownReport>;
  /** {@link Client.shutdown}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
