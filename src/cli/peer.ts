import type { AppServerContract } from '../app-server/index.js';
import type { ClientEvent } from '../client/index.js';

/** What the program and the server it talks to agree on, whichever server that is. */
export type PeerContract = AppServerContract;

/** An event of that server. */
export type PeerEvent = ClientEvent<PeerContract>;
