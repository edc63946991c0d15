import type { Observable } from 'rxjs';

import type { TerminalSize } from '../schemas/command-exec.js';

/** What to run. */
export interface CommandSpec {
  /** The program. */
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Variables to add to the runner's own; `null` takes one away. */
  readonly env: Readonly<Record<string, string | null>>;
  /** Whether it gets an input. A command in a terminal always has one. */
  readonly hasInput: boolean;
  /** Runs it in a terminal of this size. */
  readonly terminal: TerminalSize | undefined;
}

/** What can be done to a command that runs. Doing it to one that has ended does nothing. */
export interface CommandControl {
  /** Completes once the command, or the pipe before it, has taken the bytes; errors if it takes no more. Cold. */
  write(bytes: Uint8Array): Observable<never>;
  /** No more input will come. */
  endInput(): void;
  /** Does nothing without a terminal. */
  resize(size: TerminalSize): void;
  /** Asks it to end; ends it soon, whatever it says. Its last output and its exit are still told. */
  terminate(): void;
}

/** What a command does. `started` is the first, `exited` the last, after all of the output. */
export type CommandEvent =
  | { readonly type: 'started'; readonly control: CommandControl }
  | { readonly type: 'output'; readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array }
  | { readonly type: 'exited'; readonly exitCode: number };

/**
 * Runs commands for `command/exec`: a function from what to run to what that does.
 *
 * - On error: it could not be started, or not in a terminal. - On unsubscribe: it is ended with all it has started.
 *
 * @param writable$ While it is false no output is read, so that the command waits in its own writes.
 */
export type CommandRunner = (spec: CommandSpec, writable$: Observable<boolean>) => Observable<CommandEvent>;
