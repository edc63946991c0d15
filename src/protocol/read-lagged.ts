import { LAGGED_METHOD } from './lagged-method.js';
import type { NotificationMessage } from './message.js';

/** How many events a marker on the wire stands for, 0 if it does not say so; undefined for any other notification. */
export function readLagged({ method, params }: NotificationMessage): number | undefined {
  if (method !== LAGGED_METHOD) return undefined;
  const skipped = (params as { readonly skipped?: unknown } | null | undefined)?.skipped;
  return typeof skipped === 'number' && Number.isSafeInteger(skipped) && skipped > 0 ? skipped : 0;
}
