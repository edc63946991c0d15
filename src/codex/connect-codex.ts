import { mergeMap, ReplaySubject } from 'rxjs';

import { type Client, connect, isWireSource } from '../client/index.js';
import type { SpawnedWire } from '../node/index.js';
import type { Contract } from '../protocol/index.js';
import { CLIENT_INFO } from './client-info.js';
import type { CodexClient, ConnectCodexOptions } from './codex-client.js';
import { type CodexContract, codexContract } from './codex-contract.js';
import { wireTo } from './codex-place.js';

/** Milliseconds until a request that was not answered is given up. */
const TIMEOUT = 120_000;

/**
 * Makes a client of codex: of one that is started for it, or of one that listens.
 *
 * The client is there at once; the start and the handshake go on behind it. At most 64 requests are on their way, since
 * codex refuses more and even forgets some; the others wait here. It ends with its codex, and codex with it.
 *
 * ```
 *  connectCodex({ binary, config, env, cwd })   codex app-server, over stdio
 *  connectCodex({ url, token })                 a codex that listens, over WebSocket
 *  connectCodex({ wire })                       whatever else speaks its words
 * ```
 *
 * **Use it when** you write for Node. **Rather use** `connect` with {@link codexContract} where you hold a wire to a bridge:
 * codex itself lets no page in.
 *
 * - Ends with: `peer exited with code 1`, what a listening codex said, or `sockets need the package ws: npm install ws`.
 * - On `shutdown()`: codex is ended in order, then by force; see `spawnWire`.
 *
 * @example
 * ```ts
 * const codex = connectCodex({ clientInfo: { name: 'demo', version: '1.0.0' } });
 * codex.request('thread/start', { cwd: '/my/project' }).subscribe(({ thread }) => console.log(thread.id));
 * ```
 * @throws CodexNotFoundError that names where it looked. TypeError for options that exclude each other, a URL that is none,
 * and a setting that cannot be told.
 */
export function connectCodex<C extends Contract = CodexContract>(options: ConnectCodexOptions<C> = {}): CodexClient<C> {
  const { contract = codexContract as unknown as C, clientInfo = CLIENT_INFO, capabilities } = options;
  const programs = new ReplaySubject<SpawnedWire>(1);
  const wire = wireTo(options, programs);
  const handshake = { clientInfo, ...(capabilities !== undefined && { capabilities }) };
  let client: Client<C>;
  try {
    client = connect(wire, contract, { timeout: TIMEOUT, ...options, handshake });
  } catch (error) {
    // Thrown by `listen`. Nobody else knows of what was started here.
    if (options.wire === undefined && !isWireSource(wire)) wire.close();
    throw error;
  }
  if (options.wire !== undefined || options.url !== undefined) programs.complete();
  else client.closed$.subscribe(() => programs.complete());
  return Object.assign(client, { stderr$: programs.pipe(mergeMap(({ stderr$ }) => stderr$)) });
}
