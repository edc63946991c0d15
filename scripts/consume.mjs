// Installs the tarball into empty projects and uses it there as applications do: from ES modules, from CommonJS and from
// TypeScript, by each version of it we support. The specs run against the source, which cannot show what a file that was
// left out, a wrong path in package.json or a declaration file does to a reader.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { entryPoints, manifest } from './entry-points.mjs';
import { pack } from './pack.mjs';

/** The first is the oldest we support: docs/stability.md says so too. */
const TYPESCRIPTS = ['5.6', '5.9', '6.0', '7.0'];

/** Those of the oldest Node we support. */
const NODE_TYPES = '@types/node@20';

/** What the first program of the README prints. */
const PRINTED = ['done', '… 999997 skipped', '999998', '999999', '1000000'];

/** Entry points for Node alone: their declarations speak of its types. */
const OF_NODE = ['rx-sluice/node', 'rx-sluice/websocket', 'rx-sluice/codex'];

/** Entry points that load an optional peer. */
const NEEDS = { 'rx-sluice/websocket': 'ws' };

const folder = mkdtempSync(join(tmpdir(), 'rx-sluice-consumer-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const tarball = pack(folder);
const compilers = project('compilers', ...TYPESCRIPTS.map((version) => `ts-${version}@npm:typescript@~${version}.0`));

const all = entryPoints.map(({ name }) => name);
const optional = Object.keys(manifest.peerDependenciesMeta);

// npm brings the newest of the peers that are not optional by itself.
const bare = project('without-optional-peers', tarball);
checkInstall(bare);
checkRun(
  bare,
  all.filter((name) => !(name in NEEDS)),
);
for (const [name, peer] of Object.entries(NEEDS)) checkMissing(bare, name, peer);

const newest = project('newest-peers', tarball, ...optional, NODE_TYPES);
checkRun(newest, all);
for (const typescript of TYPESCRIPTS) checkTypes(newest, typescript);

const oldestPeers = Object.entries(manifest.peerDependencies).map(
  ([name, range]) => `${name}@${range.replace('^', '')}`,
);
const oldest = project('oldest-peers', tarball, ...oldestPeers, NODE_TYPES);
checkRun(oldest, all);
checkTypes(oldest, TYPESCRIPTS[0]);

/** An empty project with these packages. */
function project(name, ...packages) {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(join(path, 'package.json'), JSON.stringify({ name, version: '0.0.0', private: true }));
  const flags = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  execFileSync('npm', ['install', ...flags, ...packages], { cwd: path, stdio: ['ignore', 'ignore', 'inherit'] });
  return { name, path };
}

function checkInstall({ name, path }) {
  const { packages } = JSON.parse(readFileSync(join(path, 'node_modules/.package-lock.json'), 'utf8'));
  for (const [installed, { hasInstallScript }] of Object.entries(packages)) {
    if (hasInstallScript) fail(`${installed} runs a script when it is installed`);
  }
  const help = spawnSync('npx', ['--no-install', manifest.name, '--help'], { cwd: path, encoding: 'utf8' });
  if (help.status !== 0 || !help.stdout.startsWith('Usage:')) fail(`its command does not run: ${help.stderr}`);
  console.log(`${name}: ${Object.keys(packages).length} packages, no install scripts, the command runs`);
}

/** An entry point whose peer is not there names it when it is loaded. */
function checkMissing({ name, path }, entry, peer) {
  const { stderr } = spawnSync(process.execPath, ['-e', `require('${entry}')`], { cwd: path, encoding: 'utf8' });
  if (!stderr.includes(`Cannot find module '${peer}'`))
    fail(`${entry} does not say that ${peer} is missing: ${stderr}`);
  console.log(`${name}: ${entry} asks for ${peer}`);
}

/** Loads entry points in both module systems; both must have the same names, and nothing behind them is reachable. */
function checkRun({ name, path }, names) {
  const told = ['import', 'require'].map((way) => {
    const file = join(path, way === 'import' ? 'load.mjs' : 'load.cjs');
    const load = way === 'import' ? 'await import(name)' : 'require(name)';
    // What CommonJS looks like from an ES module, and the other way round, adds names that are not ours.
    writeFileSync(
      file,
      `const found = {};
const namesOf = (module) =>
  Object.keys(module).filter((name) => !['default', '__esModule', 'module.exports'].includes(name)).sort().join(' ');
(async () => {
  for (const name of ${JSON.stringify(names)}) found[name] = namesOf(${load});
  const name = '${manifest.name}/dist/esm/index.js';
  try { ${load}; found.reachable = name; } catch ({ code }) { found.refused = code; }
  console.log(JSON.stringify(found));
})();\n`,
    );
    return JSON.parse(execFileSync(process.execPath, [file], { encoding: 'utf8' }));
  });
  for (const entry of names) {
    if (told[0][entry] === '') fail(`${entry} exports nothing`);
    if (told[0][entry] !== told[1][entry]) fail(`${entry} has other names as an ES module than as CommonJS`);
  }
  for (const { reachable, refused } of told) {
    if (refused !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') fail(`${reachable} can be imported, past the entry points`);
  }
  console.log(`${name}: ${names.length} entry points load in both module systems, with the same names`);
}

/** Compiles the first program of the README, and a file that reads all declarations; then runs what was compiled. */
function checkTypes({ name, path }, typescript) {
  const readme = readFileSync(join(path, 'node_modules', manifest.name, 'README.md'), 'utf8');
  const first = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? fail('README.md has no first program');
  const reading = (names) => names.map((entry, at) => `export * as entry${at} from '${entry}';\n`).join('');
  const texts = {
    first,
    neutral: reading(all.filter((entry) => !OF_NODE.includes(entry))),
    node: reading(OF_NODE),
  };
  for (const [resolution, module, extensions] of [
    ['node16', 'node16', ['mts', 'cts']],
    ['bundler', 'esnext', ['ts']],
  ]) {
    const where = `${name}, TypeScript ${typescript}, ${resolution}`;
    const outDir = `out-${typescript}-${resolution}`;
    const compiled = [
      ['page', ['first', 'neutral'], { types: [], lib: ['es2022', 'dom'] }],
      // Node's own types do without those of a page.
      ['node', ['node'], { types: ['node'], lib: ['es2022'] }],
    ].map(([kind, names, libraries]) => {
      const files = extensions.flatMap((extension) => names.map((file) => [`${file}.${extension}`, texts[file]]));
      for (const [file, text] of files) writeFileSync(join(path, file), text);
      const config = join(path, `tsconfig.${kind}.${resolution}.json`);
      const target = { target: 'es2022', rootDir: '.', outDir, ...libraries };
      const strictness = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false };
      const compilerOptions = { ...target, ...strictness, module, moduleResolution: resolution };
      writeFileSync(config, JSON.stringify({ compilerOptions, files: files.map(([file]) => file) }));
      const tsc = join(compilers.path, 'node_modules', `ts-${typescript}`, 'bin/tsc');
      const { status } = spawnSync(process.execPath, [tsc, '-p', config], { stdio: ['ignore', 'inherit', 'inherit'] });
      if (status !== 0) fail(`${where}: ${names.join(' and ')} do not compile`);
      return status === 0;
    });
    if (compiled.includes(false)) continue;
    // A bundler's output is not Node's to run.
    const programs = resolution === 'node16' ? ['first.mjs', 'first.cjs'] : [];
    for (const program of programs) {
      const printed = execFileSync(process.execPath, [join(path, outDir, program)], { encoding: 'utf8' });
      if (printed.trim() !== PRINTED.join('\n')) fail(`${where}: ${program} printed\n${printed}`);
    }
    console.log(`${where}: it compiles${programs.length > 0 ? `, and ${programs.join(', ')} run` : ''}`);
  }
}

function fail(reason) {
  process.exitCode = 1;
  console.error(`consumer: ${reason}`);
}
