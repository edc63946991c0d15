import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { build } from 'esbuild';

import { isAlive, until } from './processes.js';
import { temporaryFolders } from './thread-log/temporary-folder.js';

const newFolder = temporaryFolders();

describe('guardTree', () => {
  let program: string;

  beforeAll(async () => {
    program = join(newFolder(), 'owner.cjs');
    const contents = `
      import { spawn } from 'node:child_process';
      import { guardTree } from './src/node/guard-tree.ts';
      const child = spawn('/bin/sh', ['-c', 'sleep 1000 & wait'], { detached: true, stdio: 'ignore' });
      const release = guardTree(child.pid, 100);
      if (process.argv[2] === 'released') release();
      console.log(child.pid);
      if (process.argv[2] === 'exit') process.exit(0);
      setInterval(() => {}, 1000);
    `;
    const stdin = { contents, resolveDir: join(__dirname, '../..'), loader: 'ts' } as const;
    await build({ stdin, bundle: true, platform: 'node', outfile: program, logLevel: 'error' });
  });

  /** Starts the owner, and its child by it; ends the owner if it does not end by itself. */
  async function end(way: string): Promise<number> {
    const owner = spawn(process.execPath, [program, way], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = new Promise((resolve) => owner.once('exit', resolve));
    const pid = Number(await new Promise((resolve) => owner.stdout.once('data', resolve)));
    if (way !== 'exit') owner.kill('SIGKILL');
    await exited;
    return pid;
  }

  it.each(['exit', 'SIGKILL'])('ends a process and what it has started when this one ends by %s', async (way) => {
    const pid = await end(way);
    await until(() => !isAlive(pid));
    await until(() => !isGroupAlive(pid));
  });

  it('leaves it alone once it is taken back', async () => {
    const pid = await end('released');
    expect(isAlive(pid)).toBe(true);
    process.kill(-pid, 'SIGKILL');
  });
});

function isGroupAlive(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}
