import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

import { forkJoin, lastValueFrom } from 'rxjs';
import { memoryThreadStore } from 'rx-sluice/app-server';
import { fileThreadStore } from 'rx-sluice/node';

import { nanosecondsPer } from './nanoseconds.mjs';

const THREADS = 10_000;
const APPENDS = 100;
const PAGE = { archived: false, sortKey: 'updatedAt', limit: 25 };
/** Stands in one thread of a hundred. */
const WORD = 'Word 42 ';

const summaryOf = (i) => ({
  id: `thread-${i}`,
  name: i % 3 === 0 ? `Thread ${i}` : null,
  preview: `please look at word ${i % 100} ${'and what stands around it '.repeat(6)}`,
  cwd: `/project/${i % 7}`,
  source: 'cli',
  approvalPolicy: 'untrusted',
  createdAt: 1_700_000_000 + i,
  // Worked on in another order than they were made.
  updatedAt: 1_700_000_000 + ((i * 7_919) % THREADS),
  archived: i % 10 === 0,
});
const summaries = () => Array.from({ length: THREADS }, (_, i) => summaryOf(i));
const named = (i) => ({ type: 'named', at: 1_700_000_000 + i, name: `Name ${i}` });
const newest = (all) => all.sort((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1)).slice(0, PAGE.limit);

/** Both give the page; what differs is whether the order is kept or made. */
const listing = (query, matches) => {
  const sorting = () => {
    const all = summaries();
    return microseconds(() => newest(all.filter((summary) => !summary.archived && matches(summary))));
  };
  const ours = () => {
    const store = memoryThreadStore();
    for (const summary of summaries()) store.create(summary).subscribe();
    return microseconds(() => store.list({ ...PAGE, ...query }).subscribe());
  };
  return { 'filter and sort': sorting, 'rx-sluice, list': ours };
};
const microseconds = async (work) => (await nanosecondsPer(1, work, { warmUp: 20, batches: 60 })) / 1_000;

/** Ten thousand logs of six lines, as the store writes them. */
function makeFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'rx-sluice-bench-'));
  for (const summary of summaries()) {
    const item = { type: 'agentMessage', id: 'item', text: summary.preview.repeat(8) };
    const entries = Array.from({ length: 5 }, () => ({ type: 'item', at: summary.updatedAt, turnId: 'turn', item }));
    const lines = [{ type: 'thread', version: 1, summary }, ...entries].map((value) => {
      const body = JSON.stringify(value).slice(0, -1);
      return `${body},"crc":"${crc32(body).toString(16).padStart(8, '0')}"}\n`;
    });
    writeFileSync(join(folder, `thread-${summary.id}.jsonl`), lines.join(''));
  }
  return folder;
}

async function scanFolder(folder) {
  const all = [];
  for (const name of await readdir(folder)) {
    if (!name.startsWith('thread-')) continue;
    const lines = (await readFile(join(folder, name), 'utf8')).trimEnd().split('\n');
    const [{ summary }, ...entries] = lines.map((line) => JSON.parse(line));
    all.push(entries.reduce((latest, { at }) => ({ ...latest, updatedAt: Math.max(latest.updatedAt, at) }), summary));
  }
  return newest(all.filter(({ archived }) => !archived));
}

/** From nothing to the first page. */
async function openStore(folder) {
  const store = fileThreadStore({ folder });
  const { threads } = await lastValueFrom(store.list(PAGE));
  return { store, threads };
}
const close = (store) => lastValueFrom(store.close(), { defaultValue: undefined });

const opening = (work) => async () => {
  const folder = makeFolder();
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};
const byScan = opening(async (folder) => {
  await scanFolder(folder);
  return (await nanosecondsPer(1, () => scanFolder(folder), { warmUp: 0, batches: 3 })) / 1e6;
});
/** The first start reads all logs and its end writes the index; the others find it, unless it is taken away. */
const ours = (hasIndex) =>
  opening(async (folder) => {
    const taken = [];
    let expected = '';
    for (let start = 0; start < 4; start += 1) {
      const begin = process.hrtime.bigint();
      const { store, threads } = await openStore(folder);
      if (start > 0) taken.push(Number(process.hrtime.bigint() - begin) / 1e6);
      await close(store);
      if (!hasIndex) rmSync(join(folder, 'index.jsonl'), { force: true });
      const page = threads.map(({ id }) => id).join();
      if (start > 0 && page !== expected) return { value: taken[0], ok: false };
      expected = page;
    }
    return taken.sort((a, b) => a - b)[0];
  });

/** A hundred entries that are all asked for at once, until the last is durable. */
const appending = (make) => async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rx-sluice-bench-'));
  mkdirSync(folder, { recursive: true });
  try {
    const { appendAll, end } = await make(folder);
    const value = (await nanosecondsPer(1, appendAll, { warmUp: 3, batches: 12 })) / 1e6;
    await end();
    return value;
  } finally {
    rmSync(folder, { recursive: true });
  }
};
const byHand = (isOneWrite) =>
  appending(async (folder) => {
    const file = await open(join(folder, 'log'), 'a');
    const lines = Array.from({ length: APPENDS }, (_, i) => `${JSON.stringify(named(i))}\n`);
    const appendAll = async () => {
      for (const part of isOneWrite ? [lines.join('')] : lines) {
        await file.write(part);
        await file.datasync();
      }
    };
    return { appendAll, end: () => file.close() };
  });
const batched = appending(async (folder) => {
  const store = fileThreadStore({ folder });
  await lastValueFrom(store.create(summaryOf(1)), { defaultValue: undefined });
  const appendAll = () =>
    lastValueFrom(forkJoin(Array.from({ length: APPENDS }, (_, i) => store.append('thread-1', named(i)))), {
      defaultValue: undefined,
    });
  return { appendAll, end: () => close(store) };
});

export const title = 'W5 ten thousand threads';
export const cases = [
  {
    label: 'the first page of 25',
    unit: 'µs',
    contenders: listing({}, () => true),
    goals: { 'rx-sluice, list': 0.05 },
  },
  {
    label: 'a search with 100 matches',
    unit: 'µs',
    contenders: listing({ search: WORD }, ({ name, preview }) =>
      `${name ?? ''}\0${preview}`.toLowerCase().includes(WORD.toLowerCase()),
    ),
    goals: { 'rx-sluice, list': 0.5 },
  },
  {
    label: 'a start, up to the first page',
    unit: 'ms',
    contenders: {
      'read and parse all logs': byScan,
      'rx-sluice, with its index': ours(true),
      'rx-sluice, index lost': ours(false),
    },
    goals: { 'rx-sluice, with its index': 0.5, 'rx-sluice, index lost': 1.5 },
  },
  {
    label: '100 appends to one thread at once',
    unit: 'ms',
    contenders: { 'a sync for each': byHand(false), 'rx-sluice, append': batched, 'all in one write': byHand(true) },
    goals: { 'rx-sluice, append': 0.3 },
  },
];
