import type { Client } from '../client/index.js';
import { connectCodex, isCodexNotFoundError } from '../codex/index.js';
import type { SpawnedWire } from '../node/index.js';
import { ExitCode } from './exit-code.js';
import { HANDSHAKE } from './own-server.js';
import type { PeerContract } from './peer.js';
import { ProgramError } from './program-error.js';
import type { CodexRequest } from './wires.js';
import type { World } from './world.js';

/** A codex that was started, and its client. */
export interface CodexServer {
  readonly client: Client<PeerContract>;
  readonly wire: SpawnedWire;
}

/**
 * Starts codex, which ends with its client.
 *
 * @throws ProgramError that says how to get a codex, if there is none.
 */
export function codexServer(request: CodexRequest, { scheduler, wires }: World): CodexServer {
  const wire = start(() => wires.codex(request));
  return { wire, client: connectCodex({ wire, scheduler, ...HANDSHAKE }) };
}

function start(starting: () => SpawnedWire): SpawnedWire {
  try {
    return starting();
  } catch (cause) {
    if (!isCodexNotFoundError(cause)) throw cause;
    const [only, ...others] = cause.looked;
    // Whoever named one has named it wrongly.
    const message =
      only !== undefined && others.length === 0
        ? `no codex: ${only}`
        : 'no codex was found: npm install --global @openai/codex, or name one by --codex-binary or CODEX_BINARY';
    throw new ProgramError(ExitCode.Unavailable, message, { cause });
  }
}
