import { distinctUntilChanged, Observable, type SchedulerLike } from 'rxjs';

import type { CommandControl, CommandEvent, TerminalSize } from '../app-server/index.js';
import { guardExit } from './exit-guard.js';
import { killProcessTree } from './kill-process-tree.js';
import { groupsOfTree, sendSignal } from './process-tree.js';
import type { TerminalModule, TerminalProcess } from './terminal-module.js';

/** What to run in a terminal, and how it is ended. */
export interface TerminalOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly size: TerminalSize;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly grace: number;
  readonly scheduler: SchedulerLike;
}

/** End of input, as a user types it. */
const CONTROL_D = '\u0004';

/**
 * Runs a program in a terminal of its own, which makes it the leader of a session and a process group.
 *
 * - On error: there is no module for terminals, or it could not make one.
 * - On unsubscribe: SIGTERM to the program and all it has started, after `grace` SIGKILL, in the background.
 *
 * A program that exits while nobody reads leaves what the terminal itself holds, a few kilobytes; the module waits a
 * fifth of a second for them to be read.
 *
 * @internal
 */
export function runTerminal(
  pty: TerminalModule | undefined,
  { file, args, cwd, env, size, grace, scheduler }: TerminalOptions,
  writable$: Observable<boolean>,
): Observable<CommandEvent> {
  return new Observable((subscriber) => {
    if (pty === undefined) {
      subscriber.error(new Error('this server has no terminals'));
      return;
    }
    const { cols, rows } = size;
    const name = env['TERM'] ?? 'xterm-256color';
    const terminal = pty.spawn(file, [...args], { name, cols, rows, cwd, env, encoding: null });
    const { pid } = terminal;
    const release = guardExit(() => {
      for (const group of groupsOfTree(pid)) sendSignal(-group, 'SIGKILL');
    });
    let hasExited = false;
    const kill = (): void => {
      if (!hasExited) killProcessTree(pid, { grace, scheduler }).subscribe({ complete: release });
    };
    terminal.onExit(({ exitCode, signal = 0 }) => {
      hasExited = true;
      release();
      subscriber.next({ type: 'exited', exitCode: signal === 0 ? exitCode : 128 + signal });
      subscriber.complete();
    });
    subscriber.add(kill);
    subscriber.next({ type: 'started', control: controlOf(terminal, kill) });
    // Without an encoding the module hands out bytes, whatever its types say.
    terminal.onData((data) => {
      subscriber.next({ type: 'output', stream: 'stdout', bytes: data as unknown as Uint8Array });
    });
    subscriber.add(
      writable$.pipe(distinctUntilChanged()).subscribe((isWritable) => {
        if (isWritable) terminal.resume();
        else terminal.pause();
      }),
    );
  });
}

function controlOf(terminal: TerminalProcess, kill: () => void): CommandControl {
  return {
    write: (bytes) =>
      new Observable((subscriber) => {
        terminal.write(Buffer.from(bytes));
        subscriber.complete();
      }),
    endInput: () => {
      terminal.write(CONTROL_D);
    },
    resize: ({ cols, rows }) => {
      terminal.resize(cols, rows);
    },
    terminate: kill,
  };
}
