import { spawnWire, type SpawnedWire, type StreamOptions } from '../node/index.js';
import { type CodexProgram, codexCommand } from './codex-command.js';

/** The program of a {@link codexWire}, and how the wire is read and written. */
export interface CodexWireOptions extends CodexProgram, Omit<StreamOptions, 'framing'> {}

/**
 * Starts `codex app-server` and speaks with it over its stdin and stdout.
 *
 * What is started is the native program: a wrapper of npm would leave it running when it is killed itself.
 *
 * **Use it when** you need the wire itself: for a bridge, or with limits of its own. **Rather use** {@link connectCodex}
 * for a client.
 *
 * - Loses: nothing. - Backs up and ends: as `spawnWire` says.
 *
 * @example A codex that may take its time to end
 * ```ts
 * const codex = connectCodex({ wire: codexWire({ grace: 10_000 }) });
 * ```
 * @throws CodexNotFoundError that names where it looked. TypeError for a setting that cannot be told.
 */
export function codexWire(options: CodexWireOptions = {}): SpawnedWire {
  return spawnWire({ ...options, ...codexCommand(options) });
}
