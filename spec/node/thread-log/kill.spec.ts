/**
 * Kills a process with SIGKILL while it writes, again and again, and looks for all it was told to be kept.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { buildSync } from 'esbuild';

import { fileThreadStore, type ThreadStoreDiagnostic } from '../../../src/node/index.js';
import { collect, one } from './collect.js';
import { temporaryFolders } from './temporary-folder.js';

const newFolder = temporaryFolders();
const ROUNDS = 8;

/** Adds to three threads as fast as it can, and prints each id once it is durable. */
const program = `
  import { writeSync } from 'node:fs';
  import { fileThreadStore } from './src/node/index.js';

  const [folder, round] = process.argv.slice(2);
  const store = fileThreadStore({ folder });
  const keep = (work, line, next) =>
    work.subscribe({
      complete: () => { writeSync(1, line + '\\n'); next?.(); },
      error: (error) => { if (error.reason !== 'exists') throw error; next?.(); },
    });
  const say = (thread, n) => {
    for (let i = 0; i < 3; i += 1) {
      const id = round + '-' + n + '-' + i;
      const text = id + ' ' + 'x'.repeat((n * 37) % 3000);
      const item = { type: 'agentMessage', id, text };
      const isLast = i === 2;
      keep(store.append(thread, { type: 'item', at: n, turnId: 'turn', item }), thread + ' ' + id,
        isLast ? () => say(thread, n + 1) : undefined);
    }
  };
  for (const id of ['a', 'B', 'c']) {
    const summary = { id, name: null, preview: '', cwd: '/', source: 'cli', approvalPolicy: 'never',
      createdAt: 1, updatedAt: 1, archived: false };
    keep(store.create(summary), 'created ' + id, () => say(id, 0));
  }
`;

describe('a process that is killed while it writes', () => {
  const outfile = join(newFolder(), 'child.cjs');

  beforeAll(() => {
    buildSync({
      stdin: { contents: program, resolveDir: join(__dirname, '../../..'), loader: 'js' },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile,
    });
  });

  it('leaves all behind that it was told to be kept', async () => {
    const folder = newFolder();
    const printed = new Map<string, Set<string>>();
    const found: ThreadStoreDiagnostic[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const child = spawn(process.execPath, [outfile, folder, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => (output += String(chunk)));
      const ended = once(child, 'close');
      await once(child.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 150));
      child.kill('SIGKILL');
      expect(await ended).toEqual([null, 'SIGKILL']);

      for (const line of output.split('\n').slice(0, -1)) {
        const [thread = '', id = ''] = line.split(' ');
        if (thread === 'created') printed.set(id, printed.get(id) ?? new Set());
        else printed.get(thread)?.add(id);
      }
      const store = fileThreadStore({ folder });
      store.diagnostics$.subscribe((one) => found.push(one));
      for (const [thread, ids] of printed) {
        const items = (await one(store.read(thread)))?.turns.flatMap((turn) => turn.items) ?? [];
        const there = new Set(items.map(({ id }) => id));
        expect([...ids].filter((id) => !there.has(id))).toEqual([]);
        // Whole, and in the order they were asked for within each round.
        for (const item of items) if (item.type === 'agentMessage') expect(item.text.split(' ')[0]).toBe(item.id);
      }
      await collect(store.close());
    }
    expect([...printed.values()].reduce((sum, ids) => sum + ids.size, 0)).toBeGreaterThan(ROUNDS);
    expect(found.filter(({ type }) => type === 'lockTakenOver')).toHaveLength(ROUNDS);
    // A killed process tears tails at most; nothing else of a file may be damaged.
    expect(found.filter(({ type }) => type !== 'lockTakenOver' && type !== 'tornTail')).toEqual([]);
  }, 120_000);
});
