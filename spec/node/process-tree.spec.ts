import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

import { groupsOfTree, processesFromPs, sendSignal } from '../../src/node/process-tree.js';

async function started(command: string): Promise<{ child: ChildProcess; pid: number; pids: number[] }> {
  const child = spawn('/bin/sh', ['-c', command], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, pid: child.pid ?? NaN, pids: String(line).trim().split(/\s+/).map(Number) };
}

describe('a process tree', () => {
  it('is one group while nobody leaves it', async () => {
    const { child, pid } = await started('sleep 100 & sleep 100 & echo ready; wait');
    expect(groupsOfTree(pid)).toEqual([pid]);
    sendSignal(-pid, 'SIGKILL');
    await once(child, 'exit');
  });

  const hasSetsid = process.platform === 'linux';
  (hasSetsid ? it : it.skip)('includes the groups of descendants that made one of their own', async () => {
    const { child, pid, pids } = await started(`setsid sh -c 'echo $$; exec sleep 100' & wait`);
    expect(groupsOfTree(pid)).toEqual([pid, ...pids]);
    for (const group of groupsOfTree(pid)) sendSignal(-group, 'SIGKILL');
    await once(child, 'exit');
  });

  it('is the same as ps lists it', async () => {
    const { child, pid } = await started('sleep 100 & sleep 100 & echo ready; wait');
    expect(groupsOfTree(pid, processesFromPs())).toEqual(groupsOfTree(pid));
    expect(processesFromPs().filter(({ parent }) => parent === pid)).toHaveLength(2);
    sendSignal(-pid, 'SIGKILL');
    await once(child, 'exit');
  });

  it('never includes the groups that mean everyone', () => {
    const processes = [0, 1, 7].map((group, index) => ({ pid: 100 + index, parent: 5, group }));
    expect(groupsOfTree(5, processes)).toEqual([5, 7]);
  });

  it('is just itself when nothing of it is left', () => {
    expect(groupsOfTree(2 ** 30)).toEqual([2 ** 30]);
  });

  it('says whether there is someone to take a signal', () => {
    expect(sendSignal(process.pid, 0)).toBe(true);
    expect(sendSignal(2 ** 30, 0)).toBe(false);
  });
});
