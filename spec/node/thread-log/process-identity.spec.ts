import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { isRunning, thisProcess } from '../../../src/node/thread-log/process-identity.js';
import { until } from '../processes.js';

const onLinux = process.platform === 'linux' ? it : it.skip;

describe('the identity of a process', () => {
  it('is that of one that runs', () => {
    expect(thisProcess()).toMatchObject({ pid: process.pid, host: expect.stringMatching(/./) as string });
    expect(isRunning(thisProcess())).toBe(true);
    expect(isRunning({ ...thisProcess(), started: null })).toBe(true);
  });

  onLinux('is not that of another one that got the same pid', () => {
    expect(thisProcess().started).toMatch(/^[0-9a-f-]{36} \d+$/);
    expect(isRunning({ ...thisProcess(), started: 'in another life' })).toBe(false);
  });

  it('is nobody once the process has ended', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    expect(isRunning({ ...thisProcess(), pid: child.pid!, started: null })).toBe(false);
  });

  onLinux('is nobody while the process only waits to be collected', async () => {
    // The shell's child ends when the shell has become another program, which never asks for it.
    const shell = spawn('/bin/sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 1000']);
    const [line] = (await once(shell.stdout, 'data')) as [Buffer];
    await until(() => !isRunning({ ...thisProcess(), pid: Number(String(line)), started: null }));
    shell.kill('SIGKILL');
  });

  it('runs as far as anyone can tell when it is on another machine', () => {
    expect(isRunning({ host: 'elsewhere', pid: 2 ** 22 + 1, started: null })).toBe(true);
  });
});
