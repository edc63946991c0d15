import { ErrorCode } from './error-code.js';
import { RpcError } from './rpc-error.js';

/** Says that a queue is full, in a way a client can act on: nothing was done, the same request may come again. */
export function overloadedError(): RpcError {
  return new RpcError(ErrorCode.Overloaded, 'Overloaded', { reason: 'overloaded', retryable: true });
}
