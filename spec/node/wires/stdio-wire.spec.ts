import { spawn } from 'node:child_process';
import { Console } from 'node:console';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';

import { build } from 'esbuild';
import { filter, firstValueFrom, lastValueFrom, toArray } from 'rxjs';

import { connect, defineContract, isLagged, notification, request, serverRequest, type } from '../../../src/index.js';
import { spawnWire, stdioWire } from '../../../src/node/index.js';
import { temporaryFolders } from '../thread-log/temporary-folder.js';

const newFolder = temporaryFolders();

const contract = defineContract({
  requests: { hi: request({}), run: request({ params: type<string>(), result: type<string>() }) },
  serverRequests: { approve: serverRequest({ params: type<string>(), result: type<boolean>() }) },
  serverNotifications: {
    step: notification({ params: type<number>() }),
    flood: notification({ params: type<string>(), delivery: 'best-effort' }),
  },
  handshake: { request: 'hi' },
});

describe('stdioWire', () => {
  let program: string;

  beforeAll(async () => {
    program = join(newFolder(), 'server.cjs');
    const contents = `
      import { map } from 'rxjs';
      import { defineContract, notification, request, serverRequest, type } from './src/index.ts';
      import { stdioWire } from './src/node/index.ts';
      import { createServer } from './src/server/index.ts';
      const contract = defineContract({
        requests: { hi: request({}), run: request({}) },
        serverRequests: { approve: serverRequest({}) },
        serverNotifications: { step: notification({}), flood: notification({ delivery: 'best-effort' }) },
        handshake: { request: 'hi', capabilities: () => ({ lag: true }) },
      });
      const server = createServer(contract, {
        hi: () => undefined,
        run: (command, context) => {
          if (command === 'flood') {
            for (let n = 0; n < 20000; n += 1) context.notify('flood', 'x'.repeat(1000));
            console.error('flooded');
            return 'done';
          }
          console.log('a stray line');
          for (let n = 0; n < 1000; n += 1) context.notify('step', n);
          return context.request('approve', command).pipe(map((yes) => (yes ? 'done' : 'declined')));
        },
      });
      server.attach(stdioWire()).closed$.subscribe(({ reason }) => console.error(reason));
    `;
    await build({
      stdin: { contents, resolveDir: join(__dirname, '../../..'), loader: 'ts' },
      bundle: true,
      platform: 'node',
      outfile: program,
      logLevel: 'error',
    });
  }, 60_000);

  it('is the other end of spawnWire: commands, events, questions, and the end', async () => {
    const wire = spawnWire({ command: process.execPath, args: [program] });
    const client = connect(wire, contract);
    const diagnostics = lastValueFrom(client.diagnostics$.pipe(toArray()));
    client.handle('approve', (command) => command === 'ls');
    const steps = lastValueFrom(client.notifications('step').pipe(toArray()));
    expect(await client.call('run', 'ls')).toBe('done');
    expect(await client.call('run', 'rm')).toBe('declined');
    await lastValueFrom(client.shutdown());
    expect(await steps).toHaveLength(2_000);
    expect(await lastValueFrom(wire.exited$)).toEqual({ code: 0, signal: null });
    expect(await diagnostics).toEqual([]);
    expect((await lastValueFrom(wire.stderr$.pipe(toArray()))).join('')).toBe(
      'a stray line\na stray line\npeer closed\n',
    );
  });

  it('E7: a program whose stdout is not read goes on, holds what its bounds say, and tells what was lost', async () => {
    const wire = spawnWire({ command: process.execPath, args: [program] });
    const client = connect(wire, contract);
    let [received, skipped] = [0, 0];
    client.events$.subscribe((event) => (isLagged(event) ? (skipped += event.skipped) : (received += 1)));
    await firstValueFrom(client.ready$);
    const answer = client.call('run', 'flood');
    wire.pause?.();
    // It is not held up in its writes.
    await firstValueFrom(wire.stderr$.pipe(filter((text) => text.includes('flooded'))));
    wire.resume?.();
    expect(await answer).toBe('done');
    while (received + skipped < 20_000) await new Promise((resolve) => setImmediate(resolve));
    expect([received + skipped, skipped > 0]).toEqual([20_000, true]);
    await lastValueFrom(client.shutdown());
    await lastValueFrom(wire.exited$);
  });

  it('lets a program go that is not needed any more, by its own close', async () => {
    const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'ignore'] });
    child.stdin.end();
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
  });

  it('reads and writes as it is told', async () => {
    const stdout = new PassThrough();
    const wire = stdioWire({ stdin: new PassThrough(), stdout, framing: 'content-length', console: 'leave' });
    wire.send({ method: 'a' });
    wire.close();
    expect(String(await stdout.setEncoding('utf8').toArray())).toBe('Content-Length: 14\r\n\r\n{"method":"a"}');
  });

  it('keeps all that the console says off stdout', () => {
    const said: string[] = [];
    const stdout = jest
      .spyOn(process.stdout, 'write')
      .mockImplementation((text) => said.push(`out ${String(text)}`) > 0);
    const stderr = jest
      .spyOn(process.stderr, 'write')
      .mockImplementation((text) => said.push(`err ${String(text)}`) > 0);
    const before = globalThis.console;
    globalThis.console = new Console(process.stdout, process.stderr);
    const wire = stdioWire({ stdin: new PassThrough(), stdout: new PassThrough() });
    try {
      const { console: target } = globalThis;
      for (const say of ['log', 'info', 'debug', 'dir', 'dirxml', 'table', 'group', 'count'] as const) target[say](say);
      target.time('time');
      target.timeLog('time');
      target.timeEnd('time');
    } finally {
      wire.close();
      globalThis.console = before;
      stdout.mockRestore();
      stderr.mockRestore();
    }
    expect(said.length).toBeGreaterThanOrEqual(10);
    expect(said.filter((text) => text.startsWith('out'))).toEqual([]);
  });

  it('gives the console back when it ends, and leaves it alone when it is told to', async () => {
    const before = console.log;
    const open = (mode?: 'leave'): ReturnType<typeof stdioWire> =>
      stdioWire({ stdin: new PassThrough(), stdout: new PassThrough(), ...(mode && { console: mode }) });
    const wire = open();
    expect(console.log).not.toBe(before);
    wire.close();
    await firstValueFrom(wire.closed$);
    expect(console.log).toBe(before);
    open('leave').close();
    expect(console.log).toBe(before);
    const second = open();
    const other = (): void => {};
    console.log = other;
    second.close();
    expect(console.log).toBe(other);
    console.log = before;
  });
});
