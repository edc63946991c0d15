import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { build } from 'esbuild';
import { filter, firstValueFrom, lastValueFrom, map, toArray, VirtualTimeScheduler } from 'rxjs';

import { type Client, connect, defineContract, isLagged, notification, request, type } from '../../../src/index.js';
import { type SpawnedWire, spawnWire, type SpawnWireOptions } from '../../../src/node/index.js';
import { processesFromPs as listProcesses, sendSignal } from '../../../src/node/process-tree.js';
import { until } from '../processes.js';
import { temporaryFolders } from '../thread-log/temporary-folder.js';
import { ECHO, FLOOD, LEADS_A_GROUP, LEAVES_A_CHILD, LEAVES_A_DAEMON, POLITE, STUBBORN } from './programs.js';

const newFolder = temporaryFolders();

const contract = defineContract({
  requests: {
    echo: request({ params: type<unknown>(), result: type<unknown>() }),
    never: request({}),
    exit: request({ params: type<number>() }),
  },
  serverNotifications: {
    pid: notification({ params: type<number>() }),
    flood: notification({ params: type<string>(), delivery: 'best-effort' }),
  },
});

const node = (script: string, options: Partial<SpawnWireOptions> = {}): SpawnedWire =>
  spawnWire({ command: process.execPath, args: ['-e', script], grace: 200, ...options });

/** A client, and the pid its program tells. */
async function started(wire: SpawnedWire): Promise<{ client: Client<typeof contract>; pid: number }> {
  const client = connect(wire, contract, { cancelHold: 1 });
  return { client, pid: await firstValueFrom(client.notifications('pid')) };
}

async function gone(pid: number): Promise<void> {
  while (sendSignal(pid, 0)) await setTimeout(5);
}

describe('spawnWire', () => {
  it('speaks with a program over its stdin and stdout', async () => {
    const wire = node(ECHO);
    const { client, pid } = await started(wire);
    expect(pid).toBe(wire.pid);
    expect(await client.call('echo', 'ä…🙂\n')).toBe('ä…🙂\n');
    await lastValueFrom(client.shutdown());
    expect(await lastValueFrom(wire.exited$)).toEqual({ code: 0, signal: null });
  });

  it('hands on the environment and the folder it is told', async () => {
    const script = `process.stdout.write(JSON.stringify({ method: 'x', params: [process.env.ONE, process.env.HOME, process.cwd()] }) + '\\n')`;
    const cwd = newFolder();
    const wire = node(script, { env: { ONE: '1' }, cwd });
    expect(await firstValueFrom(wire.inbound$)).toEqual({ method: 'x', params: ['1', null, cwd] });
  });

  it('D3: tells how the program ended, by code and by signal, and errors what was asked', async () => {
    const one = await started(node(ECHO));
    const cut = one.client.call('exit', 3).catch((error: unknown) => error);
    expect(await cut).toMatchObject({ reason: 'closed', message: expect.stringContaining('peer exited with code 3') });
    expect(await firstValueFrom(one.client.closed$)).toEqual({ reason: 'peer exited with code 3', orderly: false });

    const two = await started(node(ECHO));
    const pending = [1, 2, 3].map(() => two.client.call('never').catch((error: unknown) => error));
    process.kill(two.pid, 'SIGKILL');
    for (const error of await Promise.all(pending)) {
      expect(error).toMatchObject({ reason: 'closed', message: expect.stringContaining('peer was killed by SIGKILL') });
    }
    const three = await started(node(ECHO));
    three.client.call('exit', 0).catch(() => undefined);
    expect(await firstValueFrom(three.client.closed$)).toEqual({ reason: 'peer exited with code 0', orderly: true });
  });

  it('delivers all that was said before the end', async () => {
    const script = `for (let n = 0; n < 5000; n += 1) process.stdout.write(JSON.stringify({ method: 'n', params: n }) + '\\n')`;
    const all = await lastValueFrom(node(script).inbound$.pipe(toArray()));
    expect(all).toHaveLength(5_000);
    expect(all.at(-1)).toEqual({ method: 'n', params: 4_999 });
  });

  it('delivers it to a reader too who is paused long after the end', async () => {
    const script = `for (let n = 0; n < 100; n += 1) process.stdout.write(JSON.stringify({ method: 'n', params: n }) + '\\n')`;
    const wire = node(script, { grace: 1 });
    const ends: unknown[] = [];
    wire.closed$.subscribe((info) => ends.push(info));
    let read = 0;
    wire.inbound$.subscribe(() => {
      read += 1;
      if (read === 1) wire.pause?.();
    });
    await lastValueFrom(wire.exited$);
    await setTimeout(50);
    expect([read, ends]).toEqual([1, []]);
    wire.resume?.();
    expect(await lastValueFrom(wire.closed$)).toEqual({ reason: 'peer exited with code 0', orderly: true });
    expect(read).toBe(100);
  });

  it('A2: answers what is asked behind a flood that nobody looks at', async () => {
    const script = `
      const line = JSON.stringify({ method: 'flood', params: 'x'.repeat(1000) }) + '\\n';
      require('node:readline').createInterface({ input: process.stdin }).on('line', (text) => {
        for (let n = 0; n < 2000; n += 1) process.stdout.write(line);
        process.stdout.write(JSON.stringify({ id: JSON.parse(text).id, result: 'done' }) + '\\n');
      });
    `;
    const client = connect(node(script), contract, { limits: { events: 16 } });
    for (let n = 0; n < 3; n += 1) expect(await client.call('echo', n)).toBe('done');
    await lastValueFrom(client.shutdown());
  });

  it('DESIGN 5: skips a line of 100 MiB, holds no more of it than the limit, and goes on', async () => {
    const script = `
      const out = (text) => new Promise((resolve) => process.stdout.write(text, resolve));
      (async () => {
        for (let n = 0; n < 100; n += 1) await out('x'.repeat(1048576));
        await out('\\n' + JSON.stringify({ method: 'pid', params: process.pid }) + '\\n');
        process.stdin.resume();
      })();
    `;
    const wire = node(script, { maxMessageBytes: 1_048_576 });
    const client = connect(wire, contract);
    const found = firstValueFrom(client.diagnostics$);
    expect(await firstValueFrom(client.notifications('pid'))).toBe(wire.pid);
    expect(await found).toMatchObject({
      type: 'malformed',
      error: { message: 'a message of 104857600 bytes is over the limit of 1048576' },
    });
    await lastValueFrom(client.shutdown());
  });

  it('tells a program that cannot be started, and throws nothing', async () => {
    for (const [command, code] of [
      ['/nowhere/at/all', 'ENOENT'],
      [newFolder(), 'EACCES'],
      ['with\0zero', 'ERR_INVALID_ARG_VALUE'],
    ] as const) {
      const wire = spawnWire({ command });
      const client = connect(wire, contract);
      const answer = client.call('never').catch((error: unknown) => error);
      expect(await firstValueFrom(wire.closed$)).toMatchObject({
        reason: `could not start ${command}`,
        orderly: false,
        error: { code },
      });
      expect(await answer).toMatchObject({ reason: 'closed' });
      expect(wire.pid).toBeUndefined();
      expect(await lastValueFrom(wire.exited$, { defaultValue: 'never started' })).toBe('never started');
    }
  });

  it('shows stderr, also to who comes late, and reads it when nobody does', async () => {
    const script = `process.stderr.write('x'.repeat(1_000_000)); process.stderr.write('\\nthe end\\n')`;
    const wire = node(script);
    await lastValueFrom(wire.exited$);
    const text = await lastValueFrom(
      wire.stderr$.pipe(
        toArray(),
        map((pieces) => pieces.join('')),
      ),
    );
    expect(text).toMatch(/x\nthe end\n$/);
  });

  it('replays the last 256 pieces of stderr', async () => {
    const wire = node(`for (let n = 0; n < 1000; n += 1) process.stderr.write(n + '\\n')`);
    await lastValueFrom(wire.exited$);
    await lastValueFrom(wire.stderr$);
    const pieces = await lastValueFrom(wire.stderr$.pipe(toArray()));
    expect([pieces.length, pieces[0], pieces.at(-1)]).toEqual([256, '744\n', '999\n']);
  });

  it('leaves no watcher behind', async () => {
    const watchers = (): number => listProcesses().filter(({ parent }) => parent === process.pid).length;
    const before = watchers();
    const wire = node(ECHO);
    await started(wire);
    expect(watchers()).toBeGreaterThan(before);
    wire.close();
    await lastValueFrom(wire.exited$);
    await until(() => watchers() <= before);
  });

  describe('the ladder: end stdin, SIGTERM, SIGKILL', () => {
    it('ends a program that ends with its input', async () => {
      const wire = node(ECHO);
      await started(wire);
      wire.close();
      expect(await lastValueFrom(wire.exited$)).toEqual({ code: 0, signal: null });
    });

    it.each(['never read', 'paused'])('ends one that has more to say to a wire that was %s', async (how) => {
      const script = `
        process.stdin.resume();
        for (let n = 0; n < 1000; n += 1) process.stdout.write(JSON.stringify({ method: 'x', params: 'x'.repeat(1000) }) + '\\n');
      `;
      const wire = node(script, { grace: 10_000 });
      if (how === 'paused') wire.inbound$.subscribe(() => wire.pause?.());
      await setTimeout(20);
      wire.close();
      expect(await lastValueFrom(wire.exited$)).toEqual({ code: 0, signal: null });
    });

    it('ends one that hears SIGTERM only, and one that hears nothing', async () => {
      const deaf = node('setInterval(() => {}, 1000)');
      deaf.close();
      expect(await lastValueFrom(deaf.exited$)).toEqual({ code: null, signal: 'SIGTERM' });
      const wire = node(STUBBORN);
      await started(wire);
      wire.close();
      expect(await lastValueFrom(wire.exited$)).toEqual({ code: null, signal: 'SIGKILL' });
    });

    it('ends one that floods, and one that reads nothing of what is sent', async () => {
      for (const script of [FLOOD, STUBBORN]) {
        const wire = node(script, { highWaterMark: 1_000 });
        const { pid } = await started(wire);
        for (let n = 0; n < 1_000; n += 1) wire.send({ method: 'x', params: 'x'.repeat(1_000) });
        wire.close();
        await lastValueFrom(wire.exited$);
        await gone(pid);
      }
    });

    it('ends what the program has started and left behind, and does not wait for its pipe', async () => {
      const { client, pid } = await started(node(LEAVES_A_CHILD));
      expect(await firstValueFrom(client.closed$)).toEqual({ reason: 'peer exited with code 0', orderly: true });
      await gone(pid);
    });

    it('lets go of a pipe that a daemon holds', async () => {
      const pipes = (): number => process.getActiveResourcesInfo().filter((name) => name === 'PipeWrap').length;
      const before = pipes();
      const { client, pid } = await started(node(LEAVES_A_DAEMON));
      expect(await firstValueFrom(client.closed$)).toEqual({ reason: 'peer exited with code 0', orderly: true });
      await until(() => pipes() <= before);
      process.kill(pid, 'SIGKILL');
    });

    it('sends nothing to a program that has ended: another may have its number by then', async () => {
      const scheduler = new VirtualTimeScheduler();
      const wire = node(ECHO, { scheduler });
      await firstValueFrom(wire.inbound$);
      wire.close();
      await lastValueFrom(wire.exited$);
      expect(scheduler.actions).toEqual([]);
    });

    it('ends a program that closes its stdout and lives on', async () => {
      const wire = node(`process.stdin.resume(); require('node:fs').closeSync(1); setInterval(() => {}, 1000)`);
      const client = connect(wire, contract);
      expect(await firstValueFrom(client.closed$)).toEqual({ reason: 'peer closed', orderly: true });
      await lastValueFrom(wire.exited$);
    });
  });

  it('makes a paused program wait in its own writes', async () => {
    const wire = node(FLOOD);
    let read = 0;
    wire.inbound$.subscribe(() => (read += 1));
    while (read === 0) await setTimeout(1);
    wire.pause?.();
    await setTimeout(50);
    const before = read;
    await setTimeout(50);
    expect(read).toBe(before);
    wire.resume?.();
    while (read === before) await setTimeout(1);
    wire.close();
    await lastValueFrom(wire.exited$);
  });

  describe('when this process dies', () => {
    let program: string;

    beforeAll(async () => {
      program = join(newFolder(), 'owner.cjs');
      const contents = `
        import { filter } from 'rxjs';
        import { spawnWire } from './src/node/index.ts';
        const script = ${JSON.stringify({ STUBBORN, LEADS_A_GROUP, POLITE })}[process.argv[3]];
        const wire = spawnWire({ command: process.execPath, args: ['-e', script], grace: 100 });
        wire.inbound$.subscribe(({ params }) => {
          console.log(params);
          if (process.argv[2] === 'exit') process.exit(0);
          if (process.argv[2] === 'throw') throw new Error('on purpose');
        });
      `;
      await build({
        stdin: { contents, resolveDir: join(__dirname, '../../..'), loader: 'ts' },
        bundle: true,
        platform: 'node',
        outfile: program,
        logLevel: 'error',
      });
    }, 60_000);

    it.each([
      ...['exit', 'throw', 'SIGTERM', 'SIGINT', 'SIGKILL'].map((way) => [way, 'STUBBORN'] as const),
      // Nobody is left to look for its group when we are killed.
      ...['exit', 'throw'].map((way) => [way, 'LEADS_A_GROUP'] as const),
    ])(
      'by %s, nothing is left of a program that %s',
      async (way, script) => {
        const owner = spawn(process.execPath, [program, way, script], { stdio: ['ignore', 'pipe', 'ignore'] });
        const exit = new Promise((resolve) => owner.once('exit', resolve));
        const pid = Number(
          await new Promise<string>((resolve) => owner.stdout.once('data', (data) => resolve(String(data)))),
        );
        expect(sendSignal(pid, 0)).toBe(true);
        if (way.startsWith('SIG')) owner.kill(way as NodeJS.Signals);
        await exit;
        await gone(pid);
      },
      20_000,
    );

    it('also if all of its group is killed with it', async () => {
      const owner = spawn(process.execPath, [program, 'SIGKILL', 'STUBBORN'], {
        detached: true,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const pid = Number(
        await new Promise<string>((resolve) => owner.stdout.once('data', (data) => resolve(String(data)))),
      );
      process.kill(-(owner.pid ?? 0), 'SIGKILL');
      await gone(pid);
    });

    it('asks a program to end before it is made to, though this process was killed', async () => {
      const heard = join(newFolder(), 'heard');
      const owner = spawn(process.execPath, [program, 'SIGKILL', 'POLITE'], {
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...process.env, HEARD: heard },
      });
      const pid = Number(
        await new Promise<string>((resolve) => owner.stdout.once('data', (data) => resolve(String(data)))),
      );
      owner.kill('SIGKILL');
      await gone(pid);
      expect(readFileSync(heard, 'utf8')).toBe('SIGTERM');
    });
  });

  it('E2: shows a flood to a slow reader with its gaps', async () => {
    const wire = node(FLOOD);
    const client = connect(wire, contract, { limits: { events: 16 } });
    const event = await firstValueFrom(client.events$.pipe(filter((one) => !isLagged(one) && one.method === 'flood')));
    expect(event).toHaveProperty('params', 'x'.repeat(1_000));
    await lastValueFrom(client.shutdown());
    await lastValueFrom(wire.exited$);
  });
});
