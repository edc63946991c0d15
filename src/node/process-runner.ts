import { asyncScheduler, map, type SchedulerLike } from 'rxjs';

import type { CommandEvent, CommandRunner } from '../app-server/index.js';
import { childChunks } from './child-chunks.js';
import { ProcessControl } from './process-control.js';
import { type ProcessEvent, runProcess } from './run-process.js';
import { runTerminal } from './run-terminal.js';
import type { TerminalModule } from './terminal-module.js';
import { toExitCode } from './to-exit-code.js';

/** How commands are run. */
export interface ProcessRunnerOptions {
  /** The environment commands start from. Default: this process's own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Makes terminals: the module `node-pty`, or one like it. Default: none, and a command that asks for one is refused. */
  readonly pty?: TerminalModule;
  /** Milliseconds a command has to end by itself before it is killed. Default 2,000. */
  readonly killGrace?: number;
  /** The clock for `killGrace`. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}

interface OutputChunk {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Uint8Array;
}

/**
 * Runs the commands of `command/exec` as real processes, with or without a terminal.
 *
 * Each is the leader of a process group of its own and ends with all it has started: when it is told to, when its client
 * goes, and when this process exits. Nothing is written or read for it that nobody has room for.
 *
 * **Use it when** clients may run commands of their own beside the agent's: whoever may call `command/exec` may do
 * anything this process may. **Rather use** a `CommandRunner` of your own to put them into a sandbox.
 *
 * - On unsubscribe: SIGTERM to the command and all it has started, SIGKILL after `killGrace`.
 * - Platforms: Linux and macOS.
 *
 * @example
 * ```ts
 * const server = createAppServer({ agent: commandAgent(), commandRunner: processRunner({ killGrace: 500 }) });
 * ```
 * @see {@link commandAgent}, because that runs commands in turns and asks first.
 */
export function processRunner(options: ProcessRunnerOptions = {}): CommandRunner {
  const { pty, killGrace = 2_000, scheduler = asyncScheduler } = options;
  return (spec, writable$) => {
    // A variable without a value is none to a child process.
    const taken = Object.entries(spec.env).map(([name, value]) => [name, value ?? undefined] as const);
    const env = { ...(options.env ?? process.env), ...Object.fromEntries(taken) };
    if (spec.terminal !== undefined) {
      return runTerminal(pty, { ...spec, env, size: spec.terminal, grace: killGrace, scheduler }, writable$);
    }
    return runProcess<OutputChunk>({
      file: spec.file,
      args: spec.args,
      cwd: spec.cwd,
      env,
      grace: killGrace,
      scheduler,
      hasInput: spec.hasInput,
      read: (readable, stream) => childChunks(readable, writable$).pipe(map((bytes) => ({ stream, bytes }))),
    }).pipe(map((event) => toCommandEvent(event, killGrace, scheduler)));
  };
}

function toCommandEvent(event: ProcessEvent<OutputChunk>, grace: number, scheduler: SchedulerLike): CommandEvent {
  switch (event.type) {
    case 'started':
      return { type: 'started', control: new ProcessControl(event.pid, event.stdin, grace, scheduler) };
    case 'output':
      return { type: 'output', ...event.output };
    case 'exited':
      return { type: 'exited', exitCode: toExitCode(event) };
  }
}
