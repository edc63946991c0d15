import type { Contract, NotificationSpec, RequestSpec, ServerRequestSpec } from './contract.js';

/** The names of a contract's requests. */
export type RequestMethod<C extends Contract> = keyof C['requests'] & string;
/** The names of the notifications a client sends. */
export type NotificationMethod<C extends Contract> = keyof C['notifications'] & string;
/** The names of the requests a server makes of its clients. */
export type ServerRequestMethod<C extends Contract> = keyof C['serverRequests'] & string;
/** The names of the notifications a server sends: the events. */
export type ServerNotificationMethod<C extends Contract> = keyof C['serverNotifications'] & string;

/** What an entry's phantom member carries: params, and result or delivery class. */
type Types<S> = S extends { readonly '~types'?: infer T } ? NonNullable<T> : never;

/** The params of one entry of a contract. */
export type ParamsOf<S extends RequestSpec | NotificationSpec | ServerRequestSpec> =
  Types<S> extends readonly [infer P, unknown] ? P : never;
/** The result of one request of a contract. */
export type ResultOf<S extends RequestSpec | ServerRequestSpec> =
  Types<S> extends readonly [unknown, infer R] ? R : never;
/** The delivery class of one notification of a contract. */
export type DeliveryOf<S extends NotificationSpec> = Types<S> extends readonly [unknown, infer D] ? D : never;

/** The arguments after a method's name: params may be left out where `undefined` is allowed. */
export type ParamsArgs<P, O = never> = [O] extends [never]
  ? undefined extends P
    ? [params?: P]
    : [params: P]
  : undefined extends P
    ? [params?: P, options?: O]
    : [params: P, options?: O];
