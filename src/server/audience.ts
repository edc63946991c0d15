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
  /** Adds a member and sends it the open requests of this audience, in id order. Returns false if it has ended. */
  add(connection: Connection<C>): boolean;
  /** Removes a member. Its open requests stay open. */
  delete(connection: Connection<C>): boolean;
}
