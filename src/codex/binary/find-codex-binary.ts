import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { CodexNotFoundError } from './codex-not-found-error.js';
import { packageOfWrapper, pathCandidates, programKind } from './codex-wrapper.js';
import { codexPackageFrom, packagedCodex } from './packaged-codex.js';
import { platformTarget } from './platform-target.js';

/** Where codex is looked for. */
export interface FindCodexOptions {
  /** A path: of the program, or of a wrapper that npm installed. Default: looked for. */
  readonly binary?: string | undefined;
  /** Its `CODEX_BINARY` and `PATH` are read. Default: those of this process. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** The folder from which an installed package is found. Default: the one this process works in. */
  readonly cwd?: string | undefined;
  /** Default: those of this process. */
  readonly platform?: string | undefined;
  readonly arch?: string | undefined;
}

/**
 * Finds the native codex program.
 *
 * In this order: `binary`; `CODEX_BINARY`; the `@openai/codex` package installed at or above `cwd`; the `PATH`. A wrapper
 * is never returned, but the program it would start: whoever kills a wrapper leaves codex itself running.
 *
 * @returns An absolute path.
 * @throws CodexNotFoundError that names where it looked, and what it found there.
 */
export function findCodexBinary(options: FindCodexOptions = {}): string {
  const { env = process.env, cwd = process.cwd(), platform = process.platform, arch = process.arch } = options;
  const looked: string[] = [];
  const target = platformTarget(platform, arch);
  const miss = (place: string, why: string): undefined => {
    looked.push(`${place}: ${why}`);
    return undefined;
  };
  const ofPackage = (root: string, place: string): string | undefined => {
    if (target === undefined) return miss(place, `codex has no program for ${platform} on ${arch}`);
    return packagedCodex(root, target) ?? miss(place, `the package has no ${target.triple} program`);
  };
  const at = (path: string, place: string): string | undefined => {
    const kind = programKind(path);
    if (kind === 'native') return path;
    if (kind === 'none') return miss(place, 'no such file');
    const root = packageOfWrapper(path);
    if (root === undefined || !existsSync(root)) return miss(place, "a script, and not the package's own wrapper");
    return ofPackage(root, place);
  };
  const found = (path: string | undefined): string => {
    if (path === undefined) throw new CodexNotFoundError(looked);
    return path;
  };

  // Whoever names a program wants that one or none.
  if (options.binary !== undefined) return found(at(resolve(cwd, options.binary), `binary ${options.binary}`));
  const named = env['CODEX_BINARY'];
  if (named !== undefined && named !== '') return found(at(resolve(cwd, named), `CODEX_BINARY ${named}`));
  const root = codexPackageFrom(cwd);
  const installed =
    root === undefined ? miss(`the package @openai/codex from ${cwd}`, 'not installed') : ofPackage(root, root);
  if (installed !== undefined) return installed;
  for (const path of pathCandidates(env['PATH'], platform)) {
    if (!existsSync(path)) continue;
    const program = at(path, path);
    if (program !== undefined) return program;
  }
  miss('PATH', env['PATH'] ?? 'not set');
  return found(undefined);
}
