import { RpcError, TransportError } from '../protocol/index.js';

/** The error of a request on a connection that has ended: why it ended, and which request this was. */
export function endedError(failure: TransportError | RpcError | undefined, method: string): TransportError | RpcError {
  if (failure instanceof RpcError) {
    return new RpcError(failure.code, failure.message, failure.data, { method, cause: failure });
  }
  const options = failure?.cause === undefined ? undefined : { cause: failure.cause };
  return new TransportError('closed', failure?.message ?? 'the connection has ended', method, options);
}
