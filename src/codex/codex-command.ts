import type { SpawnWireOptions } from '../node/index.js';
import { findCodexBinary } from './binary/find-codex-binary.js';
import { type CodexConfig, configArguments } from './config/config-arguments.js';

/** Which codex is started, and how. */
export interface CodexProgram {
  /** A path: of the native program, or of a wrapper that npm installed. Default: see {@link findCodexBinary}. */
  readonly binary?: string;
  /** Settings that go before those of its `config.toml`, for this process only. Default none. */
  readonly config?: CodexConfig;
  /** Further arguments of `codex app-server`. Default none. */
  readonly args?: readonly string[];
  /** All of its environment; a folder `CODEX_HOME` names must exist. Default: this process's own, secrets included. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The folder it runs in; a thread may name one of its own. Default: this process's own. */
  readonly cwd?: string;
}

/**
 * What to start for a codex that speaks over its stdin and stdout: the native program, never a wrapper.
 *
 * @throws CodexNotFoundError, and TypeError for a setting that cannot be told.
 */
export function codexCommand({ binary, config = {}, args = [], env, cwd }: CodexProgram): SpawnWireOptions {
  return {
    // Not looked for in `cwd`: that may be a folder of somebody else's, with a program of somebody else's in it.
    command: findCodexBinary({ binary, env }),
    args: ['app-server', ...configArguments(config), ...args],
    ...(env !== undefined && { env }),
    ...(cwd !== undefined && { cwd }),
  };
}
