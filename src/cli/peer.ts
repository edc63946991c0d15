import type { ClientEvent } from '../client/index.js';
import { codexContract } from '../codex/index.js';

/**
 * What the program and the server it talks to agree on, whichever server that is: the one in this process, one that
 * listens, or codex. All of them speak its words, and it takes no offence at words it does not know.
 */
export const peerContract = codexContract;
export type PeerContract = typeof peerContract;

/** An event of that server. */
export type PeerEvent = ClientEvent<PeerContract>;

/** One step of a turn. */
export type PeerItem = Extract<PeerEvent, { readonly method: 'item/started' }>['params']['item'];
