import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

import { lastValueFrom } from 'rxjs';

import { killProcessTree, type KillOptions } from '../../src/node/index.js';
import { isAlive, until } from './processes.js';

/** Runs a shell command in a group of its own; it prints the process ids to watch and `ready`. */
async function started(command: string): Promise<{ child: ChildProcess; pid: number; pids: number[] }> {
  const child = spawn('/bin/sh', ['-c', command], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += String(chunk)));
  await until(() => text.includes('ready'));
  const pids = [child.pid ?? NaN, ...(text.match(/\d+/g) ?? []).map(Number)];
  return { child, pid: child.pid ?? NaN, pids };
}

const kill = (pid: number, options?: KillOptions): Promise<unknown> =>
  lastValueFrom(killProcessTree(pid, options), { defaultValue: undefined });

const stubborn = `trap '' TERM; sh -c "trap '' TERM; echo \\$\\$ ready; while :; do sleep 1; done" & wait; wait; sleep 100`;

describe('killProcessTree', () => {
  it('asks nicely first', async () => {
    const { child, pid } = await started(`trap 'exit 7' TERM; echo ready; while :; do sleep 0.01; done`);
    const [[code]] = await Promise.all([once(child, 'exit'), kill(pid)]);
    expect(code).toBe(7);
  });

  it('ends children and grandchildren', async () => {
    const { pids, pid } = await started(
      `sleep 100 & other=$!; sh -c 'sleep 100 & echo $! '$other' ready; wait' & wait`,
    );
    expect(pids).toHaveLength(3);
    await kill(pid);
    await until(() => !pids.some(isAlive));
  });

  it('kills what ignores the signal, grandchildren too', async () => {
    const { pids, pid } = await started(stubborn);
    expect(pids).toHaveLength(2);
    expect(pids.every(isAlive)).toBe(true);
    await kill(pid, { grace: 50 });
    await until(() => !pids.some(isAlive));
  });

  it('kills at once without a grace, or when it is unsubscribed', async () => {
    const first = await started(stubborn);
    await kill(first.pid, { grace: 0 });
    await until(() => !first.pids.some(isAlive));
    const second = await started(stubborn);
    killProcessTree(second.pid, { grace: 100_000 }).subscribe().unsubscribe();
    await until(() => !second.pids.some(isAlive));
  });

  (process.platform === 'linux' ? it : it.skip)('finds a child that made a session of its own', async () => {
    const { pids, pid } = await started(`setsid sh -c 'echo $$ ready; exec sleep 100' & wait`);
    await kill(pid);
    await until(() => !pids.some(isAlive));
  });

  it('completes when there is nothing to kill', async () => {
    await kill(2 ** 30);
  });
});
