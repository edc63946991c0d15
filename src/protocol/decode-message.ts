import { isRequestId } from './is-request-id.js';
import type { Inbound, Message } from './message.js';

/**
 * Turns a parsed JSON value into a message, or into the reason why it is none.
 *
 * Wires that read bytes call this once per message. It is written by hand because it stands on the hottest path there
 * is; params and results are checked later, by method, against the contract. The message is the value itself, with whatever
 * else stands in it, so that a relay passes on what it does not know.
 *
 * @example
 * ```ts
 * decodeMessage({ id: 1, method: 'thread/start', params: {} }); // a request
 * decodeMessage([1, 2]); // { malformed: Error('...') }
 * ```
 */
export function decodeMessage(value: unknown): Inbound {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return malformed('a message is a JSON object', value);
  }
  const { id, method, params, error } = value as Record<string, unknown>;
  if (method !== undefined) {
    if (typeof method !== 'string') return malformed('"method" is a string', value);
    if (id === undefined) return whole(value, 'id') ?? (params === undefined ? { method } : { method, params });
    if (!isRequestId(id)) return malformed('a request\'s "id" is a string or a safe integer', value);
    return whole(value) ?? (params === undefined ? { id, method } : { id, method, params });
  }
  if (error !== undefined) {
    if (id !== null && !isRequestId(id)) return malformed('a response has the "id" of its request', value);
    const { code, message, data } = (error ?? {}) as Record<string, unknown>;
    if (typeof code !== 'number' || typeof message !== 'string') {
      return malformed('"error" has a numeric "code" and a "message"', value);
    }
    return whole(value, 'method') ?? { id, error: data === undefined ? { code, message } : { code, message, data } };
  }
  if (!('result' in value)) return malformed('a message has a "method", a "result" or an "error"', value);
  if (!isRequestId(id)) return malformed('a response has the "id" of its request', value);
  return whole(value, 'method', 'error') ?? { id, result: value.result };
}

/**
 * The value, unless it has a member that would let it be taken for something else: messages are told apart by which members
 * they have, and one cloned in memory can have members that are undefined.
 */
function whole(value: object, first = 'malformed', second = 'malformed'): Message | undefined {
  return first in value || second in value || 'malformed' in value ? undefined : (value as Message);
}

function malformed(rule: string, value: unknown): Inbound {
  return { malformed: new SyntaxError(`not a JSON-RPC message: ${rule}`, { cause: value }) };
}
