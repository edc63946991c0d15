// The codex that the specs of spec-codex are for, in a folder of its own beside all dependencies: 400 MB, had once.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { root } from './entry-points.mjs';

/** The version the contract was written for: it is said in one place. */
const version = /CODEX_VERSION = '([^']+)'/.exec(readFileSync(join(root, 'src/codex/codex-version.ts'), 'utf8'))[1];

/** Where it is kept: `npm start -- --codex` looks there too. */
const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
const folder = join(cache, 'rx-sluice', `codex-${version}`);

/** The wrapper of the pinned codex, by which the native program is found; it is installed first if it is not there. */
export function pinnedCodex() {
  const wrapper = join(folder, 'node_modules/@openai/codex/bin/codex.js');
  if (!existsSync(wrapper)) install();
  return wrapper;
}

/** In a folder beside, so that an install that was cut short is none. */
function install() {
  const fresh = `${folder}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  // Without it, npm would install into whichever package the folder happens to be in.
  writeFileSync(join(fresh, 'package.json'), '{ "private": true }\n');
  console.log(`installing codex ${version} into ${folder}`);
  const { status } = spawnSync(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', `@openai/codex@${version}`],
    { cwd: fresh, stdio: 'inherit', shell: process.platform === 'win32' },
  );
  if (status === 0) {
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
    return;
  }
  rmSync(fresh, { recursive: true, force: true });
  process.exit(status ?? 1);
}
