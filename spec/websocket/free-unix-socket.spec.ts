import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { freeUnixSocket } from '../../src/websocket/free-unix-socket.js';
import { temporaryFolders } from '../node/thread-log/temporary-folder.js';

const newFolder = temporaryFolders();
const free = (path: string): Promise<void> => new Promise((resolve) => freeUnixSocket(path, resolve));

describe('freeUnixSocket', () => {
  it('removes what a dead server has left', async () => {
    const path = join(newFolder(), 's');
    const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', script]);
    expect(existsSync(path)).toBe(true);
    await free(path);
    expect(existsSync(path)).toBe(false);
  });

  it('leaves one alone that took the place of the dead one while it looked', async () => {
    const path = join(newFolder(), 's');
    const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', script]);
    const looked = free(path);
    rmSync(path);
    const server = createServer();
    server.listen(path);
    await looked;
    expect(existsSync(path)).toBe(true);
    server.close();
  });

  it('leaves one that is served, a file that is no socket, and nothing', async () => {
    const folder = newFolder();
    const [served, file] = [join(folder, 's'), join(folder, 'f')];
    writeFileSync(file, 'precious');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(served, resolve));
    for (const path of [served, file, join(folder, 'nothing')]) await free(path);
    expect([existsSync(served), existsSync(file)]).toEqual([true, true]);
    server.close();
  });
});
