import { join } from 'node:path';

import { build } from 'esbuild';

/** A server behind a port, as a program of its own. It answers, asks, floods, stalls and dies as it is told. */
const SERVER = `
  import { createServer } from './src/server/index.ts';
  import { contract } from './spec/transports/port-contract.ts';
  const serve = (wire) => {
    const server = createServer(contract, {
      hi: () => ({}),
      add: (n) => n + 1,
      ask: (what, context) => context.request('approve', what),
      flood: (count) => {
        for (let n = 0; n < count; n += 1) server.broadcast('tick', n);
        return count;
      },
      stall: (ms) => {
        const end = Date.now() + ms;
        while (Date.now() < end);
      },
      die: (code) => process.exit(code),
      leave: () => {
        server.shutdown();
      },
    });
    server.attach(wire);
  };
`;

const WORKER = `
  import { parentPort } from 'node:worker_threads';
  import { messagePortWire } from './src/transports/index.ts';
  ${SERVER}
  serve(messagePortWire(parentPort));
`;

const CHILD = `
  import { fromEvent } from 'rxjs';
  import { postMessageWire } from './src/transports/index.ts';
  ${SERVER}
  serve(
    postMessageWire({
      post: (value) => process.send(value, () => {}),
      listen: (receive) => {
        process.on('message', receive);
        return () => process.off('message', receive);
      },
      closed: fromEvent(process, 'disconnect'),
    }),
  );
`;

/** Writes the programs into a folder. */
export async function buildPrograms(folder: string): Promise<{ readonly worker: string; readonly child: string }> {
  const programs = { worker: join(folder, 'worker.cjs'), child: join(folder, 'child.cjs') };
  for (const [contents, outfile] of [
    [WORKER, programs.worker],
    [CHILD, programs.child],
  ] as const) {
    const resolveDir = join(__dirname, '../..');
    const stdin = { contents, resolveDir, loader: 'ts' } as const;
    await build({ stdin, bundle: true, platform: 'node', outfile, logLevel: 'error' });
  }
  return programs;
}
