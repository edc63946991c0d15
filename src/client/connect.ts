import type { Contract, Wire } from '../protocol/index.js';
import type { Client, ClientOptions } from './client.js';
import type { ServerShutdown } from './client-shutdown.js';
import type { WireSource } from './wire-source.js';
import { WireClient } from './wire-client.js';

/**
 * Connects to the server at the other end of a wire.
 *
 * The client is there at once, so that a factory can return it; the handshake goes on behind it, and requests made
 * before it is over wait for it, in order and within a bound. Whatever ends the connection ends every request exactly
 * once, the streams of events, and `closed$`.
 *
 * ```
 *  state$     c----r--------------x        connecting, ready, closed
 *  request    ---a|-------b|----           a waits for the handshake
 *  answers    -------a------b--#           what is still open errors at the end
 * ```
 *
 * **Use it when** you hold a wire: a socket, a port, a child process. **Rather use** `startInProcess` when the server
 * runs in your own process; put `reconnecting` around what makes a wire if the client should outlive it.
 *
 * - On unsubscribe of a request: it is cancelled; its id stays taken until the late answer or `cancelHold`.
 * - Subscribers of events: each sees the same order; the first one gets what was received before.
 *
 * @example
 * ```ts
 * const client = connect(wire, contract, { handshake: { clientInfo: { name: 'demo', version: '1.0.0' } } });
 * client.request('thread/start', {}).subscribe({ next: console.log, error: console.error });
 * ```
 * @param wire Subscribed to before this returns. Or a source of wires, made by `reconnecting`.
 * @param contract What both ends agree on.
 */
export function connect<C extends Contract>(
  wire: Wire | WireSource,
  contract: C,
  options: ClientOptions<C> = {},
): Client<C> {
  return connectWith(wire, contract, options, undefined);
}

/** {@link connect}, for a caller whose server ends together with the client. @internal */
export function connectWith<C extends Contract>(
  wire: Wire | WireSource,
  contract: C,
  options: ClientOptions<C>,
  shutdownServer: ServerShutdown | undefined,
): Client<C> {
  const runtime = new WireClient(contract, wire, options, shutdownServer);
  const client = runtime as unknown as Client<C>;
  // First of all, so that what it subscribes misses nothing.
  options.listen?.(client);
  runtime.open();
  return client;
}
