import type { WebSocketWireOptions } from '../transports/index.js';

/** How a WebSocket of Node is kept. */
export interface LiveWireOptions extends WebSocketWireOptions {
  /** Milliseconds between two pings; a peer that answers none until the next is gone. 0: never. Default 30,000. */
  readonly heartbeat?: number;
}
