import { join } from 'node:path';

import { build } from 'esbuild';

/** Bundles a program that serves the suite, with `startConformanceServer` at hand. Resolves with its path. */
export async function serverProgram(folder: string, body: string): Promise<string> {
  const outfile = join(folder, 'server.cjs');
  const contents = `
    import { stdioWire } from './src/node/index.ts';
    import { startConformanceServer } from './src/testing/index.ts';
    import { listenWebSocket } from './src/websocket/index.ts';
    ${body}
  `;
  await build({
    stdin: { contents, resolveDir: join(__dirname, '../../../..'), loader: 'ts' },
    bundle: true,
    platform: 'node',
    outfile,
    logLevel: 'error',
  });
  return outfile;
}
