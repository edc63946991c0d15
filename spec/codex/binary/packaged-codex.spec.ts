import { realpathSync } from 'node:fs';
import { join } from 'node:path';

import { codexPackageFrom, packagedCodex } from '../../../src/codex/binary/packaged-codex.js';
import { platformTarget } from '../../../src/codex/binary/platform-target.js';
import { ELF, install, put, scratch } from './fake-package.js';

const target = platformTarget('linux', 'x64') ?? { packageName: '', triple: '', program: '' };

describe('packagedCodex', () => {
  it("is in the platform's own package", () => {
    const { root, program } = install(scratch());
    expect(packagedCodex(root, target)).toBe(realpathSync(program));
  });

  it('is in the package itself in older versions', () => {
    const root = join(scratch(), 'node_modules/@openai/codex');
    put(join(root, 'package.json'), '{}');
    const program = put(join(root, 'vendor', target.triple, 'codex/codex'), ELF);
    expect(packagedCodex(root, target)).toBe(realpathSync(program));
  });

  it('is nowhere if npm left it out', () => {
    const { root } = install(scratch(), 'linux-arm64');
    expect(packagedCodex(root, target)).toBeUndefined();
  });
});

describe('codexPackageFrom', () => {
  it('finds what a file below the folder would import', () => {
    const folder = scratch();
    const { root } = install(folder);
    expect(codexPackageFrom(join(folder, 'deep/down'))).toBe(realpathSync(root));
    expect(codexPackageFrom(scratch())).toBeUndefined();
  });
});
