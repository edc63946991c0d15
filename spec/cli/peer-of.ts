import { peerContract, type PeerContract } from '../../src/cli/peer.js';
import { type Client, connect } from '../../src/client/index.js';
import { inProcessWires } from '../../src/in-process/index.js';
import type { App } from '../app-server/app-harness.js';

export type Peer = Client<PeerContract>;

/** A client of an app server as the program has it. */
export function peerOf(server: App): Peer {
  const [clientWire, serverWire] = inProcessWires();
  server.attach(serverWire);
  return connect(clientWire, peerContract, { handshake: { clientInfo: { name: 'spec', version: '1' } } });
}

/** Starts a thread and returns its id. */
export function startThread(client: Peer): string {
  let id = '';
  client.request('thread/start', {}).subscribe(({ thread }) => (id = thread.id));
  return id;
}

/** Starts a turn. */
export function startTurn(client: Peer, threadId: string): void {
  client.request('turn/start', { threadId, input: [{ type: 'text', text: 'go' }] }).subscribe();
}
