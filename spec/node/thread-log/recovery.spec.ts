/**
 * Cuts a real log at every byte, as kill -9 in the middle of a write does, and reads it back.
 */
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { applyThreadEntry, type StoredThread } from '../../../src/app-server/index.js';
import { fileThreadStore, type LogFiles, type ThreadStoreDiagnostic } from '../../../src/node/index.js';
import { nodeLogFiles } from '../../../src/node/thread-log/node-log-files.js';
import { agentSays, named, summaryOf, turnStarted } from '../../app-server/store/thread-samples.js';
import { collect, one, outcome } from './collect.js';
import { temporaryFolders } from './temporary-folder.js';

const newFolder = temporaryFolders();

/** The real files, without waiting for the disk: nobody pulls the plug here. */
const files: LogFiles = {
  ...nodeLogFiles,
  syncFolder: () => Promise.resolve(),
  open: async (path, mode) => ({ ...(await nodeLogFiles.open(path, mode)), sync: () => Promise.resolve() }),
};
const entries = [turnStarted('a'), agentSays('a', 'grüße ✓'), turnStarted('b')];

/** The thread when so many of its entries are left. */
const after = (count: number): StoredThread =>
  entries.slice(0, count).reduce(applyThreadEntry, { summary: summaryOf('t'), turns: [] });

describe('a log that was cut at any byte', () => {
  let folder = '';
  let path = '';
  let log = Buffer.of();
  let index = Buffer.of();

  beforeAll(async () => {
    folder = newFolder();
    path = join(folder, 'thread-t.jsonl');
    const store = fileThreadStore({ folder, files });
    await collect(store.create(summaryOf('t')));
    for (const entry of entries) await collect(store.append('t', entry));
    await collect(store.close());
    log = readFileSync(path);
    index = readFileSync(join(folder, 'index.jsonl'));
  });

  /** Opens the folder, does something, closes it, and tells what was found. */
  async function opened(
    work: (store: ReturnType<typeof fileThreadStore>) => Promise<void>,
  ): Promise<ThreadStoreDiagnostic[]> {
    const found: ThreadStoreDiagnostic[] = [];
    const store = fileThreadStore({ folder, files });
    store.diagnostics$.subscribe((one) => found.push(one));
    await work(store);
    await collect(store.close());
    return found;
  }

  // The index of the whole log accounts for more than there is.
  it.each(['without an index', 'with the index of the whole'])(
    'has the longest valid prefix, and takes what comes next: %s',
    async (how) => {
      const hasIndex = how.startsWith('with ');
      let whole = 0;
      let end = 0;
      for (let cut = 0; cut <= log.length; cut += hasIndex ? Math.min(7, Math.max(1, log.length - cut)) : 1) {
        // A line is whole when all of it is there but perhaps its end.
        for (let stop = log.indexOf('\n', end); stop >= 0 && stop <= cut; stop = log.indexOf('\n', end)) {
          whole += 1;
          end = stop + 1;
        }
        const torn = Math.max(0, cut - end);
        writeFileSync(path, log);
        truncateSync(path, cut);
        if (hasIndex) writeFileSync(join(folder, 'index.jsonl'), index);
        else rmSync(join(folder, 'index.jsonl'), { force: true });

        const found = await opened(async (store) => {
          const { threads } = await one(store.list({ archived: false, sortKey: 'createdAt', limit: 9 }));
          const thread = await one(store.read('t'));
          expect(thread).toEqual(whole === 0 ? undefined : after(whole - 1));
          expect(threads).toEqual(thread === undefined ? [] : [thread.summary]);
          if (whole === 0) expect(await outcome(store.append('t', named('n')))).toBe('unknown');
          if (whole === 0) await collect(store.create(summaryOf('t')));
          await collect(store.append('t', named('next')));
        });
        const tails = found.filter(({ type }) => type === 'tornTail');
        expect(tails).toEqual(torn === 0 ? [] : [expect.objectContaining({ file: path, bytes: torn })]);

        const again = await opened(async (store) => {
          expect(await one(store.read('t'))).toEqual(applyThreadEntry(after(Math.max(0, whole - 1)), named('next')));
        });
        expect(again).toEqual([]);
      }
      expect(whole).toBe(entries.length + 1);
    },
    120_000,
  );
});
