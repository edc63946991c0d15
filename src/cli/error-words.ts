import { isTransportError, messageOf } from '../protocol/index.js';

/** What an error says; of a wire that failed, what broke as well: a token that was refused, an address where nobody is. */
export function errorWords(error: unknown): string {
  const message = messageOf(error);
  const cause = isTransportError(error) && error.cause instanceof Error ? error.cause.message : '';
  return cause === '' || message.includes(cause) ? message : `${message}: ${cause}`;
}
