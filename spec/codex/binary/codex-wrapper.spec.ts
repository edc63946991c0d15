import { symlinkSync } from 'node:fs';
import { join } from 'node:path';

import {
  packageOfWrapper,
  pathCandidates,
  programKind,
  programNames,
} from '../../../src/codex/binary/codex-wrapper.js';
import { install, put, scratch } from './fake-package.js';

describe('programKind', () => {
  it('goes by the first bytes', () => {
    const folder = scratch();
    const kinds = ['7f454c46', 'cffaedfe', 'cafebabe', '4d5a9000', '23212f62', ''].map((bytes, index) =>
      programKind(put(join(folder, String(index)), Buffer.from(bytes, 'hex'))),
    );
    expect(kinds).toEqual(['native', 'native', 'native', 'native', 'script', 'script']);
  });

  it('is none of what cannot be run: no file, and a folder', () => {
    const folder = scratch();
    expect([programKind(folder), programKind(join(folder, 'nothing'))]).toEqual(['none', 'none']);
  });
});

describe('packageOfWrapper', () => {
  it('follows the link that npm makes', () => {
    const folder = scratch();
    const { root, wrapper } = install(folder);
    const link = join(folder, 'codex');
    symlinkSync(wrapper, link);
    expect(packageOfWrapper(link)).toBe(root);
  });

  it.each([
    ['exec node  "$basedir/../@openai/codex/bin/codex.js" "$@"', 'node_modules/@openai/codex'],
    [
      'exec node "$basedir/../.pnpm/x@1/node_modules/@openai/codex/bin/codex.js" "$@"',
      'node_modules/.pnpm/x@1/node_modules/@openai/codex',
    ],
    ['node "%~dp0\\..\\@openai\\codex\\bin\\codex.js" %*', 'node_modules/@openai/codex'],
  ])('reads the script that a package manager wrote: %s', (line, root) => {
    const folder = scratch();
    const script = put(join(folder, 'node_modules/.bin/codex'), `#!/bin/sh\n${line}\n`);
    expect(packageOfWrapper(script)).toBe(join(folder, root));
  });

  it('is none of another script, nor of one too long to be a wrapper', () => {
    const folder = scratch();
    expect(packageOfWrapper(put(join(folder, 'a'), '#!/bin/sh\nexec something\n'))).toBeUndefined();
    const long = `"$basedir/../@openai/codex/bin/codex.js"${' '.repeat(300_000)}`;
    expect(packageOfWrapper(put(join(folder, 'b'), long))).toBeUndefined();
  });
});

describe('pathCandidates', () => {
  it('are where a shell would look', () => {
    expect(pathCandidates('/a::/b', 'linux')).toEqual(['/a/codex', '/b/codex']);
    expect(pathCandidates(undefined, 'linux')).toEqual([]);
    expect(programNames('win32')).toEqual(['codex.exe', 'codex.cmd', 'codex']);
    expect(pathCandidates('/a;/b', 'win32')).toHaveLength(6);
  });
});
