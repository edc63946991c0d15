import type { Wire } from '../../protocol/index.js';
import { createServer, type Server } from '../../server/index.js';
import { conformanceContract, type ConformanceContract } from './conformance-contract.js';
import { ConformanceHandlers } from './conformance-handlers.js';

/** Small, so that a case can reach each of them. */
export const SERVER_LIMITS = { requests: 16, events: 32, losslessEvents: 64 } as const;

/**
 * Starts the server of the conformance suite at the far end of a wire: in this process, or in another one.
 *
 * It has the small limits the cases count on. One server serves one wire.
 *
 * @example The program that a harness starts
 * ```ts
 * startConformanceServer(stdioWire());
 * ```
 * @param wire The server's end.
 * @returns The server, which ends with its wire.
 * @see {@link conformanceCases}, because they hold the other end.
 */
export function startConformanceServer(wire: Wire): Server<ConformanceContract> {
  const own = new ConformanceHandlers(wire, () => server);
  const server: Server<ConformanceContract> = createServer(conformanceContract, own.handlers, {
    limits: SERVER_LIMITS,
    validate: { results: true },
  });
  server.diagnostics$.subscribe((diagnostic) => {
    own.notice(diagnostic);
  });
  server.attach(wire);
  return server;
}
