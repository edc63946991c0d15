import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import type { PlatformTarget } from './platform-target.js';

/** The folder of the `@openai/codex` package that a file below `folder` would import; undefined if there is none. */
export function codexPackageFrom(folder: string): string | undefined {
  return packageFrom(folder, '@openai/codex');
}

/**
 * The native program that belongs to an `@openai/codex` package.
 *
 * It is in the platform's own package, which npm, pnpm and yarn put in different places but always where the first one
 * finds it, or, as older versions had it, in the first one itself.
 *
 * @param root The folder of the `@openai/codex` package.
 */
export function packagedCodex(root: string, { packageName, triple, program }: PlatformTarget): string | undefined {
  const real = realpathSync(root);
  const platform = packageFrom(real, packageName);
  return [platform, real]
    .filter((folder) => folder !== undefined)
    .flatMap((folder) => ['bin', 'codex'].map((part) => join(folder, 'vendor', triple, part, program)))
    .find((path) => existsSync(path));
}

function packageFrom(folder: string, name: string): string | undefined {
  try {
    return dirname(createRequire(join(folder, 'index.js')).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}
