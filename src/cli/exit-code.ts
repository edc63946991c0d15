/** What the program's exit code says; `--help` lists them. */
export const ExitCode = {
  /** What was asked for was done: the command ended with 0, the server was ended in order. */
  Success: 0,
  /** The command ended with another exit code, or could not be started. */
  CommandFailed: 1,
  /** The arguments make no sense. */
  BadArguments: 2,
  /** The command was not run because nobody accepted it. */
  Declined: 3,
  /** The turn failed: something other than the command went wrong. */
  TurnFailed: 4,
  /** The view fell behind and was told not to lose anything (`--overflow error`). */
  Overflowed: 5,
  /** Something the program needs is not there: a file, an address, another program. */
  Unavailable: 6,
  /** It would have been open to everybody, and did not start. */
  Unprotected: 7,
  /** The counts do not add up, which is a bug. */
  Miscounted: 70,
  /** Ctrl-C. */
  Interrupted: 130,
} as const;

/** One of the program's exit codes. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
