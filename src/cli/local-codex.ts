import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { CODEX_VERSION, findCodexBinary, isCodexNotFoundError } from '../codex/index.js';

/** Where this machine keeps what can be had again. */
export interface CodexKeeper {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home. */
  readonly home: string;
}

/**
 * Finds the codex of this machine: the named one, the installed one, or else the one that `npm run test:codex` keeps
 * beside all packages.
 *
 * @throws CodexNotFoundError
 */
export function localCodex({ env, home }: CodexKeeper): string {
  try {
    return findCodexBinary({ env });
  } catch (error) {
    const isNamed = (env['CODEX_BINARY'] ?? '') !== '';
    if (!isCodexNotFoundError(error) || isNamed) throw error;
    const kept = keptCodex({ env, home });
    if (!existsSync(kept)) throw error;
    return findCodexBinary({ env, binary: kept });
  }
}

/** The wrapper by which the kept one is found, whether it is there or not. */
export function keptCodex({ env, home }: CodexKeeper): string {
  const cache = env['XDG_CACHE_HOME'] ?? '';
  return join(
    cache === '' ? join(home, '.cache') : cache,
    `rx-sluice/codex-${CODEX_VERSION}/node_modules/@openai/codex/bin/codex.js`,
  );
}
