import { closeSync, openSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Longest script that is read in search of what it starts. The wrapper itself has less than a tenth of it. */
const LONGEST_SCRIPT = 262_144;

/** What stands at a path: a program of the machine's own, a script that starts one, or neither. */
export type ProgramKind = 'native' | 'script' | 'none';

/** Tells a native program from a script by its first bytes: whoever spawns a script gets a child of a child. */
export function programKind(path: string): ProgramKind {
  let file: number;
  try {
    if (!statSync(path).isFile()) return 'none';
    file = openSync(path, 'r');
  } catch {
    return 'none';
  }
  try {
    const head = Buffer.alloc(4);
    readSync(file, head, 0, 4, 0);
    return NATIVE.some((magic) => head.subarray(0, magic.length / 2).toString('hex') === magic) ? 'native' : 'script';
  } finally {
    closeSync(file);
  }
}

/** How programs begin: ELF, Mach-O in its four forms, and PE. */
const NATIVE = ['7f454c46', 'cffaedfe', 'cefaedfe', 'feedfacf', 'cafebabe', '4d5a'];

/**
 * The folder of the `@openai/codex` package whose wrapper a script is, or starts.
 *
 * npm links the wrapper itself on Unix; pnpm, and npm on Windows, write a shell script that names it.
 */
export function packageOfWrapper(path: string): string | undefined {
  const real = realpathSync(path);
  const own = /^(.*[\\/]@openai[\\/]codex)[\\/]bin[\\/]codex\.js$/.exec(real)?.[1];
  if (own !== undefined) return own;
  if (statSync(real).size > LONGEST_SCRIPT) return undefined;
  const named = /(?:\$basedir|%dp0%|%~dp0)?[\\/]?([^\s"'$%]*@openai[\\/]codex)[\\/]bin[\\/]codex\.js/.exec(
    readFileSync(real, 'utf8'),
  )?.[1];
  return named === undefined ? undefined : resolve(dirname(real), named.replaceAll('\\', '/'));
}

/** The names a program may have in a folder of the PATH. */
export function programNames(platform: string): readonly string[] {
  return platform === 'win32' ? ['codex.exe', 'codex.cmd', 'codex'] : ['codex'];
}

/** The paths where a shell would look for codex. */
export function pathCandidates(path: string | undefined, platform: string): readonly string[] {
  const folders = (path ?? '').split(platform === 'win32' ? ';' : ':').filter((folder) => folder !== '');
  return folders.flatMap((folder) => programNames(platform).map((name) => join(folder, name)));
}
