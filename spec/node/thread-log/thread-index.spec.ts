import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ThreadStoreDiagnostic } from '../../../src/node/index.js';
import { encodeLine } from '../../../src/node/thread-log/log-line.js';
import { readThreadIndex, writeThreadIndex } from '../../../src/node/thread-log/thread-index.js';
import { summaryOf } from '../../app-server/store/thread-samples.js';
import { temporaryFolders } from './temporary-folder.js';
import { systemError, WatchedFiles } from './watched-files.js';

const newFolder = temporaryFolders();
const threads = ['a', 'b'].map((id, index) => ({ summary: summaryOf(id), covered: index + 10 }));

async function written(): Promise<{
  readonly folder: string;
  readonly found: ThreadStoreDiagnostic[];
  readonly files: WatchedFiles;
}> {
  const [folder, files, found] = [newFolder(), new WatchedFiles(), [] as ThreadStoreDiagnostic[]];
  await writeThreadIndex(files, folder, threads, (one) => found.push(one));
  return { folder, files, found };
}

describe('the index of a folder', () => {
  it('comes back as it was written', async () => {
    const { folder, files, found } = await written();
    expect([...(await readThreadIndex(files, folder, (one) => found.push(one))).values()]).toEqual(threads);
    expect(found).toEqual([]);
    expect(await files.names(folder)).toEqual(['index.jsonl']);
  });

  it('is empty when it is not there or cannot be read', async () => {
    const { folder, files } = await written();
    const report = (): never => {
      throw new Error('nothing to report');
    };
    expect((await readThreadIndex(files, newFolder(), report)).size).toBe(0);
    files.before = (deed) => {
      if (deed === 'read') throw systemError('EACCES');
    };
    expect((await readThreadIndex(files, folder, report)).size).toBe(0);
  });

  it('gives what is whole of it and tells what is not', async () => {
    const { folder, files, found } = await written();
    const path = join(folder, 'index.jsonl');
    truncateSync(path, readFileSync(path).length - 5);
    expect([...(await readThreadIndex(files, folder, (one) => found.push(one))).keys()]).toEqual(['a']);
    expect(found).toEqual([{ type: 'indexDamaged', file: path, lines: 1 }]);
  });

  it('passes over what another version wrote', async () => {
    const { folder, files } = await written();
    writeFileSync(join(folder, 'index.jsonl'), encodeLine({ type: 'indexed', version: 2, ...threads[0] }));
    expect((await readThreadIndex(files, folder, () => undefined)).size).toBe(0);
  });

  it('stays as it was when the new one cannot be written', async () => {
    const { folder, files, found } = await written();
    const before = readFileSync(join(folder, 'index.jsonl'), 'utf8');
    files.before = (deed) => {
      if (deed === 'write') throw systemError('ENOSPC');
    };
    await writeThreadIndex(files, folder, [], (one) => found.push(one));
    expect(found).toEqual([
      { type: 'indexNotWritten', file: join(folder, 'index.jsonl'), error: systemError('ENOSPC') },
    ]);
    expect(readFileSync(join(folder, 'index.jsonl'), 'utf8')).toBe(before);
  });
});
