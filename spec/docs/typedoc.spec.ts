import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseConfigFileTextToJson } from 'typescript';

const root = join(__dirname, '../..');
const read = (file: string): unknown =>
  parseConfigFileTextToJson(file, readFileSync(join(root, file), 'utf8')).config as unknown;

describe('typedoc.json', () => {
  const { exports } = read('package.json') as { readonly exports: Readonly<Record<string, unknown>> };
  const { entryPoints } = read('typedoc.json') as { readonly entryPoints: readonly string[] };

  it('documents every entry point of the package, and nothing else', () => {
    const entries = Object.keys(exports).filter((entry) => !entry.endsWith('.json'));
    expect([...entryPoints].sort()).toEqual(entries.map((entry) => join('src', entry, 'index.ts')).sort());
  });

  it.each(entryPoints)('finds the name that %s is imported by', (entryPoint) => {
    const [, folder = ''] = /^src\/(?:(.*)\/)?index\.ts$/.exec(entryPoint) ?? [];
    expect(existsSync(join(root, entryPoint))).toBe(true);
    expect(readFileSync(join(root, entryPoint), 'utf8')).toContain(` * @module ${join('rx-sluice', folder)}\n`);
  });
});
