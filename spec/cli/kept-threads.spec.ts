import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { concat, lastValueFrom, of } from 'rxjs';

import { keptThreads } from '../../src/cli/kept-threads.js';
import { fakeTerminal } from './fake-terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'rx-sluice-kept-'));

afterAll(() => rmSync(folder, { recursive: true }));

describe('the folder of threads', () => {
  it('is opened before anybody is served, below the folder the program was started in', async () => {
    const terminal = { ...fakeTerminal(), cwd: folder };
    const { home, store, opened$ } = keptThreads('threads', terminal);
    expect(home).toBe(join(folder, 'threads'));
    expect(await lastValueFrom(concat(opened$, of('open')))).toBe('open');
    expect(existsSync(join(folder, 'threads'))).toBe(true);
    await lastValueFrom(store.close(), { defaultValue: undefined });
  });

  it('is refused in one line when it cannot be one', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const { opened$ } = keptThreads(file, fakeTerminal());
    await expect(lastValueFrom(opened$)).rejects.toMatchObject({
      exitCode: 6,
      message: expect.stringContaining(`threads cannot be kept in ${file}: `),
    });
  });

  it('is refused to a second server', async () => {
    const first = keptThreads('shared', { ...fakeTerminal(), cwd: folder });
    await lastValueFrom(concat(first.opened$, of('open')));
    const second = keptThreads(join(folder, 'shared'), fakeTerminal());
    await expect(lastValueFrom(second.opened$)).rejects.toMatchObject({ exitCode: 6 });
    await lastValueFrom(first.store.close(), { defaultValue: undefined });
  });

  it('tells what is damaged in it', async () => {
    const first = keptThreads('damaged', { ...fakeTerminal(), cwd: folder });
    await lastValueFrom(concat(first.opened$, of('open')));
    await lastValueFrom(first.store.close(), { defaultValue: undefined });
    writeFileSync(join(folder, 'damaged', 'index.jsonl'), 'rubbish\n');
    const terminal = { ...fakeTerminal(), cwd: folder };
    const { store, opened$ } = keptThreads('damaged', terminal);
    await lastValueFrom(concat(opened$, of('open')));
    await lastValueFrom(store.close(), { defaultValue: undefined });
    expect(terminal.errors()).toMatch(/^rx-sluice: .*index.*: indexDamaged: lines 1\n$/);
  });
});
