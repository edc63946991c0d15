// Compiles src to dist/esm and dist/cjs.
//
//   node scripts/build.mjs [--if-stale] [esm] [cjs]        default: both
//
// With --if-stale nothing happens while dist is newer than everything it is made from.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

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
  const program = join(fresh, 'cli/main.js');
  if (existsSync(program)) chmodSync(program, 0o755);
  const type = kind === 'esm' ? 'module' : 'commonjs';
  writeFileSync(join(fresh, 'package.json'), `${JSON.stringify({ type, sideEffects: false })}\n`);
  rmSync(target, { recursive: true, force: true });
  renameSync(fresh, target);
}

function isStale(kind) {
  const built = join(root, 'dist', kind, 'package.json');
  if (!existsSync(built)) return true;
  const sources = ['src', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.esm.json', 'tsconfig.build.cjs.json'];
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
