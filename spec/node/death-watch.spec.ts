import { spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';

import { sendSignal } from '../../src/node/process-tree.js';
import { watchDeath } from '../../src/node/death-watch.js';

/** A program in a group of its own that ends by nothing but SIGKILL. */
function stubborn(): number {
  const script = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)";
  return spawn(process.execPath, ['-e', script], { detached: true, stdio: 'ignore' }).pid ?? 0;
}

describe('watchDeath', () => {
  it('leaves the group alone once it is taken back', async () => {
    const group = stubborn();
    const release = watchDeath(group, 0);
    release();
    release();
    await setTimeout(300);
    expect(sendSignal(-group, 0)).toBe(true);
    sendSignal(-group, 'SIGKILL');
  });
});
