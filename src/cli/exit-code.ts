/** What the program's exit code says; `--help` lists them. */
export const ExitCode = {
  /** The command ran and ended with 0. */
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
  /** The counts do not add up, which is a bug. */
  Miscounted: 70,
  /** Ctrl-C. */
  Interrupted: 130,
} as const;

/** One of the program's exit codes. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
