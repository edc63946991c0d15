import type { Observable } from 'rxjs';

import type { CodexProgram, MockModel, ModelScript } from '../codex/index.js';
import type { SpawnedWire } from '../node/index.js';
import type { Wire } from '../protocol/index.js';
import type { WebSocketListener } from '../websocket/index.js';

/** Where to listen, and who may connect. */
export interface ListenRequest {
  /** Of a unix socket; else host and port say where. */
  readonly unix?: string;
  readonly host?: string;
  readonly port?: number;
  readonly allowedOrigins: readonly string[];
  readonly token?: string;
  readonly maxConnections?: number;
}

/** Sockets, which need a package that not everybody has. */
export interface Sockets {
  listen(request: ListenRequest): WebSocketListener;
  /** @throws TypeError if the token would travel unprotected. */
  connect(url: string, options: { readonly token?: string }): Wire;
}

/** Which codex to start: without a `binary`, the one that is found. Its `env` is added to the program's own. */
export type CodexRequest = Pick<CodexProgram, 'config' | 'env'> & { readonly binary: string | undefined };

/** How the program reaches others. */
export interface Wires {
  /** Whoever started this program, on its input and output. */
  stdio(): Wire;
  spawn(program: { readonly command: string; readonly args: readonly string[] }): SpawnedWire;
  /** @throws CodexNotFoundError if there is none. */
  codex(request: CodexRequest): SpawnedWire;
  /** Emits a model that listens on this machine, and completes; it listens until it is closed. */
  mockModel(script: ModelScript): Observable<MockModel>;
  /** Emits once; errors with a `ProgramError` that says what to install. */
  readonly sockets$: Observable<Sockets>;
}
