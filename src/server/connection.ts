import type { Observable } from 'rxjs';

import type {
  Capabilities,
  CloseInfo,
  Contract,
  ParamsArgs,
  ParamsOf,
  Sent,
  ServerNotificationMethod,
} from '../protocol/index.js';

/** Where a connection stands in its handshake, and what its client told of itself. */
export interface Session extends Capabilities {
  /** `new` before the handshake, `opening` while it is answered, `open` afterwards. */
  readonly state: 'new' | 'opening' | 'open';
  /** The params of the handshake request, once the session is open. */
  readonly client: unknown;
}

/** The server's side of one wire. */
export interface Connection<C extends Contract> {
  /** Counts from 0 in the order of attachment. */
  readonly id: number;
  readonly session: Session;
  /** Sends an event to this client, whatever its session says. */
  notify<M extends ServerNotificationMethod<C>>(
    method: M,
    ...args: ParamsArgs<ParamsOf<C['serverNotifications'][M]>>
  ): Sent;
  /** Emits when events may be sent again after one was `queued` or `dropped`. */
  readonly writable$: Observable<void>;
  /** Ends the connection at once. Its handlers are aborted. */
  close(reason?: string): void;
  /** Emits once how the connection ended, also to late subscribers, and completes. */
  readonly closed$: Observable<CloseInfo>;
}
