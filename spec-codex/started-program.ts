import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildSync } from 'esbuild';

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
  const folder = mkdtempSync(join(tmpdir(), 'rx-sluice-codex-cli-'));
  const program = join(folder, 'main.cjs');

  beforeAll(() => {
    buildSync({
      entryPoints: [join(__dirname, '../src/cli/main.ts')],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile: program,
    });
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

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
