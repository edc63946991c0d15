// Runs `command/exec` in a real terminal, made by node-pty, against the built package. The module is compiled when it is
// installed, so it is no dependency of ours: this script puts it where nobody else finds it.
import { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { EMPTY, filter, firstValueFrom, scan, timeout } from 'rxjs';
import { startInProcess } from 'rx-sluice';
import { createAppServer } from 'rx-sluice/app-server';
import { processRunner } from 'rx-sluice/node';

const VERSION = '1.1.0';
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'node_modules/.cache/rx-sluice/terminal');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'package.json'), '{ "private": true }');
const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', `node-pty@${VERSION}`], {
  cwd: folder,
  stdio: 'inherit',
});
if (status !== 0) throw new Error(`node-pty ${VERSION} could not be installed`);
const pty = createRequire(join(folder, 'package.json'))('node-pty');

const server = createAppServer({ agent: () => EMPTY, commandRunner: processRunner({ pty, killGrace: 200 }) });
const client = startInProcess(server, { handshake: { clientInfo: { name: 'terminal', version: '1' } } });
const processId = 'shell';
const shown$ = client
  .notifications('command/exec/outputDelta')
  .pipe(scan((text, { deltaBase64 }) => text + Buffer.from(deltaBase64, 'base64').toString(), ''));
/** Types a line and waits until the terminal shows something. */
const type = async (line, expected) => {
  const shown = firstValueFrom(
    shown$.pipe(
      filter((text) => text.includes(expected)),
      timeout(20_000),
    ),
  );
  await client.call('command/exec/write', { processId, deltaBase64: Buffer.from(line).toString('base64') });
  await shown;
  console.log(`shows ${JSON.stringify(expected)}`);
};

const exited = client.call('command/exec', {
  command: ['/bin/sh'],
  processId,
  tty: true,
  size: { rows: 30, cols: 90 },
  env: { PS1: '$ ' },
  disableTimeout: true,
});
await type('stty size\n', '30 90');
await client.call('command/exec/resize', { processId, size: { rows: 7, cols: 11 } });
await type('stty size\n', '7 11');
await type('test -t 1 && echo "a $((6 * 7)) terminal"\n', 'a 42 terminal');
await client.call('command/exec/write', { processId, closeStdin: true });
const { exitCode } = await exited;
if (exitCode !== 0) throw new Error(`the shell ended with ${exitCode}, not with 0`);

const ended = client.call('command/exec', {
  command: ['/bin/sleep', '1000'],
  processId,
  tty: true,
  disableTimeout: true,
});
await client.call('command/exec/terminate', { processId });
console.log(`a terminated command ends with ${(await ended).exitCode}`);
await firstValueFrom(client.shutdown());
