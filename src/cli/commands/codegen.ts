import { relative } from 'node:path';

import { catchError, map, merge, type Observable, take } from 'rxjs';

import { CodegenError, writeCodexContract } from '../../codex/index.js';
import { ExitCode } from '../exit-code.js';
import type { CodegenOptions } from '../options/codegen-options.js';
import { ProgramError } from '../program-error.js';
import type { World } from '../world.js';

/**
 * Writes the typed contract of a codex, says what it wrote, and emits the exit code.
 *
 * - Ends: when it is written, when that cannot be done, and on interrupt, which stops the codex it asks.
 */
export function codegen({ binary, out, experimental }: CodegenOptions, { terminal }: World): Observable<ExitCode> {
  const { cwd } = terminal;
  const written$ = writeCodexContract({ binary, out, experimental, cwd }).pipe(
    map(({ version, methods, paths, rawResults }) => {
      const files = paths.map((path) => relative(cwd, path) || path).join(', ');
      terminal.write(`codex ${version}: ${methods} methods in ${files}\n`);
      if (rawResults.length > 0) {
        terminal.writeError(
          `rx-sluice: what these answer is not described and stays unknown: ${rawResults.join(', ')}\n`,
        );
      }
      return ExitCode.Success;
    }),
    catchError((error: unknown) => {
      if (!(error instanceof CodegenError)) throw error;
      throw new ProgramError(ExitCode.Unavailable, error.message, { cause: error });
    }),
  );
  return merge(terminal.interrupts$.pipe(map(() => ExitCode.Interrupted)), written$).pipe(take(1));
}
