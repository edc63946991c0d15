import { ExitCode } from './exit-code.js';

const MEANINGS: Readonly<Record<keyof typeof ExitCode, string>> = {
  Success: 'it was done: the command succeeded, the server was ended in order',
  CommandFailed: 'the command failed or could not be started',
  BadArguments: 'the arguments make no sense',
  Declined: 'the command was declined',
  TurnFailed: 'the turn failed for another reason',
  Overflowed: 'the reader fell behind (--overflow error)',
  Unavailable: 'something it needs is not there: a file, an address, a program',
  Unprotected: 'it would have been open to everybody, and did not start',
  Miscounted: 'the counts do not add up: a bug',
  Interrupted: 'interrupted by Ctrl-C',
};

/** The part of a help text that explains exit codes. Default: all of them. */
export function exitCodeLines(
  names: readonly (keyof typeof ExitCode)[] = Object.keys(MEANINGS) as (keyof typeof ExitCode)[],
): string {
  const lines = names.map((name) => `  ${String(ExitCode[name]).padStart(3)}  ${MEANINGS[name]}`);
  return ['', 'Exit codes:', ...lines].join('\n');
}
