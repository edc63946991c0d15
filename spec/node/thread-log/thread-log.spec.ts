import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

import type { ThreadEntry } from '../../../src/app-server/index.js';
import { encodeLine } from '../../../src/node/thread-log/log-line.js';
import { scanLog } from '../../../src/node/thread-log/scan-log.js';
import { toThreadHeader } from '../../../src/node/thread-log/thread-line.js';
import { type LogHost, ThreadLog } from '../../../src/node/thread-log/thread-log.js';
import { named, summaryOf } from '../../app-server/store/thread-samples.js';
import { temporaryFolders } from './temporary-folder.js';
import { systemError, WatchedFiles } from './watched-files.js';

const newFolder = temporaryFolders();
const FILE = 'thread-t.jsonl';

/** A log whose thread is made, the file system it is on, and what became durable. */
async function logOf(): Promise<{
  readonly host: LogHost;
  readonly log: ThreadLog;
  readonly files: WatchedFiles;
  readonly durable: string[];
  readonly append: (name: string) => Promise<void>;
  readonly names: () => unknown[];
  readonly path: string;
}> {
  const [path, files, durable] = [join(newFolder(), FILE), new WatchedFiles(), [] as string[]];
  const host: LogHost = {
    files,
    endOfTurn: () => new Promise((resolve) => setImmediate(resolve)),
    withFile: (work) => work(),
    syncFolder: async () => undefined,
    moveAside: async () => undefined,
    durable: (_, { entries }) =>
      durable.push(...entries.map((entry) => (entry.type === 'named' ? (entry.name ?? '') : ''))),
    report: () => undefined,
  };
  const log = new ThreadLog(host, 't', path);
  await log.create(summaryOf('t'), encodeLine(toThreadHeader(summaryOf('t'))));
  files.deeds.length = 0;
  const append = (name: string): Promise<void> => {
    const entry: ThreadEntry = named(name);
    return log.append(entry, encodeLine(entry));
  };
  const names = (): unknown[] =>
    scanLog(readFileSync(path))
      .values.slice(1)
      .map(({ name }) => name);
  return { host, log, files, durable, append, names, path };
}

describe('ThreadLog', () => {
  describe('group commit', () => {
    it('writes and syncs once for all that is asked for in one turn of the event loop', async () => {
      const { files, append, names } = await logOf();
      const all = Array.from({ length: 50 }, (_, index) => append(`n${index}`));
      await Promise.resolve(); // a later microtask, the same turn
      all.push(append('n50'));
      await Promise.all(all);
      expect([files.count('file.write'), files.count('file.sync')]).toEqual([1, 1]);
      expect(names()).toEqual(all.map((_, index) => `n${index}`));
    });

    it('writes and syncs once for all that is asked for while a sync is under way', async () => {
      const { files, append, names } = await logOf();
      const during: Promise<void>[] = [];
      let hasBegun = false;
      files.before = async (deed) => {
        if (deed !== 'file.sync' || hasBegun) return;
        hasBegun = true;
        for (let n = 0; n < 50; n += 1) {
          during.push(append(`n${n}`));
          await new Promise((resolve) => setImmediate(resolve));
        }
      };
      await append('first');
      expect(files.count('file.sync')).toBe(1);
      await Promise.all(during);
      expect([files.count('file.write'), files.count('file.sync')]).toEqual([2, 2]);
      expect(names()).toEqual(['first', ...during.map((_, index) => `n${index}`)]);
    });

    it('puts the first entries of a new thread in the write that makes it', async () => {
      const { host, files } = await logOf();
      const fresh = new ThreadLog(host, 'u', join(newFolder(), 'thread-u.jsonl'));
      const created = fresh.create(summaryOf('u'), encodeLine(toThreadHeader(summaryOf('u'))));
      await fresh.append(named('n'), encodeLine(named('n')));
      await created;
      expect(files.count('file.write')).toBe(1);
      expect((await fresh.read(() => undefined))?.summary.name).toBe('n');
    });

    it('goes on collecting behind a read while what came before it is written', async () => {
      const { log, files, append, names } = await logOf();
      const late: Promise<void>[] = [];
      files.before = (deed) => {
        if (deed === 'open' && late.length === 0) late.push(append('c'));
      };
      await Promise.all([append('a'), log.read(() => undefined), append('b')]);
      await Promise.all(late);
      expect(names()).toEqual(['a', 'b', 'c']);
      expect(files.count('file.sync')).toBe(2);
    });

    it('tells nobody before the sync is over', async () => {
      const { files, append, durable } = await logOf();
      let told = false;
      files.before = async (deed) => {
        if (deed !== 'file.sync') return;
        for (let n = 0; n < 5; n += 1) await new Promise((resolve) => setImmediate(resolve));
        expect([told, durable]).toEqual([false, []]);
      };
      await append('n').then(() => (told = true));
      expect([told, durable]).toEqual([true, ['n']]);
      expect(files.count('file.sync')).toBe(1);
    });
  });

  it('does everything in the order it was asked for, reads among them', async () => {
    const { log, append } = await logOf();
    const read = async (): Promise<string | null | undefined> => (await log.read(() => undefined))?.summary.name;
    const all = [read(), append('a'), read(), append('b'), append('c'), read()];
    expect(await Promise.all(all)).toEqual([null, undefined, 'a', undefined, undefined, 'c']);
  });

  it('holds no file open between batches', async () => {
    const { files, append } = await logOf();
    await append('a');
    await append('b');
    expect([files.count('open'), files.count('file.close'), files.openNow]).toEqual([2, 2, 0]);
  });

  it('goes on where a short write ends', async () => {
    const { files, append, names } = await logOf();
    files.takes = (bytes) => Math.min(bytes, 7);
    await Promise.all([append('a'), append('b')]);
    expect(names()).toEqual(['a', 'b']);
    expect(files.count('file.write')).toBeGreaterThan(10);
    expect(files.count('file.sync')).toBe(1);
  });

  it('errors when the file takes nothing at all', async () => {
    const { files, append, names } = await logOf();
    files.takes = () => 0;
    await expect(append('a')).rejects.toThrow('the file takes no more bytes');
    files.takes = (bytes) => bytes;
    await append('b');
    expect(names()).toEqual(['b']);
  });

  describe('when something fails', () => {
    it('cuts off what a full disk took of a batch, and keeps what comes later', async () => {
      const { files, append, names, path } = await logOf();
      const before = readFileSync(path);
      let writes = 0;
      files.takes = () => {
        writes += 1;
        if (writes > 1) throw systemError('ENOSPC');
        return 11;
      };
      const all = await Promise.allSettled([append('a'), append('b')]);
      expect(all).toMatchObject([{ reason: { code: 'ENOSPC' } }, { reason: { code: 'ENOSPC' } }]);
      expect(readFileSync(path)).toEqual(before);
      files.takes = (bytes) => bytes;
      await append('c');
      expect(names()).toEqual(['c']);
    });

    it('cuts it off before the next batch if it could not at once', async () => {
      const { files, append, names } = await logOf();
      let isFull = true;
      files.takes = (bytes) => {
        if (isFull) throw systemError('ENOSPC');
        return bytes;
      };
      files.before = (deed) => {
        if (isFull && (deed === 'file.truncate' || deed === 'file.sync')) throw systemError('EIO');
      };
      const part = files.takes;
      let writes = 0;
      files.takes = (bytes, name) => (writes++ === 0 ? 11 : part(bytes, name));
      await expect(append('a')).rejects.toMatchObject({ code: 'ENOSPC' });
      expect(names()).toEqual([]);
      isFull = false;
      await append('b');
      expect(names()).toEqual(['b']);
    });

    it('does not trust the page cache after a failed sync: all is cut off, and written anew through another descriptor', async () => {
      const { files, append, names, path } = await logOf();
      const before = readFileSync(path);
      let failures = 1;
      files.before = (deed) => {
        if (deed === 'file.sync' && failures-- > 0) throw systemError('EIO');
      };
      await expect(append('a')).rejects.toMatchObject({ code: 'EIO' });
      expect(readFileSync(path)).toEqual(before);
      files.deeds.length = 0;
      await append('b');
      expect(names()).toEqual(['b']);
      expect(files.deeds.map((deed) => deed.split(' ')[0])).toEqual([
        'open',
        'file.size',
        'file.write',
        'file.sync',
        'file.close',
      ]);
    });

    it.each(['EACCES', 'EMFILE'])('fails that batch alone when the file cannot be opened: %s', async (code) => {
      const { files, append, names } = await logOf();
      files.before = (deed) => {
        if (deed === 'open') throw systemError(code);
      };
      await expect(append('a')).rejects.toMatchObject({ code });
      files.before = () => undefined;
      await append('b');
      expect(names()).toEqual(['b']);
    });

    it('takes a batch for kept that is synced, even if the file cannot be closed', async () => {
      const { files, append, names } = await logOf();
      files.before = (deed) => {
        if (deed === 'file.close') throw systemError('EIO');
      };
      await append('a');
      expect(names()).toEqual(['a']);
    });

    it('does not write behind a hole when somebody has cut the file', async () => {
      const { append, path } = await logOf();
      await append('a');
      const size = readFileSync(path).length;
      truncateSync(path, size - 3);
      await expect(append('b')).rejects.toThrow('has become shorter');
      expect(readFileSync(path)).toHaveLength(size - 3);
    });
  });

  describe('a thread that could not be made', () => {
    it('leaves no file, and takes nothing that was asked for behind it', async () => {
      const { host, files } = await logOf();
      const path = join(newFolder(), 'thread-u.jsonl');
      const fresh = new ThreadLog(host, 'u', path);
      files.before = (deed, name) => {
        if (deed === 'file.sync' && name === 'thread-u.jsonl') throw systemError('EIO');
      };
      const line = encodeLine(toThreadHeader(summaryOf('u')));
      const created = fresh.create(summaryOf('u'), line);
      const read = fresh.read(() => undefined);
      const appended = fresh.append(named('n'), encodeLine(named('n')));
      expect(await Promise.allSettled([created, read, appended])).toMatchObject([
        { reason: { code: 'EIO' } },
        { value: undefined },
        { reason: { reason: 'unknown', threadId: 'u' } },
      ]);
      expect(() => readFileSync(path)).toThrow('ENOENT');
    });
  });
});
