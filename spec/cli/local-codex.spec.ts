import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { keptCodex, localCodex } from '../../src/cli/local-codex.js';
import { CODEX_VERSION } from '../../src/codex/index.js';
import { temporaryFolders } from '../node/thread-log/temporary-folder.js';

const newFolder = temporaryFolders();

/** Writes a file that begins as a program does. */
function program(path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Buffer.from('7f454c46', 'hex'));
  return path;
}

describe('the codex of this machine', () => {
  it('is the one that is named, or none', () => {
    const home = newFolder();
    program(keptCodex({ env: {}, home }));
    const named = program(join(home, 'my-codex'));
    expect(localCodex({ env: { CODEX_BINARY: named }, home })).toBe(named);
    expect(() => localCodex({ env: { CODEX_BINARY: join(home, 'gone') }, home })).toThrow('gone: no such file');
  });

  it('is the one on the PATH before the one that is kept', () => {
    const home = newFolder();
    const kept = program(keptCodex({ env: {}, home }));
    expect(localCodex({ env: { PATH: '' }, home })).toBe(kept);
    const installed = program(join(home, 'bin/codex'));
    expect(localCodex({ env: { PATH: dirname(installed) }, home })).toBe(installed);
  });

  it('is kept where the machine keeps what can be had again, by its version', () => {
    const path = `rx-sluice/codex-${CODEX_VERSION}/node_modules/@openai/codex/bin/codex.js`;
    expect(keptCodex({ env: {}, home: '/home/me' })).toBe(`/home/me/.cache/${path}`);
    expect(keptCodex({ env: { XDG_CACHE_HOME: '' }, home: '/home/me' })).toBe(`/home/me/.cache/${path}`);
    expect(keptCodex({ env: { XDG_CACHE_HOME: '/cache' }, home: '/home/me' })).toBe(`/cache/${path}`);
  });

  it('may be none, and then it is said where it was looked for', () => {
    expect(() => localCodex({ env: { PATH: '' }, home: newFolder() })).toThrow('no codex program was found');
  });
});
