import type { Contract, NotificationSpec } from './contract.js';

/** What the rules of a contract are applied to. */
export interface ContractEvent {
  readonly method: string;
  readonly params: unknown;
  /** Its place among all that was received, where it has one. */
  readonly seq?: number;
  readonly first?: number;
}

/** How a contract's events may be held and lost, in the form the backpressure operators take. */
export interface DeliveryRules<E extends ContractEvent> {
  /** Whether the contract allows no loss of this event. */
  readonly lossless: (event: E) => boolean;
  readonly conflate: {
    /** Events of equal keys fold together; `undefined` folds with none. */
    readonly key: (event: E) => string | undefined;
    /** What becomes of two events of one key. */
    readonly merge: (waiting: E, incoming: E) => E;
    /** Size a merged event may reach. */
    readonly maxBytes: (event: E) => number;
  };
}

/**
 * Reads a contract's delivery classes and conflation as options for the backpressure operators.
 *
 * What may be lost is said once, in the contract; a lagging view that uses these options loses exactly that and folds
 * together exactly what the contract allows. Whatever the contract does not list is lossless.
 *
 * @example A list that is drawn once a frame
 * ```ts
 * client.events$.pipe(paceOn(animationFrameScheduler, { capacity: 256, ...deliveryOf(client.contract) }));
 * ```
 */
export function deliveryOf<E extends ContractEvent>(contract: Contract): DeliveryRules<E> {
  const specs = new Map<string, NotificationSpec>(Object.entries(contract.serverNotifications));
  const { legacy } = contract;
  const isLegacyLoss = ({ method }: E): boolean =>
    legacy !== undefined && method.startsWith(legacy.prefix) && !(legacy.lossless ?? []).includes(method);

  return {
    lossless: (event) => {
      const spec = specs.get(event.method);
      return spec === undefined ? !isLegacyLoss(event) : spec.delivery !== 'best-effort';
    },
    conflate: {
      key: ({ method, params }) => {
        const conflate = specs.get(method)?.conflate;
        return conflate === undefined ? undefined : `${method} ${conflate.key(params)}`;
      },
      merge: (waiting, incoming) => {
        const conflate = specs.get(incoming.method)?.conflate;
        if (conflate?.merge === undefined) return incoming;
        const merged = { ...incoming, params: conflate.merge(waiting.params, incoming.params) };
        // A snapshot may have one half of it and not the other, so it says from where on it counts.
        const first = waiting.first ?? waiting.seq;
        return first === undefined ? merged : { ...merged, first };
      },
      maxBytes: ({ method }) => specs.get(method)?.conflate?.maxBytes ?? Infinity,
    },
  };
}
