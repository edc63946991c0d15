import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import type { ThreadQuery } from '../../../src/app-server/index.js';
import type { ThreadStoreDiagnostic } from '../../../src/node/index.js';
import { encodeLine } from '../../../src/node/thread-log/log-line.js';
import { ThreadFolder } from '../../../src/node/thread-log/thread-folder.js';
import { toThreadHeader } from '../../../src/node/thread-log/thread-line.js';
import { named, summaryOf, turnStarted } from '../../app-server/store/thread-samples.js';
import { temporaryFolders } from './temporary-folder.js';
import { systemError, WatchedFiles } from './watched-files.js';

const newFolder = temporaryFolders();
const all: ThreadQuery = { archived: false, sortKey: 'createdAt', limit: 100_000 };

class Harness {
  readonly files = new WatchedFiles();
  readonly found: ThreadStoreDiagnostic[] = [];
  readonly threads: ThreadFolder;

  constructor(
    readonly folder: string,
    maxOpenFiles = 4,
  ) {
    this.threads = new ThreadFolder({
      folder,
      files: this.files,
      maxOpenFiles,
      endOfTurn: () => new Promise((resolve) => setImmediate(resolve)),
      report: (one) => this.found.push(one),
    });
  }

  static async open(folder = newFolder(), maxOpenFiles?: number): Promise<Harness> {
    const harness = new Harness(folder, maxOpenFiles);
    await harness.threads.open();
    return harness;
  }

  create = (id: string): Promise<void> => this.threads.create(summaryOf(id), encodeLine(toThreadHeader(summaryOf(id))));
  append = (id: string, name: string): Promise<void> => this.threads.append(id, named(name), encodeLine(named(name)));
  ids = (): string[] =>
    this.threads
      .list(all)
      .threads.map(({ id }) => id)
      .sort();
  path = (name: string): string => join(this.folder, name);
}

describe('ThreadFolder', () => {
  it('makes its folder, and makes every new name in it durable', async () => {
    const top = newFolder();
    const { files } = await Harness.open(join(top, 'a', 'b'));
    expect(files.deeds.slice(0, 4)).toEqual([
      'makeFolder b',
      'syncFolder a',
      expect.stringMatching(/^syncFolder rx-sluice-threads-/),
      'names b',
    ]);
  });

  it('syncs the folder once for all threads made at about the same time', async () => {
    const { files, create } = await Harness.open(undefined, 100);
    files.deeds.length = 0;
    await Promise.all(Array.from({ length: 50 }, (_, index) => create(`t${index}`)));
    expect(files.count('syncFolder')).toBeLessThan(25);
    expect(files.count('syncFolder')).toBeGreaterThan(0);
    await create('one-more');
    expect(files.deeds.at(-1)).toMatch(/^syncFolder/);
  });

  it('forgets a thread whose name could not be made durable, and lets it be made again', async () => {
    const { files, create, ids } = await Harness.open();
    files.before = (deed) => {
      if (deed === 'syncFolder') throw systemError('EIO');
    };
    await expect(create('t')).rejects.toMatchObject({ code: 'EIO' });
    files.before = () => undefined;
    expect(ids()).toEqual([]);
    await create('t');
    expect(ids()).toEqual(['t']);
  });

  it('opens no more files at once than it may, however many threads are worked on', async () => {
    const { files, create, append, threads } = await Harness.open(undefined, 3);
    const ids = Array.from({ length: 60 }, (_, index) => `t${index}`);
    await Promise.all(ids.map((id) => Promise.all([create(id), append(id, 'n'), threads.read(id)])));
    expect(files.mostOpen).toBe(3);
    expect(files.openNow).toBe(0);
  });

  describe('when it is opened again', () => {
    it('reads no log that the index accounts for', async () => {
      const first = await Harness.open();
      await Promise.all(['a', 'b', 'C'].map((id) => first.create(id)));
      await first.append('a', 'n');
      await first.threads.close();
      const again = await Harness.open(first.folder);
      expect(again.ids()).toEqual(['C', 'a', 'b']);
      expect(again.files.deeds.filter((deed) => deed.startsWith('read thread-'))).toEqual([]);
      expect(again.found).toEqual([]);
      // Nothing has changed, so there is nothing to write.
      await again.threads.close();
      expect(again.files.count('rename', 'index.jsonl')).toBe(0);
    });

    it('reads the logs that have changed since the index was written, after a crash', async () => {
      const first = await Harness.open();
      await Promise.all(['a', 'b'].map((id) => first.create(id)));
      await first.threads.close();
      appendFileSync(first.path('thread-a.jsonl'), encodeLine(named('after the index')));
      const again = await Harness.open(first.folder);
      expect(
        again.threads
          .list(all)
          .threads.map(({ name }) => name)
          .sort(),
      ).toEqual(['after the index', null]);
      expect(again.files.deeds.filter((deed) => deed.startsWith('read thread-'))).toEqual(['read thread-a.jsonl']);
    });

    it('finds all of it without an index, and one thread more or less than the index has', async () => {
      const first = await Harness.open();
      await Promise.all(['a', 'b', 'c'].map((id) => first.create(id)));
      await first.threads.close();
      rmSync(first.path('thread-a.jsonl'));
      writeFileSync(first.path('thread-d.jsonl'), encodeLine(toThreadHeader(summaryOf('d'))));
      const again = await Harness.open(first.folder);
      expect(again.ids()).toEqual(['b', 'c', 'd']);
      await again.threads.close();
      rmSync(first.path('index.jsonl'));
      expect((await Harness.open(first.folder)).ids()).toEqual(['b', 'c', 'd']);
    });

    it('does not let the index speak of what the next entry puts right', async () => {
      const first = await Harness.open();
      await first.create('a');
      await first.threads.close();
      const path = first.path('thread-a.jsonl');
      // Whole but for its end: the next entry ends it first.
      appendFileSync(path, encodeLine(named('no end')).subarray(0, -1));
      const second = await Harness.open(first.folder);
      await second.threads.close();
      const third = await Harness.open(first.folder);
      await third.append('a', 'last');
      expect((await third.threads.read('a'))?.summary.name).toBe('last');
      await third.threads.close();
      const fourth = await Harness.open(first.folder);
      expect((await fourth.threads.read('a'))?.summary.name).toBe('last');
      expect([...second.found, ...third.found, ...fourth.found]).toEqual([]);
    });

    it('writes the index when many logs have changed, without being closed', async () => {
      const { create, files, path } = await Harness.open(undefined, 32);
      await Promise.all(Array.from({ length: 1_030 }, (_, index) => create(`t${index}`)));
      // Nobody waits for that write, so there is no promise of it to await; a slow disk takes as long as it takes.
      while (!existsSync(path('index.jsonl'))) await setTimeout(1);
      expect(files.count('rename', 'index.jsonl')).toBe(1);
      expect(readFileSync(path('index.jsonl'), 'utf8').split('\n').length).toBeGreaterThan(1_024);
    });
  });

  it('tells a line that is damaged once, and what stands behind it is there', async () => {
    const first = await Harness.open();
    await first.create('a');
    await first.threads.close();
    appendFileSync(first.path('thread-a.jsonl'), 'damaged\n');
    appendFileSync(first.path('thread-a.jsonl'), encodeLine(named('behind')));
    const { threads, found, append } = await Harness.open(first.folder);
    expect((await threads.read('a'))?.summary.name).toBe('behind');
    await append('a', 'more');
    expect((await threads.read('a'))?.summary.name).toBe('more');
    expect(found).toMatchObject([{ type: 'damagedLine', bytes: 8 }]);
  });

  it('keeps the entries of a thread whose first line is damaged', async () => {
    const first = await Harness.open();
    await first.create('a');
    await first.threads.close();
    const path = first.path('thread-a.jsonl');
    writeFileSync(path, Buffer.concat([Buffer.from('x'), readFileSync(path), encodeLine(turnStarted('turn', 500))]));
    const { threads, found } = await Harness.open(first.folder);
    expect(await threads.read('a')).toMatchObject({ summary: { updatedAt: 500 }, turns: [{ id: 'turn' }] });
    expect(found).toMatchObject([{ type: 'damagedLine', offset: expect.any(Number) as number }]);
  });

  it('moves a file without one whole line aside when its thread is made', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'thread-a.jsonl'), '{"type":"thread","ver');
    const { create, ids, found, threads } = await Harness.open(folder);
    expect(ids()).toEqual([]);
    expect(await threads.read('a')).toBeUndefined();
    await create('a');
    expect(found).toMatchObject([
      { type: 'tornTail', bytes: 21 },
      { type: 'movedAside', file: join(folder, 'thread-a.jsonl') },
    ]);
    const aside = readdirSync(folder).find((name) => name.endsWith('.aside')) ?? '';
    expect(readFileSync(join(folder, aside), 'utf8')).toBe('{"type":"thread","ver');
    await threads.close();
    expect((await Harness.open(folder)).ids()).toEqual(['a']);
  });

  it('does not touch a file it cannot read, and says so wherever it is asked for', async () => {
    const folder = newFolder();
    const newer = encodeLine({ type: 'thread', version: 2, summary: {} });
    writeFileSync(join(folder, 'thread-a.jsonl'), newer);
    const { create, append, threads, ids, found } = await Harness.open(folder);
    expect(found).toMatchObject([{ type: 'unreadable', file: join(folder, 'thread-a.jsonl') }]);
    expect(ids()).toEqual([]);
    expect(() => create('a')).toThrow(expect.objectContaining({ reason: 'exists' }) as Error);
    expect(() => append('a', 'n')).toThrow(expect.objectContaining({ reason: 'io' }) as Error);
    await expect(threads.read('a')).rejects.toMatchObject({ reason: 'io', cause: { message: /newer version/ } });
    expect(readFileSync(join(folder, 'thread-a.jsonl'))).toEqual(Buffer.from(newer));
  });

  it('gives the lock back when it cannot read its folder', async () => {
    const folder = newFolder();
    const broken = new Harness(folder);
    let looks = 0;
    broken.files.before = (deed) => {
      // The lock looks three times.
      if (deed === 'names' && (looks += 1) === 4) throw systemError('EIO');
    };
    await expect(broken.threads.open()).rejects.toMatchObject({ code: 'EIO' });
    await Harness.open(folder);
  });

  it('leaves files alone that are not its own', async () => {
    const folder = newFolder();
    for (const name of ['notes.txt', 'thread-.jsonl', 'thread-a.jsonl.bak']) writeFileSync(join(folder, name), 'mine');
    const { threads, ids, found } = await Harness.open(folder);
    expect([ids(), found]).toEqual([[], []]);
    await threads.close();
    expect(readdirSync(folder).sort()).toEqual(['lock-1', 'notes.txt', 'thread-.jsonl', 'thread-a.jsonl.bak']);
  });
});
