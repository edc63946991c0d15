import type { SchedulerLike } from 'rxjs';

import type { Lagged } from '../../backpressure/index.js';
import type { ClientEvent } from '../../client/index.js';
import type { ParamsOf } from '../../protocol/index.js';
import type { TurnContract } from './turn-contract.js';

/**
 * What becomes of a turn: an event of its thread, or a gap. Tell them apart by `type`, then by `method`.
 *
 * `inferred` stands on a `turn/completed` that was never sent: the thread was asked, and the turn is over.
 */
export type TurnEvent<C extends TurnContract> = (ClientEvent<C> & { readonly inferred?: true }) | Lagged;

/** Params of `turn/start`. */
export type TurnParams<C extends TurnContract> = ParamsOf<C['requests']['turn/start']>;

/** What a turn is given to work on: text, or the pieces the contract knows. */
export type TurnInput<C extends TurnContract> =
  string | (TurnParams<C> extends { readonly input: infer I } ? I : readonly unknown[]);

/** How a turn is run. */
export interface TurnOptions<C extends TurnContract> {
  /**
   * What unsubscribing before the end does: nothing to the turn, or it is interrupted, also one that this input only
   * steered. Default `detach`.
   */
  readonly onUnsubscribe?: 'detach' | 'interrupt';
  /** Further params of `turn/start`: a model, say. Default none. */
  readonly params?: Partial<TurnParams<C>>;
  /** Milliseconds `turn/start` may take. Default: the client's `timeout`. */
  readonly timeout?: number;
  /** Milliseconds from an idle thread, or from a gap, to asking whether the turn is over. Default 2,000. */
  readonly grace?: number;
  /** Events held until the turn's id is known; what gives way then is told. Default 1,024. */
  readonly capacity?: number;
  /** Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}
