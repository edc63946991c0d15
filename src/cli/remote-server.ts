import { resolve } from 'node:path';

import { defer, map, type Observable } from 'rxjs';

import { type Client, connect } from '../client/index.js';
import { messageOf, type Wire } from '../protocol/index.js';
import { ExitCode } from './exit-code.js';
import { HANDSHAKE } from './own-server.js';
import { peerContract, type PeerContract } from './peer.js';
import { ProgramError } from './program-error.js';
import { readToken } from './read-token.js';
import type { World } from './world.js';

/** A server that listens somewhere. */
export interface RemoteServer {
  /** `ws:`, `wss:`, or `unix:` and a path. */
  readonly url: string;
  readonly tokenFile: string | undefined;
}

/** Connects to a server that listens somewhere; emits the client at once. */
export function remoteServer(
  { url, tokenFile }: RemoteServer,
  { scheduler, terminal, wires }: World,
): Observable<Client<PeerContract>> {
  return defer(() => {
    const token = tokenFile === undefined ? {} : { token: readToken(resolve(terminal.cwd, tokenFile)) };
    const to = url.startsWith('unix:') ? `ws+unix:${resolve(terminal.cwd, url.slice('unix:'.length))}` : url;
    return wires.sockets$.pipe(
      map((sockets) => {
        const wire = carefully(() => sockets.connect(to, token));
        return connect(wire, peerContract, { scheduler, handshake: HANDSHAKE });
      }),
    );
  });
}

/** A token that would be read on its way is not sent. */
function carefully(connecting: () => Wire): Wire {
  try {
    return connecting();
  } catch (error) {
    if (error instanceof TypeError) throw new ProgramError(ExitCode.Unprotected, messageOf(error), { cause: error });
    throw error;
  }
}
