/**
 * The JSON-RPC error codes this library itself sends. Any other code is the peer's and passes through untouched.
 *
 * -32768..-32000 is reserved by JSON-RPC; within it -32099..-32000 is left to implementations, -32899..-32800 to the
 * language server protocol.
 */
export const ErrorCode = {
  /** The bytes were no JSON-RPC message. */
  ParseError: -32700,
  /** A message that is out of place: before the handshake, a duplicate id, a needed capability missing. */
  InvalidRequest: -32600,
  /** The contract has no such method. */
  MethodNotFound: -32601,
  /** The params do not fit the method's schema; `data.issues` says where. */
  InvalidParams: -32602,
  /** The handler failed, or the end that should answer is shutting down. */
  InternalError: -32603,
  /** The receiver's queue is full. Nothing was done; the same request may be sent again later. */
  Overloaded: -32001,
  /** The request was cancelled by the end that sent it. */
  RequestCancelled: -32800,
} as const;

/** One of the codes this library sends. */
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];
