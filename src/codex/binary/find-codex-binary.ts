import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { CodexNotFoundError } from './codex-not-found-error.js';
import { packageOfWrapper, pathCandidates, programKind } from './codex-wrapper.js';
import { codexPackageFrom, packagedCodex } from './packaged-codex.js';
import { type PlatformTarget, platformTarget } from './platform-target.js';

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
  const { binary, env = process.env, cwd = process.cwd(), platform = process.platform, arch = process.arch } = options;
  const search = new Search(platform, arch);
  const named = env['CODEX_BINARY'];
  // Whoever names a program wants that one or none.
  if (binary !== undefined) search.at(resolve(cwd, binary), `binary ${binary}`);
  else if (named !== undefined && named !== '') search.at(resolve(cwd, named), `CODEX_BINARY ${named}`);
  else {
    search.installed(cwd);
    search.onPath(cwd, env['PATH']);
  }
  if (search.found === undefined) throw new CodexNotFoundError(search.looked);
  return search.found;
}

/** Goes from place to place until a program is found, and remembers what was found instead. */
class Search {
  found: string | undefined;
  readonly looked: string[] = [];
  private readonly target: PlatformTarget | undefined;

  constructor(
    private readonly platform: string,
    private readonly arch: string,
  ) {
    this.target = platformTarget(platform, arch);
  }

  /** Looks at a file: a program, or the wrapper of one. */
  at(path: string, place: string): void {
    const kind = programKind(path);
    if (kind === 'native') this.found = path;
    else if (kind === 'none') this.looked.push(`${place}: no such file`);
    else {
      const root = packageOfWrapper(path);
      if (root === undefined || !existsSync(root))
        this.looked.push(`${place}: a script, and not the package's own wrapper`);
      else this.inPackage(root, place);
    }
  }

  /** Looks for the package that a file in a folder would import. */
  installed(folder: string): void {
    const root = codexPackageFrom(folder);
    if (root === undefined) this.looked.push(`the package @openai/codex, from ${folder}: not installed`);
    else this.inPackage(root, root);
  }

  /** Looks where a shell would. */
  onPath(cwd: string, path: string | undefined): void {
    for (const name of pathCandidates(path, this.platform)) {
      if (this.found !== undefined) return;
      const candidate = resolve(cwd, name);
      if (existsSync(candidate)) this.at(candidate, candidate);
    }
    this.looked.push(`PATH: ${path ?? 'not set'}`);
  }

  private inPackage(root: string, place: string): void {
    const { target, platform, arch } = this;
    if (target === undefined) this.looked.push(`${place}: codex has no program for ${platform} on ${arch}`);
    else {
      this.found = packagedCodex(root, target);
      if (this.found === undefined) this.looked.push(`${place}: the package has no ${target.triple} program`);
    }
  }
}
