import type { RequestId } from './request-id.js';

/** Tells whether a value can name a request: any string, or an integer JavaScript holds exactly. */
export function isRequestId(value: unknown): value is RequestId {
  return typeof value === 'string' || Number.isSafeInteger(value);
}
