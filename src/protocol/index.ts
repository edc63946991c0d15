export type { RequestId } from './request-id.js';
export { isRequestId } from './is-request-id.js';
export { ErrorCode } from './error-code.js';
export type {
  ErrorMessage,
  ErrorObject,
  Inbound,
  Malformed,
  Message,
  NotificationMessage,
  RequestMessage,
  ResultMessage,
} from './message.js';
export { decodeMessage } from './decode-message.js';
export { parseMessage, tooLarge } from './parse-message.js';
export { RpcError, isRpcError } from './rpc-error.js';
export { TransportError, isTransportError } from './transport-error.js';
export type { TransportFailure } from './transport-error.js';
export { DecodeError, isDecodeError } from './decode-error.js';
export { isOverloaded } from './is-overloaded.js';
export { type } from './schema.js';
export type { AnySchema, Schema, SchemaChecker, TypeOnly } from './schema.js';
export { checkSchema } from './check-schema.js';
export { atLeastOne } from './at-least-one.js';
export { brandGuard } from './brand.js';
export { LAGGED_METHOD } from './lagged-method.js';
export { readLagged } from './read-lagged.js';
export { isPromiseLike } from './is-promise-like.js';
export { messageOf } from './message-of.js';
export { overloadedError } from './overloaded-error.js';
export type { Issue } from './check-schema.js';
export type {
  CancelWords,
  Capabilities,
  ConflateSpec,
  Contract,
  ContractWords,
  Delivery,
  HandshakeWords,
  LegacyWords,
  NotificationSpec,
  RequestSpec,
  ResolvedWords,
  ServerRequestSpec,
} from './contract.js';
export { defineContract } from './define-contract.js';
export { request } from './request.js';
export { notification } from './notification.js';
export { serverRequest } from './server-request.js';
export type {
  DeliveryOf,
  NotificationMethod,
  ParamsArgs,
  ParamsOf,
  RequestMethod,
  ResultOf,
  ServerNotificationMethod,
  ServerRequestMethod,
} from './contract-types.js';
export type { CloseInfo, Wire } from './wire.js';
export type { Sent } from './sent.js';
export { withHeader } from './with-header.js';
export type { Diagnostic } from './diagnostic.js';
export { resolveLimits } from './limits.js';
export type { LimitOptions, Limits } from './limits.js';
export { resolveValidation } from './validation.js';
export type { Validation } from './validation.js';
export type { ShutdownOptions, ShutdownReport } from './shutdown-report.js';
export { deliveryOf } from './delivery-of.js';
export type { ContractEvent, DeliveryRules } from './delivery-of.js';
