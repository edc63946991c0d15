import { catchError, defer, type Observable, of } from 'rxjs';

import { bridge } from './commands/bridge.js';
import { codegen } from './commands/codegen.js';
import { exec } from './commands/exec.js';
import { run } from './commands/run.js';
import { serve } from './commands/serve.js';
import { ExitCode } from './exit-code.js';
import { parseArguments } from './parse-arguments.js';
import { ProgramError } from './program-error.js';
import type { World } from './world.js';

/**
 * The command line program: reads its arguments, does what they say in the world it is given, emits its exit code and
 * completes.
 */
export function runProgram(args: readonly string[], world: World): Observable<ExitCode> {
  const { terminal } = world;
  return defer(() => {
    const task = parseArguments(args);
    switch (task.type) {
      case 'told':
        terminal.write(task.text);
        return of(ExitCode.Success);
      case 'invalid':
        terminal.writeError(`rx-sluice: ${task.message} (--help explains)\n`);
        return of(ExitCode.BadArguments);
      case 'run':
        return run(task.options, world);
      case 'exec':
        return exec(task.options, world);
      case 'serve':
        return serve(task.options, world);
      case 'bridge':
        return bridge(task.options, world);
      case 'codegen':
        return codegen(task.options, world);
    }
  }).pipe(
    catchError((error: unknown) => {
      if (!(error instanceof ProgramError)) throw error;
      terminal.writeError(`rx-sluice: ${error.message}\n`);
      return of(error.exitCode);
    }),
  );
}
