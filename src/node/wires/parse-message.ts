import { decodeMessage, type Inbound, messageOf } from '../../protocol/index.js';

/** Reads the bytes of one message. */
export function parseMessage(bytes: Buffer): Inbound {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    return { malformed: new SyntaxError(`not JSON: ${messageOf(error)}`, { cause: error }) };
  }
  return decodeMessage(value);
}

/** What stands in place of a message that is over the limit: it was skipped, not read. */
export function tooLarge(bytes: number, limit: number): Inbound {
  return { malformed: new RangeError(`a message of ${bytes} bytes is over the limit of ${limit}`) };
}
