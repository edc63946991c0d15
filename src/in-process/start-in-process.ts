import { type Client, type ClientOptions, connectWith } from '../client/index.js';
import type { Contract } from '../protocol/index.js';
import type { Server } from '../server/index.js';
import { inProcessWires, type InProcessOptions } from './in-process-wires.js';

/** How an in-process client behaves. */
export interface StartInProcessOptions<C extends Contract> extends ClientOptions<C>, InProcessOptions {
  /** Whether the server ends with this client, unless other connections are left. Default true. */
  readonly ownServer?: boolean;
}

/**
 * Starts a client of a server in the same process.
 *
 * The semantics are those of any wire: handshake, order, bounds, gaps, cancellation, shutdown. What is saved is
 * everything between the two ends: nothing is serialised, no turn of the event loop passes, and an answer that is ready
 * has arrived before `subscribe` returns.
 *
 * **Use it when** you embed a server, or test against one. **Rather use** `connect` when the server is elsewhere.
 *
 * @example
 * ```ts
 * const client = startInProcess(server, { capacity: 256 });
 * client.events$.subscribe((event) => console.log(event));
 * client.shutdown().subscribe((report) => console.log(report.graceful));
 * ```
 * @param server Shut down together with this client if no other connection is left, unless `ownServer` is false.
 */
export function startInProcess<C extends Contract>(
  server: Server<C>,
  options: StartInProcessOptions<C> = {},
): Client<C> {
  const [clientWire, serverWire] = inProcessWires(options);
  const own = options.ownServer ?? true;
  const connection = server.attach(serverWire);
  if (own) {
    connection.closed$.subscribe(() => {
      if (server.stats().connections === 0) server.shutdown();
    });
  }
  return connectWith(clientWire, server.contract, options, (limits) =>
    own && server.stats().connections === 1 ? server.shutdown(limits) : undefined,
  );
}
