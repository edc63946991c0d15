import { builtinModules } from 'node:module';
import { join } from 'node:path';

import { build } from 'esbuild';

import * as page from '../../src/codex/browser.js';
import * as node from '../../src/codex/index.js';

describe('rx-sluice/codex in a page', () => {
  it('has nothing that it does not have in Node', () => {
    expect(node).toMatchObject(page);
    expect(Object.keys(page)).toContain('codexContract');
  });

  it('has nothing of Node in it, and no package but the peers', async () => {
    const { metafile } = await build({
      entryPoints: [join(__dirname, '../../src/codex/browser.ts')],
      bundle: true,
      platform: 'browser',
      packages: 'external',
      metafile: true,
      write: false,
      logLevel: 'silent',
    });
    const imported = Object.values(metafile.inputs).flatMap(({ imports }) => imports.map(({ path }) => path));
    expect(imported.filter((path) => path.startsWith('node:') || builtinModules.includes(path))).toEqual([]);
    expect([...new Set(imported.filter((path) => !path.startsWith('src/')))].sort()).toEqual(['rxjs', 'zod']);
  });
});
