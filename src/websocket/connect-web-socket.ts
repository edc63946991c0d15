import { WebSocket } from 'ws';

import type { Wire } from '../protocol/index.js';
import { isLoopback } from './is-loopback.js';
import { liveWire } from './live-wire.js';
import type { LiveWireOptions } from './live-wire-options.js';

/** How {@link connectWebSocket} connects. */
export interface ConnectWebSocketOptions extends LiveWireOptions {
  /** Told to the server as `Authorization: Bearer`; only over `wss:`, to this machine, or over a unix socket. */
  readonly token?: string;
  /** Further headers of the opening request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds the opening handshake may take. Default 10,000. */
  readonly connectTimeout?: number;
}

/**
 * Connects to a WebSocket server from Node.
 *
 * The wire is there at once and may be sent to; if the server cannot be reached or refuses, `closed$` says so, with the
 * error.
 *
 * ```
 *  wire      made ──── open ──── …        what is sent before waits
 *              └────── refused: closed$ 'could not connect'
 * ```
 *
 * **Use it when** you write for Node. **Rather use** `webSocketWire` in a page.
 *
 * - Loses: nothing. - Backs up: above `highWaterMark` bytes, the sink is full.
 * - Ends with: the reason the server gave, `could not connect`, `connection lost`, `peer unresponsive`, or what `close` was
 *   told.
 *
 * @example
 * ```ts
 * const client = connect(connectWebSocket('ws://127.0.0.1:4500', { token: 'secret' }), contract);
 * ```
 * @param url `ws:`, `wss:`, or `ws+unix:/path/of/the.sock`.
 * @throws TypeError if a token would travel unprotected. SyntaxError if the URL is none.
 */
export function connectWebSocket(url: string, options: ConnectWebSocketOptions = {}): Wire {
  const { token, headers, connectTimeout = 10_000, maxMessageBytes = 16 * 1_048_576 } = options;
  if (token !== undefined && !isProtected(new URL(url))) {
    throw new TypeError('a token is told only over wss:, to this machine, or over a unix socket');
  }
  const socket = new WebSocket(url, {
    handshakeTimeout: connectTimeout,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
  });
  return liveWire(socket, options);
}

function isProtected({ protocol, hostname }: URL): boolean {
  return protocol === 'wss:' || protocol === 'ws+unix:' || isLoopback(hostname);
}
