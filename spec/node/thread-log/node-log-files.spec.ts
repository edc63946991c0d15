import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { nodeLogFiles } from '../../../src/node/thread-log/node-log-files.js';
import { temporaryFolders } from './temporary-folder.js';

const newFolder = temporaryFolders();
const bytes = (text: string): Uint8Array => Buffer.from(text);

describe('nodeLogFiles', () => {
  it('writes where it is told, cuts, syncs and tells the size', async () => {
    const path = join(newFolder(), 'a');
    const file = await nodeLogFiles.open(path, 'create');
    expect(await file.write(bytes('hello'), 0)).toBe(5);
    expect(await file.write(bytes('p me'), 3)).toBe(4);
    expect(await file.size()).toBe(7);
    await file.truncate(4);
    await file.sync();
    await file.close();
    expect(readFileSync(path, 'utf8')).toBe('help');
    expect(await nodeLogFiles.size(path)).toBe(4);
  });

  it('makes no file that is there and opens none that is not', async () => {
    const path = join(newFolder(), 'a');
    await expect(nodeLogFiles.open(path, 'write')).rejects.toMatchObject({ code: 'ENOENT' });
    writeFileSync(path, 'abc');
    await expect(nodeLogFiles.open(path, 'create')).rejects.toMatchObject({ code: 'EEXIST' });
    const file = await nodeLogFiles.open(path, 'write');
    await file.write(bytes('X'), 1);
    await file.close();
    expect(readFileSync(path, 'utf8')).toBe('aXc');
  });

  it('reads from a byte on', async () => {
    const path = join(newFolder(), 'a');
    writeFileSync(path, 'abcdef');
    const read = async (from?: number): Promise<string> => Buffer.from(await nodeLogFiles.read(path, from)).toString();
    expect([await read(), await read(4), await read(6), await read(9)]).toEqual(['abcdef', 'ef', '', '']);
  });

  it('makes folders and says where it began', async () => {
    const folder = newFolder();
    expect(await nodeLogFiles.makeFolder(join(folder, 'a', 'b'))).toBe(join(folder, 'a'));
    expect(await nodeLogFiles.makeFolder(join(folder, 'a', 'b'))).toBeUndefined();
    await nodeLogFiles.syncFolder(folder);
    expect(await nodeLogFiles.names(folder)).toEqual(['a']);
  });

  it('renames, links and removes', async () => {
    const folder = newFolder();
    const [a, b, c] = ['a', 'b', 'c'].map((name) => join(folder, name)) as [string, string, string];
    await nodeLogFiles.write(a, bytes('a'));
    await nodeLogFiles.link(a, b);
    await expect(nodeLogFiles.link(a, b)).rejects.toMatchObject({ code: 'EEXIST' });
    await nodeLogFiles.rename(a, c);
    await nodeLogFiles.remove(b);
    await nodeLogFiles.remove(b);
    expect(await nodeLogFiles.names(folder)).toEqual(['c']);
  });

  (process.platform === 'win32' ? it.skip : it)('lets nobody but the owner read what it makes', async () => {
    const folder = join(newFolder(), 'made');
    await nodeLogFiles.makeFolder(folder);
    await nodeLogFiles.write(join(folder, 'a'), bytes(''));
    await (await nodeLogFiles.open(join(folder, 'b'), 'create')).close();
    const modes = ['.', 'a', 'b'].map((name) => statSync(join(folder, name)).mode & 0o077);
    expect(modes).toEqual([0, 0, 0]);
  });
});
