import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CodegenError } from '../../../src/codex/codegen/codegen-error.js';
import { GENERATED } from '../../../src/codex/codegen/generate-contract.js';
import { writeFiles } from '../../../src/codex/codegen/write-files.js';

describe('writeFiles', () => {
  let home: string;
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'rx-sluice-spec-'))));
  afterEach(() => rmSync(home, { recursive: true }));

  const files = (text: string): ReadonlyMap<string, string> =>
    new Map(['a.ts', 'b.ts'].map((name) => [name, `${GENERATED} ${text}`]));

  it('makes the folder, and writes over what was generated before', () => {
    const folder = join(home, 'deep', 'er');
    expect(writeFiles(folder, files('1'))).toEqual([join(folder, 'a.ts'), join(folder, 'b.ts')]);
    writeFileSync(join(folder, 'own.ts'), 'mine');
    writeFiles(folder, files('2'));
    expect(readdirSync(folder)).toEqual(['a.ts', 'b.ts', 'own.ts']);
    expect(readFileSync(join(folder, 'b.ts'), 'utf8')).toBe(`${GENERATED} 2`);
    expect(readFileSync(join(folder, 'own.ts'), 'utf8')).toBe('mine');
  });

  it("leaves a file of somebody else's alone, and then writes nothing", () => {
    writeFileSync(join(home, 'b.ts'), 'mine');
    expect(() => writeFiles(home, files('1'))).toThrow(CodegenError);
    expect(() => writeFiles(home, files('1'))).toThrow(/b\.ts was not generated and is left as it is/);
    expect(readdirSync(home)).toEqual(['b.ts']);
    expect(readFileSync(join(home, 'b.ts'), 'utf8')).toBe('mine');
  });

  it('says what is in the way', () => {
    writeFileSync(join(home, 'file'), '');
    expect(() => writeFiles(join(home, 'file'), files('1'))).toThrow(/the contract cannot be written: .*ENOTDIR/);
    mkdirSync(join(home, 'a.ts'));
    expect(() => writeFiles(home, files('1'))).toThrow(/the contract cannot be written: .*EISDIR/);
  });
});
