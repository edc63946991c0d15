import { jsonObject } from './json-object.js';
import { sameValue } from './same-value.js';
import type { ThreadStatus } from './thread-state.js';

/** A status as the server tells it; `known` if that says the same, or if it is none. */
export function threadStatus(known: ThreadStatus, value: unknown): ThreadStatus {
  const { type, activeFlags } = jsonObject(value);
  if (typeof type !== 'string') return known;
  const flags = Array.isArray(activeFlags) ? activeFlags.filter((flag) => typeof flag === 'string') : [];
  const status: ThreadStatus = { type, activeFlags: flags };
  return sameValue(known, status) ? known : status;
}
