import type { ErrorObject } from './message.js';
import type { RequestId } from './request-id.js';
import type { AnySchema } from './schema.js';

/** A method the client asks of the server. Made with {@link request}. */
export interface RequestSpec<P = unknown, R = unknown> {
  readonly params?: AnySchema;
  readonly result?: AnySchema;
  /**
   * Requests of one scope run in order, one at a time; those that wait count in the server's `limits.requests`. `undefined`
   * or an empty string means: independent of all others.
   */
  scope?(params: P): string | undefined;
  /** `shared` requests of a scope run together, but never overtake an exclusive one that waits. Default `exclusive`. */
  readonly access?: 'exclusive' | 'shared';
  /** Goes past full queues, scopes and concurrency limits. For the word that must get through: stop. Default false. */
  readonly urgent?: boolean;
  /**
   * The answer takes its place among the events instead of going before those that wait. For a snapshot: whoever gets it
   * knows that all events before it are part of it, and none after it. Default false.
   */
  readonly ordered?: boolean;
  /** Served only to a session that announced the experimental capability. Default false. */
  readonly experimental?: boolean;
  /** Carries the types; never present at run time. */
  readonly '~types'?: readonly [P, R];
}

/** How events that wait are folded into one: the newer into the waiting one with the same key. */
export interface ConflateSpec<P> {
  /** Events of one method with equal keys fold together. */
  key(params: P): string | number;
  /** What becomes of the two. Default: the newer one. */
  merge?(waiting: P, incoming: P): P;
  /** Size a merged event may reach, in bytes. One that would pass it takes a place of its own. Default: no limit. */
  readonly maxBytes?: number;
}

/** What either side tells the other without wanting an answer. Made with {@link notification}. */
export interface NotificationSpec<P = unknown, D extends Delivery = Delivery> {
  readonly params?: AnySchema;
  /** Groups events for `client.scoped(key)`: the thread they belong to, say. */
  scope?(params: P): string | undefined;
  /** What may happen to it when the receiver lags. Default `lossless`. */
  readonly delivery?: D;
  /** How waiting events are folded into one before any is given up. Only for `best-effort`. */
  readonly conflate?: ConflateSpec<P>;
  /** Broadcast only to sessions that announced the experimental capability. Default false. */
  readonly experimental?: boolean;
  /** Carries the types; never present at run time. */
  readonly '~types'?: readonly [P, D];
}

/**
 * `lossless`: never dropped once somebody listens; it has a budget of its own, and a full one closes the connection.
 * `best-effort`: may be dropped, and a `Lagged` marker says so. Before the first subscription to any view both wait in a
 * bounded backlog; what it cannot hold becomes a gap and a diagnostic, since an absent listener is not a slow one.
 */
export type Delivery = 'lossless' | 'best-effort';

/** A method the server asks of the client: an approval, a question. Made with {@link serverRequest}. */
export interface ServerRequestSpec<P = unknown, R = unknown> {
  readonly params?: AnySchema;
  readonly result?: AnySchema;
  /** Groups the request with the events of the same key for `client.scoped(key)`. */
  scope?(params: P): string | undefined;
  /**
   * How long the server waits for the answer, in milliseconds. Default: for ever. The client learns of it by the contract's
   * `resolved` word; without one the question stays open there.
   */
  readonly timeout?: number;
  /** Carries the types; never present at run time. */
  readonly '~types'?: readonly [P, R];
}

/** What a client told of itself in the handshake. */
export interface Capabilities {
  /** May use experimental methods and receives experimental broadcasts. Default false. */
  readonly experimental: boolean;
  /** Exact names of notifications that are not broadcast to it. Unknown names are accepted. Default none. */
  readonly optOut: readonly string[];
  /** Receives legacy notifications. Default true in process, false otherwise. */
  readonly legacy: boolean;
  /** Understands `$/lagged`; without it nothing is dropped on its way to this client. Default true in process. */
  readonly lag: boolean;
}

/** The protocol's own words for opening a session. */
export interface HandshakeWords {
  /** The request that opens a session. It is one of the contract's `requests`. */
  readonly request: string;
  /** The notification the client sends when the request was answered. */
  readonly notification?: string;
  /** Reads a client's capabilities from the request's params. */
  capabilities?(params: unknown): Partial<Capabilities>;
  /** Reads the server's version from the answer; `undefined` if it tells none. */
  version?(result: unknown): string | undefined;
}

/** The protocol's word for "never mind": sent once when a request is unsubscribed or times out. */
export interface CancelWords {
  /** One of the contract's `notifications`. */
  readonly method: string;
  /** The params of such a notification. */
  params(id: RequestId): unknown;
  /** The id in such a notification's params. */
  id(params: unknown): RequestId | undefined;
}

/** The protocol's word for "that question is settled": sent once for each server request. */
export interface ResolvedWords {
  /** One of the contract's `serverNotifications`. */
  readonly method: string;
  /** The params of such a notification. */
  params(request: { readonly id: RequestId; readonly method: string; readonly params: unknown }): unknown;
  /** The id in such a notification's params. */
  id(params: unknown): RequestId | undefined;
}

/** Raw notifications of an older protocol that share a prefix. */
export interface LegacyWords {
  readonly prefix: string;
  /** Full names of those that may not be lost. All others are best-effort. */
  readonly lossless?: readonly string[];
}

/** The words a protocol may have, each optional: without one, nothing of the kind is sent or understood. */
export interface ContractWords {
  /** The version of the server that this contract was made for: another one is a diagnostic. Default: any. */
  readonly version?: string;
  readonly handshake?: HandshakeWords;
  readonly cancel?: CancelWords;
  readonly resolved?: ResolvedWords;
  readonly legacy?: LegacyWords;
  /**
   * Members that stand in every message sent over a remote wire: `{ jsonrpc: '2.0' }` for peers that insist on it. What
   * arrives may lack them. Default none.
   */
  readonly header?: Readonly<Record<string, unknown>>;
  /**
   * Whether an error the server answered with means that it did nothing and may be asked again. -32001 always does.
   * Must not throw; if it does, the error counts as any other.
   */
  isOverloaded?(error: ErrorObject): boolean;
}

/** All that two ends agree on: methods, schemas, and what each of them needs. Made with {@link defineContract}. */
export interface Contract<
  R extends Readonly<Record<string, RequestSpec>> = Readonly<Record<string, RequestSpec>>,
  N extends Readonly<Record<string, NotificationSpec>> = Readonly<Record<string, NotificationSpec>>,
  SR extends Readonly<Record<string, ServerRequestSpec>> = Readonly<Record<string, ServerRequestSpec>>,
  SN extends Readonly<Record<string, NotificationSpec>> = Readonly<Record<string, NotificationSpec>>,
> extends ContractWords {
  /** Client to server, answered. */
  readonly requests: R;
  /** Client to server, not answered. */
  readonly notifications: N;
  /** Server to client, answered. */
  readonly serverRequests: SR;
  /** Server to client, not answered: the events. */
  readonly serverNotifications: SN;
}
