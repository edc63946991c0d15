import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { messageOf } from '../../protocol/index.js';
import { CodegenError } from './codegen-error.js';
import { GENERATED } from './generate-contract.js';

/**
 * Writes generated files into a folder, which is made if it is not there. What was generated before is written over; a
 * file of somebody else's by one of the names is not, and then nothing is written.
 *
 * @returns The paths.
 * @throws CodegenError naming what is in the way.
 */
export function writeFiles(folder: string, files: ReadonlyMap<string, string>): readonly string[] {
  const texts = [...files].map(([name, text]) => ({ path: join(folder, name), text }));
  const foreign = texts.find(({ path }) => isForeign(path));
  if (foreign !== undefined) {
    throw new CodegenError(`${foreign.path} was not generated and is left as it is: move it, or name another folder`);
  }
  attempt(() => {
    mkdirSync(folder, { recursive: true });
    for (const { path, text } of texts) writeFileSync(path, text);
  });
  return texts.map(({ path }) => path);
}

function isForeign(path: string): boolean {
  return attempt(() => {
    try {
      return !readFileSync(path, 'utf8').startsWith(GENERATED);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
  });
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new CodegenError(`the contract cannot be written: ${messageOf(error)}`, { cause: error });
  }
}
