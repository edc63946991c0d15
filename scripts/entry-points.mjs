// The entry points of the package, read from the one place that lists them: `exports` in package.json.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/**
 * `key` is how package.json calls it (`./server`), `name` how an application does (`rx-sluice/server`), `short` how a file
 * about it is called (`server`, and `index` for the root).
 */
export const entryPoints = Object.entries(manifest.exports)
  .filter(([key]) => !key.endsWith('.json'))
  .map(([key, { import: esm }]) => ({
    key,
    name: manifest.name + key.slice(1),
    short: key === '.' ? 'index' : key.slice(2).replaceAll('/', '-'),
    source: esm.default.replace('./dist/esm/', 'src/').replace(/\.js$/, '.ts'),
    types: esm.types.slice(2),
  }));
