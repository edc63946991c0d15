import { realpathSync } from 'node:fs';
import { join } from 'node:path';

import type { CodexNotFoundError } from '../../../src/codex/index.js';
import { findCodexBinary, type FindCodexOptions } from '../../../src/codex/index.js';
import { ELF, install, put, scratch } from './fake-package.js';

const linux = { platform: 'linux', arch: 'x64', env: {} };

/** Where it looked before it gave up. */
function looked(options: FindCodexOptions): readonly string[] {
  try {
    return [findCodexBinary(options)];
  } catch (error) {
    return (error as CodexNotFoundError).looked;
  }
}

describe('findCodexBinary', () => {
  it('takes the program that is named, relative to the folder, and no other', () => {
    const cwd = scratch();
    install(cwd);
    const program = put(join(cwd, 'mine'), ELF);
    expect(findCodexBinary({ ...linux, cwd, binary: 'mine' })).toBe(program);
    expect(looked({ ...linux, cwd, binary: 'other' })).toEqual(['binary other: no such file']);
    expect(looked({ ...linux, cwd, env: { CODEX_BINARY: 'other' } })).toEqual(['CODEX_BINARY other: no such file']);
  });

  it('takes what CODEX_BINARY names before what is installed', () => {
    const cwd = scratch();
    const { program } = install(cwd);
    const mine = put(join(cwd, 'mine'), ELF);
    expect(findCodexBinary({ ...linux, cwd, env: { CODEX_BINARY: mine } })).toBe(mine);
    expect(findCodexBinary({ ...linux, cwd, env: { CODEX_BINARY: '' } })).toBe(realpathSync(program));
  });

  it('never answers a wrapper, but what it starts', () => {
    const folder = scratch();
    const { wrapper, program } = install(folder);
    const found = realpathSync(program);
    expect(findCodexBinary({ ...linux, cwd: scratch(), binary: wrapper })).toBe(found);
    const script = put(join(folder, 'node_modules/.bin/codex'), '"$basedir/../@openai/codex/bin/codex.js"');
    expect(findCodexBinary({ ...linux, cwd: scratch(), env: { PATH: join(script, '..') } })).toBe(found);
  });

  it('answers an absolute path, also where the PATH has a relative one', () => {
    const cwd = scratch();
    const program = put(join(cwd, 'bin', 'codex'), ELF);
    expect(findCodexBinary({ ...linux, cwd, env: { PATH: 'no:bin' } })).toBe(program);
  });

  it('takes what is installed above the folder before what is on the PATH', () => {
    const [cwd, bin] = [scratch(), scratch()];
    const { program } = install(cwd);
    const onPath = put(join(bin, 'codex'), ELF);
    expect(findCodexBinary({ ...linux, cwd: join(cwd, 'below'), env: { PATH: bin } })).toBe(realpathSync(program));
    expect(findCodexBinary({ ...linux, cwd: scratch(), env: { PATH: bin } })).toBe(onPath);
  });

  it('goes on along the PATH where it finds a script it does not know', () => {
    const [first, second] = [scratch(), scratch()];
    const script = put(join(first, 'codex'), '#!/bin/sh\n');
    const program = put(join(second, 'codex'), ELF);
    const cwd = scratch();
    expect(findCodexBinary({ ...linux, cwd, env: { PATH: `${first}:${second}` } })).toBe(program);
    expect(looked({ ...linux, cwd, env: { PATH: first } })).toEqual([
      `the package @openai/codex, from ${cwd}: not installed`,
      `${script}: a script, and not the package's own wrapper`,
      `PATH: ${first}`,
    ]);
  });

  it('tells what is wrong with an installed package', () => {
    const cwd = scratch();
    const { root } = install(cwd, 'linux-arm64');
    const at = realpathSync(root);
    expect(looked({ ...linux, cwd })).toEqual([
      `${at}: the package has no x86_64-unknown-linux-musl program`,
      'PATH: not set',
    ]);
    expect(looked({ ...linux, arch: 'riscv64', cwd })).toEqual([
      `${at}: codex has no program for linux on riscv64`,
      'PATH: not set',
    ]);
    const lost = put(join(cwd, 'lost'), '"$basedir/@openai/codex/bin/codex.js"');
    expect(looked({ ...linux, cwd, binary: lost })).toEqual([
      `binary ${lost}: a script, and not the package's own wrapper`,
    ]);
  });
});
