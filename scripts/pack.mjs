import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { root } from './entry-points.mjs';

/** Makes the tarball that `npm publish` would send, of a build that is up to date, and tells its path. */
export function pack(folder) {
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/build.mjs'), '--if-stale'], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
  // What prepack would do has just been done.
  const told = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return join(folder, JSON.parse(told)[0].filename);
}
