import type {
  Contract,
  ParamsOf,
  RequestId,
  ServerNotificationMethod,
  ServerRequestMethod,
} from '../protocol/index.js';

/** An event the contract knows. */
export type NotificationEvent<C extends Contract> = {
  [M in ServerNotificationMethod<C>]: {
    readonly type: 'notification';
    readonly method: M;
    readonly params: ParamsOf<C['serverNotifications'][M]>;
    readonly seq: number;
    /** Only if others were folded into it: number of the first of them. Its `seq` is that of the last. */
    readonly first?: number;
  };
}[ServerNotificationMethod<C>];

/** A question from the server, shown in its place among the events; it is answered through the client's inbox. */
export type ServerRequestEvent<C extends Contract> = {
  [M in ServerRequestMethod<C>]: {
    readonly type: 'serverRequest';
    readonly id: RequestId;
    readonly method: M;
    readonly params: ParamsOf<C['serverRequests'][M]>;
    readonly seq: number;
  };
}[ServerRequestMethod<C>];

/** A raw notification of an older protocol, or one the contract does not have. */
export interface RawEvent {
  readonly type: 'legacyNotification' | 'unknown';
  readonly method: string;
  readonly params: unknown;
  readonly seq: number;
}

/** Whatever the server emits, numbered in the order it was received. Tell the kinds apart by `type`. */
export type ClientEvent<C extends Contract> = NotificationEvent<C> | ServerRequestEvent<C> | RawEvent;
