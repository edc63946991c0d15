export { connect, connectWith } from './connect.js';
export { backOff } from './back-off.js';
export { isWireSource, toWireSource } from './wire-source.js';
export type { WireSource } from './wire-source.js';
export { retryOverloaded } from './retry-overloaded.js';
export type { RetryOverloadedOptions } from './retry-overloaded.js';
export type {
  CallOptions,
  Client,
  ClientOptions,
  ClientState,
  ClientStats,
  Command,
  Exchange,
  NotificationStream,
  OpeningSession,
  RequestOptions,
} from './client.js';
export type { ClientEvent, NotificationEvent, RawEvent, ServerRequestEvent } from './client-event.js';
export type {
  ServerRequest,
  ServerRequestContext,
  ServerRequestHandler,
  ServerRequestHandlers,
  Settled,
} from './server-request.js';
