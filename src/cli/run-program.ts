import { asyncScheduler, defer, type Observable, of, type SchedulerLike } from 'rxjs';

import type { Agent } from '../app-server/index.js';
import { commandAgent } from '../node/index.js';
import { parseArguments } from './cli-options.js';
import { ExitCode } from './exit-code.js';
import { helpText } from './help-text.js';
import { runCommand } from './run-command.js';
import type { Terminal } from './terminal.js';

/** What the program runs on. */
export interface ProgramOptions {
  /** Default: runs shell commands. */
  readonly agent?: Agent;
  /** Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}

/**
 * The command line program: reads its arguments, does what they say, emits its exit code and completes.
 *
 * It knows the world only by its terminal, so a spec can be that world.
 */
export function runProgram(
  args: readonly string[],
  terminal: Terminal,
  { agent = commandAgent(), scheduler = asyncScheduler }: ProgramOptions = {},
): Observable<ExitCode> {
  return defer(() => {
    const parsed = parseArguments(args);
    switch (parsed.type) {
      case 'help':
        terminal.write(helpText);
        return of(ExitCode.Success);
      case 'invalid':
        terminal.writeError(`rx-sluice: ${parsed.message} (--help explains)\n`);
        return of(ExitCode.BadArguments);
      case 'run':
        return runCommand(parsed.options, terminal, agent, scheduler);
    }
  });
}
