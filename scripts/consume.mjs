// Type-checks the first program of the README against the built package, as a reader's project would: by the package's
// name, with the strictest common settings and without skipping the declaration files. The specs check against the source,
// which cannot show what a declaration file has lost.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'node_modules/.cache/rx-sluice/consumer');
const program = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8'))?.[1];
if (program === undefined) throw new Error('README.md has no first program');

// Below node_modules, the package is found by its name through a folder above that has its manifest.
mkdirSync(folder, { recursive: true });
const settings = {
  strict: true,
  skipLibCheck: false,
  noEmit: true,
  target: 'ES2022',
  lib: ['ES2022', 'DOM'],
  types: [],
};
const projects = {
  'node16, ES module': { file: 'first.mts', module: 'Node16', moduleResolution: 'Node16' },
  'node16, CommonJS': { file: 'first.cts', module: 'Node16', moduleResolution: 'Node16' },
  bundler: { file: 'bundled.ts', module: 'ESNext', moduleResolution: 'Bundler' },
};
for (const [name, { file, ...options }] of Object.entries(projects)) {
  writeFileSync(join(folder, file), program);
  const config = join(folder, `tsconfig.${file}.json`);
  writeFileSync(config, JSON.stringify({ compilerOptions: { ...settings, ...options }, files: [file] }));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', config], { stdio: 'inherit' });
  console.log(`${name}: ${status === 0 ? 'the first program compiles' : 'RED'}`);
  if (status !== 0) process.exitCode = 1;
}
