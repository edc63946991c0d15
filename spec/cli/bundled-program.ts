import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildSync } from 'esbuild';

/** The program of the command line as one file, built before the specs of a file and removed after them. */
export function bundledProgram(): { readonly folder: string; readonly program: string } {
  const folder = mkdtempSync(join(tmpdir(), 'rx-sluice-cli-'));
  const program = join(folder, 'main.cjs');

  beforeAll(() => {
    buildSync({
      entryPoints: [join(__dirname, '../../src/cli/main.ts')],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile: program,
    });
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  return { folder, program };
}
