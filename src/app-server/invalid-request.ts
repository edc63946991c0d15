import { ErrorCode, RpcError } from '../protocol/index.js';

/** The client asked for something that is out of place. */
export function invalidRequest(message: string): RpcError {
  return new RpcError(ErrorCode.InvalidRequest, message);
}
