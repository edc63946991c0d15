import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { lockFolder } from '../../../src/node/thread-log/folder-lock.js';
import { nodeLogFiles } from '../../../src/node/thread-log/node-log-files.js';
import { thisProcess } from '../../../src/node/thread-log/process-identity.js';
import { temporaryFolders } from './temporary-folder.js';
import { WatchedFiles } from './watched-files.js';

const newFolder = temporaryFolders();
/** No pid is that high. */
const dead = { ...thisProcess(), pid: 2 ** 22 + 1, started: 'once' };
const holder = (folder: string, name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));

describe('lockFolder', () => {
  it('names its holder and refuses everyone else', async () => {
    const folder = newFolder();
    const lock = await lockFolder(nodeLogFiles, folder);
    expect(lock.takenFrom).toBeUndefined();
    expect(readdirSync(folder)).toEqual(['lock-1']);
    expect(holder(folder, 'lock-1')).toEqual(thisProcess());
    await expect(lockFolder(nodeLogFiles, folder)).rejects.toMatchObject({
      reason: 'locked',
      message: expect.stringContaining(`process ${process.pid} on`) as string,
    });
    expect(readdirSync(folder)).toEqual(['lock-1']);
  });

  it('can be taken again once it was released', async () => {
    const folder = newFolder();
    await (await lockFolder(nodeLogFiles, folder)).release();
    expect(readFileSync(join(folder, 'lock-1'), 'utf8')).toBe('');
    const again = await lockFolder(nodeLogFiles, folder);
    expect(again.takenFrom).toBeUndefined();
    expect(readdirSync(folder)).toEqual(['lock-2']);
  });

  it('is taken over from a process that has died, and says whose it was', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'lock-7'), JSON.stringify(dead));
    writeFileSync(join(folder, 'lock-x.tmp'), 'of one that died before it had the lock');
    expect((await lockFolder(nodeLogFiles, folder)).takenFrom).toEqual(dead);
    expect(readdirSync(folder)).toEqual(['lock-8']);
  });

  it.each(['', '{"pid":', 'null', '{"pid":-1,"host":"x"}'])('is free when it says %j', async (text) => {
    const folder = newFolder();
    writeFileSync(join(folder, 'lock-1'), text);
    await lockFolder(nodeLogFiles, folder);
    expect(readdirSync(folder)).toEqual(['lock-2']);
  });

  it('is not taken from a process on another machine', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'lock-1'), JSON.stringify({ ...dead, host: 'elsewhere' }));
    await expect(lockFolder(nodeLogFiles, folder)).rejects.toMatchObject({ reason: 'locked' });
  });

  it('goes to one of many that find the same dead process at once', async () => {
    for (let round = 0; round < 20; round += 1) {
      const folder = newFolder();
      writeFileSync(join(folder, 'lock-1'), JSON.stringify(dead));
      const all = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(nodeLogFiles, folder)));
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    }
  });

  it.each(['write', 'link'])('does not go to one held up before its %s while others have it', async (step) => {
    const folder = newFolder();
    writeFileSync(join(folder, 'lock-1'), JSON.stringify(dead));
    const slow = new WatchedFiles();
    let isLate = true;
    slow.before = async (deed) => {
      if (deed !== step || !isLate) return;
      isLate = false;
      await (await lockFolder(nodeLogFiles, folder)).release(); // 2, which is tidied away by the next
      await lockFolder(nodeLogFiles, folder); // 3
    };
    await expect(lockFolder(slow, folder)).rejects.toMatchObject({ reason: 'locked' });
    expect(readdirSync(folder)).toEqual(['lock-3']);
  });

  it('passes on what the file system says', async () => {
    await expect(lockFolder(nodeLogFiles, join(newFolder(), 'missing'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
