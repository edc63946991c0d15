import { resolve } from 'node:path';

import { defer, map, type Observable } from 'rxjs';

import type { WebSocketListener } from '../websocket/index.js';
import { ExitCode } from './exit-code.js';
import { isLoopback, type SocketAddress } from './listen-address.js';
import type { Protection } from './options/listen-options.js';
import { ProgramError } from './program-error.js';
import { readToken } from './read-token.js';
import type { World } from './world.js';

/** Whether anything keeps the programs of this machine, or pages, from connecting. */
export function isProtected(address: SocketAddress, { allowedOrigins, tokenFile }: Protection): boolean {
  return address.type === 'unix' || tokenFile !== undefined || allowedOrigins.length > 0;
}

/**
 * Starts to listen, unless that would be careless: beyond this machine only with a token. A socket in the file system is
 * protected by the permissions of its file.
 */
export function openListener(
  address: SocketAddress,
  { allowedOrigins, tokenFile }: Protection,
  { wires, terminal }: Pick<World, 'wires' | 'terminal'>,
  maxConnections?: number,
): Observable<WebSocketListener> {
  return defer(() => {
    const token = tokenFile === undefined ? undefined : readToken(resolve(terminal.cwd, tokenFile));
    if (address.type === 'tcp' && token === undefined && !isLoopback(address.host)) {
      throw new ProgramError(
        ExitCode.Unprotected,
        `${address.host} is reached from other machines: that takes --token-file`,
      );
    }
    return wires.sockets$.pipe(
      map((sockets) =>
        sockets.listen({
          allowedOrigins,
          ...(address.type === 'unix'
            ? { unix: resolve(terminal.cwd, address.path) }
            : { host: address.host, port: address.port }),
          ...(token !== undefined && { token }),
          ...(maxConnections !== undefined && { maxConnections }),
        }),
      ),
    );
  });
}
