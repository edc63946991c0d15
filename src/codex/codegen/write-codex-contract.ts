import { resolve } from 'node:path';

import { defer, map, type Observable } from 'rxjs';

import { isCodexNotFoundError } from '../binary/codex-not-found-error.js';
import { findCodexBinary } from '../binary/find-codex-binary.js';
import { askCodex } from './ask-codex.js';
import { CodegenError } from './codegen-error.js';
import { generateContract } from './generate-contract.js';
import { writeFiles } from './write-files.js';

/** Of which codex a contract is written, and where to. */
export interface WriteCodexContractOptions {
  /** The path of codex, or of a script that starts it. Default: looked for as {@link findCodexBinary} does. */
  readonly binary?: string | undefined;
  /** The folder to write to. It is made if it is not there. */
  readonly out: string;
  /** What may still change in codex, too. Default false. */
  readonly experimental?: boolean;
  /** The folder that paths are relative to. Default: the one this process works in. */
  readonly cwd?: string;
}

/** What was written. */
export interface WrittenContract {
  /** The version of codex it is a contract of. */
  readonly version: string;
  readonly paths: readonly string[];
  /** How many methods it has, in both directions. */
  readonly methods: number;
  /** Requests whose result codex does not describe in a way that can be found: it is `unknown`, and unchecked. */
  readonly rawResults: readonly string[];
}

/**
 * Writes the typed contract of a codex: `contract.ts`, `types.ts` and `schemas.ts`, to be imported by a program that uses
 * it. The command `rx-sluice codegen` does the same.
 *
 * - On error: a {@link CodegenError} that says in one line what is missing or in the way. - On unsubscribe: codex is
 * stopped, and nothing is written.
 *
 * @example
 * ```ts
 * writeCodexContract({ out: 'src/generated' }).subscribe(({ version }) => console.log(version));
 * ```
 */
export function writeCodexContract(options: WriteCodexContractOptions): Observable<WrittenContract> {
  const { out, experimental = false, cwd = process.cwd() } = options;
  return defer(() => askCodex({ binary: binaryOf(options.binary, cwd), experimental })).pipe(
    map((schemas) => {
      const { files, methods, rawResults } = generateContract(schemas);
      return { version: schemas.version, paths: writeFiles(resolve(cwd, out), files), methods, rawResults };
    }),
  );
}

/** Whoever names a script may have that one: it runs for a moment, and nothing of it stays. */
function binaryOf(named: string | undefined, cwd: string): string {
  if (named !== undefined) return resolve(cwd, named);
  try {
    return findCodexBinary({ cwd });
  } catch (error) {
    if (!isCodexNotFoundError(error)) throw error;
    throw new CodegenError(`no codex was found; --codex names one. Looked at ${error.looked.join('; ')}`, {
      cause: error,
    });
  }
}
