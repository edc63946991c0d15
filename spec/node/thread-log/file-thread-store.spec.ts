import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { VirtualTimeScheduler } from 'rxjs';

import { isThreadStoreError, type ThreadEntry, type ThreadQuery } from '../../../src/app-server/index.js';
import { fileThreadStore, type ThreadStoreDiagnostic } from '../../../src/node/index.js';
import { named, summaryOf, wholeTurn } from '../../app-server/store/thread-samples.js';
import { collect, one, outcome } from './collect.js';
import { temporaryFolders } from './temporary-folder.js';
import { systemError, WatchedFiles } from './watched-files.js';

const newFolder = temporaryFolders();
const all: ThreadQuery = { archived: false, sortKey: 'createdAt', limit: 10 };

describe('fileThreadStore', () => {
  it('keeps threads from one process to the next', async () => {
    const folder = join(newFolder(), 'threads');
    const store = fileThreadStore({ folder });
    await collect(store.create(summaryOf('t')));
    await Promise.all(wholeTurn('a').map((entry) => collect(store.append('t', entry))));
    const thread = await one(store.read('t'));
    await collect(store.close());
    expect(thread).toMatchObject({ summary: { preview: 'ask a' }, turns: [{ id: 'a', status: 'completed' }] });

    const again = fileThreadStore({ folder });
    expect(await one(again.list(all))).toEqual({ threads: [thread?.summary], nextCursor: null });
    expect(await one(again.read('t'))).toEqual(thread);
    expect(await one(again.read('other'))).toBeUndefined();
  });

  it('writes JSON, one line each, that says what it is', async () => {
    const folder = newFolder();
    const store = fileThreadStore({ folder });
    await collect(store.create(summaryOf('t')));
    await collect(store.append('t', named('n')));
    const lines = readFileSync(join(folder, 'thread-t.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { type: 'thread', version: 1, summary: summaryOf('t') },
      named('n'),
    ]);
  });

  it('touches nothing before it is subscribed to, and does it again for each subscription (C1)', async () => {
    const files = new WatchedFiles();
    const store = fileThreadStore({ folder: newFolder(), files });
    const create = store.create(summaryOf('t'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(files.deeds).toEqual([]);
    expect(await outcome(create)).toBe('kept');
    expect(await outcome(create)).toBe('exists');
  });

  it('does what was asked for, heard of or not', async () => {
    const store = fileThreadStore({ folder: newFolder() });
    store.create(summaryOf('t')).subscribe().unsubscribe();
    store.append('t', named('n')).subscribe().unsubscribe();
    expect((await one(store.read('t')))?.summary.name).toBe('n');
  });

  it('writes an entry as it was when it was asked for', async () => {
    const store = fileThreadStore({ folder: newFolder() });
    const entry = { type: 'named', at: 1, name: 'then' } as { -readonly [K in keyof ThreadEntry]: ThreadEntry[K] } & {
      name: string;
    };
    const done = [collect(store.create(summaryOf('t'))), collect(store.append('t', entry as ThreadEntry))];
    entry.name = 'now';
    await Promise.all(done);
    expect((await one(store.read('t')))?.summary.name).toBe('then');
  });

  it('begins a batch when the scheduler says so', async () => {
    const [files, scheduler] = [new WatchedFiles(), new VirtualTimeScheduler()];
    const store = fileThreadStore({ folder: newFolder(), files, scheduler });
    await one(store.list(all));
    const created = collect(store.create(summaryOf('t')));
    for (let n = 0; n < 20; n += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(files.count('open')).toBe(0);
    scheduler.flush();
    await created;
    expect(files.count('open')).toBe(1);
  });

  describe('refuses, with a reason', () => {
    it.each([['../escape'], ['a/b'], ['..'], [''], ['nul\0']])('an id that is no file name: %j', async (id) => {
      const folder = newFolder();
      const store = fileThreadStore({ folder: join(folder, 'inside') });
      expect(await outcome(store.create(summaryOf(id)))).toBe('invalidId');
      expect(await outcome(store.append(id, named('n')))).toBe('unknown');
      expect(await one(store.read(id))).toBeUndefined();
      expect(readdirSync(folder)).toEqual(['inside']);
      expect(readdirSync(join(folder, 'inside'))).toEqual(['lock-1']);
    });

    it('an unknown thread, and one that exists', async () => {
      const store = fileThreadStore({ folder: newFolder() });
      expect(await outcome(store.append('t', named('n')))).toBe('unknown');
      expect(await Promise.all([outcome(store.create(summaryOf('t'))), outcome(store.create(summaryOf('t')))])).toEqual(
        ['kept', 'exists'],
      );
    });

    it('a cursor that is none of its own, and an entry that is no JSON, as any caller error', async () => {
      const store = fileThreadStore({ folder: newFolder() });
      await expect(one(store.list({ ...all, cursor: 'x' }))).rejects.toThrow(TypeError);
      await collect(store.create(summaryOf('t')));
      await expect(collect(store.append('t', { ...named('n'), at: 1n } as never))).rejects.toThrow(TypeError);
    });

    it('a folder another store has open, and takes it when that one has closed', async () => {
      const folder = newFolder();
      const [first, second] = [fileThreadStore({ folder }), fileThreadStore({ folder })];
      await collect(first.create(summaryOf('t')));
      const error: unknown = await one(second.list(all)).catch((reason: unknown) => reason);
      expect(isThreadStoreError(error)).toBe(true);
      expect(error).toMatchObject({ reason: 'locked', message: expect.stringContaining(folder) as string });
      await collect(first.close());
      expect((await one(second.list(all))).threads).toHaveLength(1);
    });

    it('everything once it was closed', async () => {
      const store = fileThreadStore({ folder: newFolder() });
      await collect(store.close());
      const works = [store.create(summaryOf('t')), store.append('t', named('n')), store.read('t'), store.list(all)];
      expect(await Promise.all(works.map((work) => outcome(work as never)))).toEqual(Array(4).fill('closed'));
    });
  });

  it('tells what the system said, and works again when it can', async () => {
    const files = new WatchedFiles();
    const store = fileThreadStore({ folder: newFolder(), files });
    await collect(store.create(summaryOf('t')));
    files.before = (deed) => {
      if (deed === 'file.write') throw systemError('ENOSPC');
    };
    await expect(collect(store.append('t', named('n')))).rejects.toMatchObject({
      name: 'ThreadStoreError',
      reason: 'io',
      threadId: 't',
      cause: { code: 'ENOSPC' },
    });
    files.before = () => undefined;
    expect(await outcome(store.append('t', named('m')))).toBe('kept');
    expect((await one(store.list(all))).threads).toMatchObject([{ name: 'm' }]);
  });

  it('tries to open the folder again after it could not', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'taken'), 'no folder');
    const store = fileThreadStore({ folder: join(folder, 'taken') });
    expect(await outcome(store.list(all) as never)).toBe('io');
    const other = fileThreadStore({ folder: join(folder, 'later', 'on') });
    mkdirSync(join(folder, 'later'));
    expect((await one(other.list(all))).threads).toEqual([]);
  });

  describe('close', () => {
    it('completes when all that was asked for is done, once however often it is asked for', async () => {
      const files = new WatchedFiles();
      const store = fileThreadStore({ folder: newFolder(), files });
      const done: string[] = [];
      store.create(summaryOf('t')).subscribe({ complete: () => done.push('created') });
      store.append('t', named('n')).subscribe({ complete: () => done.push('kept') });
      store.diagnostics$.subscribe({ complete: () => done.push('no more diagnostics') });
      await Promise.all([collect(store.close()), collect(store.close())]);
      expect(done).toEqual(['created', 'kept', 'no more diagnostics']);
      expect(files.count('rename', 'index.jsonl')).toBe(1);
      expect(files.openNow).toBe(0);
    });

    it('says so when the lock cannot be given back', async () => {
      const files = new WatchedFiles();
      const store = fileThreadStore({ folder: newFolder(), files });
      await one(store.list(all));
      files.before = (deed, name) => {
        if (deed === 'write' && name.startsWith('lock-')) throw systemError('EIO');
      };
      await expect(collect(store.close())).rejects.toMatchObject({ reason: 'io', cause: { code: 'EIO' } });
      await collect(store.diagnostics$);
    });

    it('opens nothing that was never opened', async () => {
      const files = new WatchedFiles();
      await collect(fileThreadStore({ folder: newFolder(), files }).close());
      expect(files.deeds).toEqual([]);
    });
  });

  it('replays what it found to those who subscribe later', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'thread-t.jsonl'), '{"torn');
    const store = fileThreadStore({ folder });
    await one(store.list(all));
    const found: ThreadStoreDiagnostic[] = [];
    store.diagnostics$.subscribe((one) => found.push(one));
    expect(found).toMatchObject([{ type: 'tornTail', file: join(folder, 'thread-t.jsonl'), bytes: 6 }]);
  });
});
