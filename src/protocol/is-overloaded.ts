import { isRpcError } from './rpc-error.js';
import { isTransportError } from './transport-error.js';

/**
 * Tells whether a request was refused only because a queue was full, be it ours or the server's.
 *
 * Nothing was done in either case, so the request may be sent again. A server says it with -32001, or in its protocol's
 * own words (the contract's `isOverloaded`).
 */
export function isOverloaded(error: unknown): boolean {
  if (isTransportError(error)) return error.reason === 'full';
  return isRpcError(error) && error.overloaded;
}
