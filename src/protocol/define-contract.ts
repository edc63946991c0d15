import type { Contract, NotificationSpec, RequestSpec, ServerRequestSpec } from './contract.js';

// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- "no methods of this kind" is exactly the empty object
type None = {};

/**
 * Makes a contract: the one description that server, client, views and buffers read.
 *
 * Whatever an event, a request or an approval needs is declared here, per method, and nowhere else: delivery class,
 * order, conflation, time limit. Kinds that are left out have no methods.
 *
 * @example A counter that tells its value
 * ```ts
 * const counter = defineContract({
 *   requests: { add: request({ params: type<number>(), result: type<number>() }) },
 *   serverNotifications: { value: notification({ params: type<number>(), delivery: 'best-effort' }) },
 * });
 * ```
 * @throws TypeError if a word names a method the contract does not have.
 */
export function defineContract<
  R extends Readonly<Record<string, RequestSpec>> = None,
  N extends Readonly<Record<string, NotificationSpec>> = None,
  SR extends Readonly<Record<string, ServerRequestSpec>> = None,
  SN extends Readonly<Record<string, NotificationSpec>> = None,
>(methods: Partial<Contract<R, N, SR, SN>>): Contract<R, N, SR, SN> {
  const { handshake, cancel, resolved } = methods;
  const contract = {
    ...methods,
    requests: methods.requests ?? ({} as R),
    notifications: methods.notifications ?? ({} as N),
    serverRequests: methods.serverRequests ?? ({} as SR),
    serverNotifications: methods.serverNotifications ?? ({} as SN),
  };
  const words = [
    ['handshake request', handshake?.request, 'requests'],
    ['handshake notification', handshake?.notification, 'notifications'],
    ['cancel notification', cancel?.method, 'notifications'],
    ['resolved notification', resolved?.method, 'serverNotifications'],
  ] as const;
  for (const [word, method, kind] of words) {
    if (method !== undefined && !Object.hasOwn(contract[kind], method)) {
      throw new TypeError(`the ${word} "${method}" is not among the contract's ${kind}`);
    }
  }
  return contract;
}
