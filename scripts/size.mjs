// Tells what each entry point adds to an application, minified and gzipped, without rxjs and zod.
// Fails if the root is too large, or if it needs Node.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';

import { entryPoints, root } from './entry-points.mjs';

/** Bytes, gzipped, of everything the root exports. */
const LIMIT = 16 * 1024;

let failed = false;

for (const { key, name, source } of entryPoints) {
  if (!existsSync(join(root, source))) {
    fail(`${source} is missing`);
    continue;
  }
  const { bytes, builtins, foreign } = await measure(source);
  const limit = key === '.' ? ` (limit ${kilobytes(LIMIT)})` : '';
  const needs = builtins.length > 0 ? ', needs Node' : '';
  console.log(`${name.padEnd(24)}${kilobytes(bytes)} gzipped without rxjs and zod${limit}${needs}`);
  if (key !== '.') continue;
  if (bytes > LIMIT) fail(`the root is ${bytes - LIMIT} bytes over its limit`);
  for (const path of builtins) fail(`the root imports ${path}: it must run in a browser`);
  for (const path of foreign) fail(`the root imports ${path}: its only peers are rxjs and zod`);
}
process.exitCode = failed ? 1 : 0;

/** Bundles an entry point whole: size, and what it imports that is not ours. */
async function measure(source) {
  const imported = new Set();
  const { outputFiles } = await build({
    entryPoints: [join(root, source)],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    logLevel: 'warning',
    plugins: [
      {
        name: 'leave-packages-out',
        setup: (hooks) => {
          hooks.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
            if (kind === 'entry-point') return undefined;
            imported.add(path);
            return { path, external: true };
          });
        },
      },
    ],
  });
  const paths = [...imported];
  return {
    bytes: gzipSync(outputFiles[0].contents, { level: 9 }).length,
    builtins: paths.filter(isBuiltin),
    foreign: paths.filter((path) => !isBuiltin(path) && !/^(rxjs|zod)(\/|$)/.test(path)),
  };
}

function isBuiltin(path) {
  return path.startsWith('node:') || process.getBuiltinModule?.(path) !== undefined;
}

function kilobytes(bytes) {
  return `${(bytes / 1024).toFixed(2)} KiB`;
}

function fail(reason) {
  failed = true;
  console.error(`size: ${reason}`);
}
