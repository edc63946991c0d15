import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

import { bundledProgram } from '../spec/cli/bundled-program.js';
import type { CodexBench } from './codex-bench.js';

/** The program of the command line, started. */
export interface StartedProgram {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly errors: () => string;
  readonly hasEnded: () => boolean;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** Builds the program, and starts it in the folder of the bench, which is also where it makes folders of its own. */
export function programStarter(bench: CodexBench): (...args: readonly string[]) => StartedProgram {
  const { program } = bundledProgram();

  return (...args) => {
    const cwd = bench.folder();
    const env = { ...process.env, CODEX_HOME: cwd, TMPDIR: cwd, RUST_LOG: 'error', NO_COLOR: '1' };
    const child = spawn(process.execPath, [program, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => (out += String(chunk)));
    child.stderr.on('data', (chunk: Buffer) => (errors += String(chunk)));
    const ended = once(child, 'close').then(([code, signal]: (number | string | null)[]) => code ?? signal ?? '');
    bench.afterwards(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    return {
      child,
      out: () => out,
      errors: () => errors,
      hasEnded: () => child.exitCode !== null || child.signalCode !== null,
      ended,
    };
  };
}
