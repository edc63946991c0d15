import { type CloseInfo, TransportError } from '../protocol/index.js';

/** How a connection ended, as the error of what ended with it. */
export function closedError({ reason, error }: CloseInfo): TransportError {
  return new TransportError('closed', reason, undefined, error === undefined ? undefined : { cause: error });
}
