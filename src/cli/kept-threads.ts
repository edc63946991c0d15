import { resolve } from 'node:path';

import { catchError, ignoreElements, type Observable, throwError } from 'rxjs';

import { type FileThreadStore, fileThreadStore } from '../node/index.js';
import { messageOf } from '../protocol/index.js';
import { ExitCode } from './exit-code.js';
import { ProgramError } from './program-error.js';
import type { Terminal } from './terminal.js';

/** A folder of threads that is ready to be served. */
export interface KeptThreads {
  /** Its whole path. */
  readonly home: string;
  readonly store: FileThreadStore;
  /** Completes when the folder is open, or errors with a {@link ProgramError}: a server should not find out later. */
  readonly opened$: Observable<never>;
}

/** Opens a folder of threads, and tells on the terminal what is found damaged in it. */
export function keptThreads(folder: string, terminal: Terminal): KeptThreads {
  const home = resolve(terminal.cwd, folder);
  const store = fileThreadStore({ folder: home });
  store.diagnostics$.subscribe((found) => {
    const { type, file, ...rest } = found;
    const why = 'error' in rest ? messageOf(rest.error) : Object.entries(rest).flat().join(' ');
    terminal.writeError(`rx-sluice: ${file}: ${type}: ${why}\n`);
  });
  const opened$ = store.list({ archived: false, sortKey: 'updatedAt', limit: 1 }).pipe(
    ignoreElements(),
    catchError((error: unknown) =>
      throwError(
        () =>
          new ProgramError(ExitCode.Unavailable, `threads cannot be kept in ${folder}: ${messageOf(error)}`, {
            cause: error,
          }),
      ),
    ),
  );
  return { home, store, opened$ };
}
