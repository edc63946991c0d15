import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildSync } from 'esbuild';

import { isAlive, until } from '../node/processes.js';

const folder = mkdtempSync(join(tmpdir(), 'rx-sluice-cli-'));
const program = join(folder, 'main.cjs');

beforeAll(() => {
  buildSync({
    entryPoints: [join(__dirname, '../../src/cli/main.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: program,
  });
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Run {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly errors: () => string;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

function start(...args: readonly string[]): Run {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (out += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => (errors += String(chunk)));
  const ended = once(child, 'close').then(([code, signal]: (number | string | null)[]) => code ?? signal ?? '');
  return { child, out: () => out, errors: () => errors, ended };
}

/** The process ids a command printed. */
const pidsIn = (text: string): number[] => [...text.matchAll(/^pid (\d+)$/gm)].map(([, pid]) => Number(pid));

/** Prints the ids of two processes that ignore SIGTERM, then runs on. */
const stubborn = `trap '' TERM; echo pid $$; sh -c "trap '' TERM; echo pid \\$\\$; while :; do sleep 1; done" & wait; wait`;

describe('the command line program', () => {
  it('runs a command that floods, shows what a slow reader sees, and adds up (E2)', async () => {
    const { out, errors, ended } = start('--yes', '--pace', '5', '--', 'seq 200000');
    expect(await ended).toBe(0);
    const [, ...numbers] =
      /^events: ([\d,]+) emitted = ([\d,]+) delivered \+ ([\d,]+) skipped \+ ([\d,]+) conflated$/m.exec(out()) ?? [];
    const [emitted = NaN, delivered = NaN, skipped = NaN, conflated = NaN] = numbers.map((count) =>
      Number(count.replaceAll(',', '')),
    );
    expect(emitted).toBeGreaterThan(200_000);
    expect(emitted).toBe(delivered + skipped + conflated);
    const gaps = [...out().matchAll(/^… ([\d,]+) events? skipped$/gm)].map(([, count = '']) =>
      Number(count.replaceAll(',', '')),
    );
    expect(gaps.reduce((sum, count) => sum + count, 0)).toBe(skipped);
    expect(out()).toContain('turn completed: command completed, exit code 0\n');
    expect(out()).toContain('\n200000\n');
    expect(out()).not.toContain('\u001b');
    expect(errors()).toBe('');
  });

  it.each([
    [['--yes', '--', 'exit 7'], 1, '', 'command failed, exit code 7'],
    [['--', 'echo', 'hello'], 3, '--yes accepts it', 'command declined'],
    [['--pace', 'x'], 2, '--pace takes a whole number', ''],
    [['--help'], 0, '', 'Exit codes:'],
  ])('answers %j with exit code %i', async (args, code, error, text) => {
    const { out, errors, ended } = start(...args);
    expect(await ended).toBe(code);
    expect(errors()).toContain(error);
    expect(out()).toContain(text);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('on %s ends the turn in order and leaves no process', async (signal) => {
    const { child, out, ended } = start('--yes', '--', stubborn);
    await until(() => pidsIn(out()).length === 2);
    child.kill(signal);
    expect(await ended).toBe(130);
    expect(out()).toMatch(/turn interrupted\nevents: .*\npeak queue: .*\nshutdown: graceful/);
    await until(() => !pidsIn(out()).some(isAlive));
  });

  it('ends at once on a second Ctrl-C and leaves no process', async () => {
    const { child, out, ended } = start('--yes', '--', stubborn);
    await until(() => pidsIn(out()).length === 2);
    child.kill('SIGINT');
    child.kill('SIGINT');
    await until(() => out().includes('shutdown'));
    // Two in a row are one that came twice.
    await new Promise((resolve) => setTimeout(resolve, 400));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    await until(() => !pidsIn(out()).some(isAlive));
  });

  it('ends quietly when nobody reads its output any more, and leaves no process', async () => {
    const { child, out, errors, ended } = start('--yes', '--pace', '1', '--', 'echo pid $$; sleep 0.3; exec yes flood');
    await until(() => pidsIn(out()).length === 1);
    const pids = pidsIn(out());
    child.stdout?.destroy();
    expect(await ended).toBe(0);
    expect(errors()).toBe('');
    await until(() => !pids.some(isAlive));
  });
});
