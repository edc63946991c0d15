import { catchError, defer, from, map, throwError } from 'rxjs';

import type { Wire } from '../../protocol/index.js';
import type { ConnectWebSocketOptions } from '../../websocket/index.js';
import { lateWire } from './late-wire.js';

/**
 * A wire to a codex that listens. The package `ws` is loaded when the first one is made: whoever starts codex over stdio
 * need not have it.
 *
 * @param address As {@link socketAddress} puts it.
 */
export function socketWire(address: string, options: ConnectWebSocketOptions): Wire {
  return lateWire(
    defer(() => from(import('../../websocket/index.js'))).pipe(
      catchError((cause: unknown) => throwError(() => withoutSockets(cause))),
      map(({ connectWebSocket }) => connectWebSocket(address, options)),
    ),
  );
}

/**
 * Puts the URL of a codex that listens as `ws` has it.
 *
 * @throws TypeError if it is none of `ws:`, `wss:` and `unix:`.
 */
export function socketAddress(url: string): string {
  const path = /^unix:(?:\/\/)?(\/.+)$/.exec(url)?.[1];
  if (path !== undefined) return `ws+unix:${path}`;
  if (/^(wss?|ws\+unix):/.test(url) && URL.canParse(url)) return url;
  throw new TypeError(`url: "${url}" is none of ws://…, wss://… and unix:/…`);
}

/** What to say of a package that could not be loaded. */
function withoutSockets(cause: unknown): unknown {
  const { code } = cause as { readonly code?: unknown };
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') return cause;
  return new Error('sockets need the package ws: npm install ws', { cause });
}
