import type { ServerRequestSpec } from './contract.js';
import type { Schema } from './schema.js';

/**
 * Describes a request the server makes of the client; see {@link defineContract}.
 *
 * @example
 * ```ts
 * const approval = serverRequest({
 *   params: z.object({ command: z.string() }),
 *   result: z.object({ decision: z.enum(['accept', 'decline']) }),
 *   timeout: 600_000,
 * });
 * ```
 */
export function serverRequest<P = undefined, R = unknown>(
  spec: Omit<ServerRequestSpec<P, R>, 'params' | 'result' | '~types'> & {
    readonly params?: Schema<P>;
    readonly result?: Schema<R>;
  } = {},
): ServerRequestSpec<NoInfer<P>, NoInfer<R>> {
  return spec;
}
