// Compiles src to dist/esm and dist/cjs.
//
//   node scripts/build.mjs [--if-stale] [esm] [cjs]        default: both
//
// With --if-stale nothing happens while dist is newer than everything it is made from.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { buildSync } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const given = process.argv.slice(2);
const kinds = ['esm', 'cjs'].filter((kind) => given.includes(kind));

for (const kind of kinds.length === 0 ? ['esm', 'cjs'] : kinds) {
  if (!given.includes('--if-stale') || isStale(kind)) build(kind);
}

function build(kind) {
  if (given.includes('--if-stale') && process.stderr.isTTY) process.stderr.write('building, once ...\n');
  const target = join(root, 'dist', kind);
  // Built beside its place and moved there whole: a program that is running from dist never sees half of it. The depth
  // is the same, so the relative paths in the source maps hold.
  const fresh = `${target}-${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { status } = spawnSync(
    process.execPath,
    [tsc, '-p', join(root, `tsconfig.build.${kind}.json`), '--outDir', fresh],
    { stdio: ['ignore', 2, 2], cwd: root },
  );
  if (status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    process.exit(1);
  }
  if (kind === 'esm') finishProgram(join(fresh, 'cli'));
  const type = kind === 'esm' ? 'module' : 'commonjs';
  writeFileSync(join(fresh, 'package.json'), `${JSON.stringify({ type, sideEffects: false })}\n`);
  rmSync(target, { recursive: true, force: true });
  renameSync(fresh, target);
}

/** Makes a program of the command line, which is started and never imported. */
function finishProgram(folder) {
  bundleCommander(join(folder, 'commander.js'));
  chmodSync(join(folder, 'main.js'), 0o755);
  for (const file of readdirSync(folder, { recursive: true })) {
    if (/\.d\.ts(\.map)?$/.test(file)) rmSync(join(folder, file));
  }
}

/** Puts the argument library, and its license, into the one file that loads it: the package has no dependencies. */
function bundleCommander(file) {
  const folder = join(root, 'node_modules/commander');
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const license = readFileSync(join(folder, 'LICENSE'), 'utf8').trim();
  // It is CommonJS, and asks for Node's own modules by `require`.
  const require = `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);`;
  buildSync({
    entryPoints: [file],
    outfile: file,
    allowOverwrite: true,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: `/*! commander ${version}\n\n${license}\n*/\n${require}` },
    logLevel: 'warning',
  });
  // What it led to was tsc's line, which is gone.
  rmSync(`${file}.map`);
}

function isStale(kind) {
  const built = join(root, 'dist', kind, 'package.json');
  if (!existsSync(built)) return true;
  const configuration = ['tsconfig.json', 'tsconfig.build.esm.json', 'tsconfig.build.cjs.json'];
  const sources = ['src', 'scripts/build.mjs', 'package-lock.json', ...configuration];
  return newest(sources.map((source) => join(root, source))) > statSync(built).mtimeMs;
}

/** The latest change below the given files and folders. A folder's own time tells of files that were deleted. */
function newest(paths) {
  return Math.max(
    0,
    ...paths.map((path) => {
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat === undefined) return 0;
      if (!stat.isDirectory()) return stat.mtimeMs;
      return Math.max(stat.mtimeMs, newest(readdirSync(path).map((name) => join(path, name))));
    }),
  );
}
