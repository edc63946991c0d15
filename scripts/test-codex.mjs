// Runs the specs against the real codex: the one in CODEX_BINARY, or the pinned one, which is installed when it is missing.
//
//   node scripts/test-codex.mjs [jest's arguments]
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { pinnedCodex } from './codex-binary.mjs';
import { root } from './entry-points.mjs';

const tests = spawnSync(
  process.execPath,
  [join(root, 'node_modules/jest/bin/jest.js'), '--config', 'jest.codex.config.js', ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, CODEX_BINARY: process.env.CODEX_BINARY || pinnedCodex() },
  },
);
process.exit(tests.status ?? 1);
