import type { ExitCode } from './exit-code.js';

/** The program cannot do what it was asked for. The message says in one line why, the exit code of what kind it is. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';

  constructor(
    readonly exitCode: ExitCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}
