import type { Delivery, NotificationSpec } from './contract.js';
import type { Schema } from './schema.js';

/**
 * Describes a notification of a contract; see {@link defineContract}. It is lossless unless said otherwise.
 *
 * @example Text that is folded together while the reader is busy
 * ```ts
 * const delta = notification({
 *   params: z.object({ itemId: z.string(), delta: z.string() }),
 *   delivery: 'best-effort',
 *   conflate: {
 *     key: (params) => params.itemId,
 *     merge: (waiting, incoming) => ({ ...waiting, delta: waiting.delta + incoming.delta }),
 *     maxBytes: 65_536,
 *   },
 * });
 * ```
 */
export function notification<P = undefined, D extends Delivery = 'lossless'>(
  spec: Omit<NotificationSpec<P, D>, 'params' | '~types'> & { readonly params?: Schema<P> } = {},
): NotificationSpec<NoInfer<P>, NoInfer<D>> {
  if (spec.conflate !== undefined && spec.delivery !== 'best-effort') {
    throw new TypeError('only a best-effort notification can be conflated');
  }
  return spec;
}
