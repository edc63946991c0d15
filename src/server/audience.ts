import type { Observable } from 'rxjs';

import type { Contract } from '../protocol/index.js';
import type { Connection } from './connection.js';

/**
 * A group of connections that is addressed as one, such as everyone who watches a thread.
 *
 * Events sent to it reach the members of that moment. A question asked of it stays open while the group is empty and
 * is put again to whoever joins: a reloaded page finds the approval its predecessor left behind.
 */
export interface Audience<C extends Contract> {
  /** The members now. A connection that ends leaves by itself. */
  readonly members: ReadonlySet<Connection<C>>;
  /** Whether there are members; emits at once and on every change. */
  readonly populated$: Observable<boolean>;
  /** Adds a member and sends it the open requests of this audience, in id order. Returns false if it has ended. */
  add(connection: Connection<C>): boolean;
  /**
   * Adds a member that gets events from now on and requests only once it is welcomed: for a newcomer whose answer must
   * come before the requests, with no event lost in between. Returns false if it has ended.
   */
  join(connection: Connection<C>): boolean;
  /** Sends a member the open requests it has not seen, in id order. */
  welcome(connection: Connection<C>): void;
  /** Removes a member. Its open requests stay open. */
  delete(connection: Connection<C>): boolean;
}
