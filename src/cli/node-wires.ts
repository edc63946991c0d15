import { homedir } from 'node:os';

import { catchError, defer, from, map, throwError } from 'rxjs';

import { codexWire, startMockModel } from '../codex/index.js';
import { spawnWire, stdioWire } from '../node/index.js';
import { ExitCode } from './exit-code.js';
import { localCodex } from './local-codex.js';
import { ProgramError } from './program-error.js';
import type { Wires } from './wires.js';

/** The wires of this machine. */
export const nodeWires: Wires = {
  stdio: () => stdioWire(),
  spawn: (program) => spawnWire(program),
  codex: ({ binary, config = {}, env }) =>
    codexWire({
      binary: binary ?? localCodex({ env: process.env, home: homedir() }),
      config,
      env: { ...process.env, ...env },
    }),
  mockModel: (script) => defer(() => from(startMockModel({ script }))),
  // Loaded by those who need it: `ws` is an optional peer.
  sockets$: defer(() => from(import('../websocket/index.js'))).pipe(
    catchError((cause: unknown) => throwError(() => withoutSockets(cause))),
    map(({ connectWebSocket, listenWebSocket }) => ({ listen: listenWebSocket, connect: connectWebSocket })),
  ),
};

/** What to say of a package that could not be loaded. */
export function withoutSockets(cause: unknown): unknown {
  const { code } = cause as { readonly code?: unknown };
  const isMissing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  if (!isMissing) return cause;
  return new ProgramError(ExitCode.Unavailable, 'sockets need the package ws: npm install ws', { cause });
}
