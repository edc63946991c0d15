import { createAppServer } from '../app-server/index.js';
import { type Client, connectWith } from '../client/index.js';
import { inProcessWires } from '../in-process/index.js';
import type { Wire } from '../protocol/index.js';
import { peerContract, type PeerContract } from './peer.js';
import { VERSION } from './version.js';
import type { World } from './world.js';

/** How the program introduces itself. */
export const HANDSHAKE = { clientInfo: { name: 'rx-sluice-cli', version: VERSION } };

/**
 * Starts an app server in this process and a client of it; the server ends with the client.
 *
 * @param between What to make of the server's end of the wire. Default: nothing.
 */
export function ownServer(world: World, between: (wire: Wire) => Wire = (wire) => wire): Client<PeerContract> {
  const { agent, scheduler, terminal } = world;
  const server = createAppServer({
    agent,
    scheduler,
    cwd: terminal.cwd,
    sessionSource: 'cli',
    userAgent: 'rx-sluice-cli',
  });
  const [clientWire, serverWire] = inProcessWires();
  server.attach(between(serverWire));
  return connectWith(clientWire, peerContract, { scheduler, handshake: HANDSHAKE }, (limits) =>
    server.shutdown(limits),
  );
}
