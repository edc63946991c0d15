import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ThreadStoreDiagnostic } from '../../../src/node/index.js';
import { loadThread, type LoadedThread } from '../../../src/node/thread-log/load-thread.js';
import { encodeLine } from '../../../src/node/thread-log/log-line.js';
import type { IndexedThread } from '../../../src/node/thread-log/thread-index.js';
import { toThreadHeader } from '../../../src/node/thread-log/thread-line.js';
import { named, summaryOf, turnStarted } from '../../app-server/store/thread-samples.js';
import { temporaryFolders } from './temporary-folder.js';
import { WatchedFiles } from './watched-files.js';

const newFolder = temporaryFolders();
const log = Buffer.concat([encodeLine(toThreadHeader(summaryOf('t'))), encodeLine(turnStarted('a', 200))]);
const indexed: IndexedThread = { summary: summaryOf('t', { name: 'of the index' }), covered: log.length };

describe('loadThread', () => {
  function thread(): {
    readonly path: string;
    readonly files: WatchedFiles;
    readonly found: ThreadStoreDiagnostic[];
    readonly load: (index?: IndexedThread) => Promise<LoadedThread | undefined>;
  } {
    const path = join(newFolder(), 'thread-t.jsonl');
    writeFileSync(path, log);
    const [files, found] = [new WatchedFiles(), [] as ThreadStoreDiagnostic[]];
    return { path, files, found, load: (index) => loadThread(files, 't', path, index, (one) => found.push(one)) };
  }

  it('reads the log when there is no index', async () => {
    expect(await thread().load()).toEqual({
      summary: summaryOf('t', { updatedAt: 200 }),
      end: log.length,
      unterminated: false,
      wasRead: true,
    });
  });

  it('reads nothing when the index accounts for all of it', async () => {
    const { files, load } = thread();
    expect(await load(indexed)).toMatchObject({ summary: indexed.summary, end: log.length, wasRead: false });
    expect(files.count('read')).toBe(0);
  });

  it('reads what came behind what the index accounts for', async () => {
    const { path, load } = thread();
    appendFileSync(path, encodeLine(turnStarted('b', 300)));
    expect(await load(indexed)).toMatchObject({
      summary: { name: 'of the index', updatedAt: 300 },
      end: log.length + encodeLine(turnStarted('b', 300)).length,
      wasRead: true,
    });
  });

  it('does not believe an index that accounts for more than there is', async () => {
    const { path, load } = thread();
    truncateSync(path, log.length - 1);
    expect(await load(indexed)).toMatchObject({ summary: { name: null }, end: log.length - 1, unterminated: true });
  });

  it('leaves a torn tail out and tells it', async () => {
    const { path, found, load } = thread();
    appendFileSync(path, encodeLine(named('n')).subarray(0, 9));
    expect(await load(indexed)).toMatchObject({ end: log.length });
    expect(found).toMatchObject([{ type: 'tornTail', file: path, bytes: 9 }]);
  });

  it('is no thread without one whole line', async () => {
    const { path, load } = thread();
    truncateSync(path, 20);
    expect(await load()).toBeUndefined();
    truncateSync(path, 0);
    expect(await load()).toBeUndefined();
  });
});
