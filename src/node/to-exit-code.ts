import { constants } from 'node:os';

/**
 * How a process ended, as a shell would tell it: its own code, or 128 and the number of the signal that ended it.
 *
 * @internal
 */
export function toExitCode({ code, signal }: { code: number | null; signal: NodeJS.Signals | null }): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}
