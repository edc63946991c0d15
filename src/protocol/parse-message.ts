import { decodeMessage } from './decode-message.js';
import type { Inbound } from './message.js';
import { messageOf } from './message-of.js';

/**
 * Reads the text of one message, for wires that carry text.
 *
 * @example
 * ```ts
 * parseMessage('{"method":"log"}'); // a notification
 * parseMessage('garbage'); // { malformed: SyntaxError('not JSON: ...') }
 * ```
 */
export function parseMessage(text: string): Inbound {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { malformed: new SyntaxError(`not JSON: ${messageOf(error)}`, { cause: error }) };
  }
  return decodeMessage(value);
}

/** What stands in place of a message that is over the limit: it was skipped, not read. */
export function tooLarge(bytes: number, limit: number): Inbound {
  return { malformed: new RangeError(`a message of ${bytes} bytes is over the limit of ${limit}`) };
}
