import type { RequestSpec } from './contract.js';
import type { Schema } from './schema.js';

/**
 * Describes a request of a contract; see {@link defineContract}.
 *
 * @example
 * ```ts
 * const turnStart = request({
 *   params: z.object({ threadId: z.string(), input: z.string() }),
 *   result: z.object({ turnId: z.string() }),
 *   scope: (params) => params.threadId,
 * });
 * ```
 */
export function request<P = undefined, R = unknown>(
  spec: Omit<RequestSpec<P, R>, 'params' | 'result' | '~types'> & {
    readonly params?: Schema<P>;
    readonly result?: Schema<R>;
  } = {},
): RequestSpec<NoInfer<P>, NoInfer<R>> {
  return spec;
}
