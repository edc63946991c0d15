// Runs the suite on another version of Node, which npm fetches: its versions are packages like any other.
//
//   node scripts/test-on-node.mjs MAJOR [jest's arguments]
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { root } from './entry-points.mjs';

const [major, ...args] = process.argv.slice(2);
if (major === process.versions.node.split('.')[0]) {
  console.log(`this is Node ${major}: npm test runs on it`);
  process.exit(0);
}

const version = onNode(['-p', 'process.versions.node'], 'pipe');
if (version.status !== 0 || !version.stdout.startsWith(`${major}.`)) {
  console.error(`Node ${major} could not be had from the npm registry: ${version.stderr}${version.stdout}`);
  process.exit(1);
}
console.log(`Node ${version.stdout.trim()}`);
const tests = onNode([join(root, 'node_modules/jest/bin/jest.js'), ...args], 'inherit');
process.exit(tests.status ?? 1);

/** The package `node` puts its binary in place by an install script, whatever npm is set to elsewhere. */
function onNode(command, output) {
  return spawnSync('npx', ['--yes', '--package', `node@${major}`, 'node', ...command], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', output, output],
    env: { ...process.env, npm_config_ignore_scripts: 'false', npm_config_loglevel: 'error' },
  });
}
