import { BehaviorSubject, lastValueFrom, of, tap, toArray } from 'rxjs';

import {
  type CommandControl,
  type CommandEvent,
  type CommandSpec,
  createAppServer,
} from '../../src/app-server/index.js';
import { startInProcess } from '../../src/in-process/index.js';
import { processRunner } from '../../src/node/index.js';
import { scriptedAgent } from '../../src/testing/index.js';
import { isAlive, until } from './processes.js';

const specOf = (command: string, spec: Partial<CommandSpec> = {}): CommandSpec => ({
  file: '/bin/sh',
  args: ['-c', command],
  cwd: '/',
  env: {},
  hasInput: false,
  terminal: undefined,
  ...spec,
});

/** Runs a command to its end; `onStart` gets its control. */
async function runToEnd(
  spec: CommandSpec,
  onStart: (control: CommandControl) => void = () => undefined,
): Promise<{ stdout: string; stderr: string; exitCode: number }> {
  const events = await lastValueFrom(
    processRunner({ killGrace: 50 })(spec, of(true)).pipe(
      tap((event) => {
        if (event.type === 'started') onStart(event.control);
      }),
      toArray(),
    ),
  );
  const textOf = (name: 'stdout' | 'stderr'): string =>
    Buffer.concat(
      events.map((event) => (event.type === 'output' && event.stream === name ? event.bytes : Buffer.of())),
    ).toString();
  const last = events.at(-1) as Extract<CommandEvent, { type: 'exited' }>;
  return { stdout: textOf('stdout'), stderr: textOf('stderr'), exitCode: last.exitCode };
}

describe('processRunner', () => {
  it('tells both streams apart and the exit last', async () => {
    expect(await runToEnd(specOf('echo out; echo err >&2; exit 3'))).toEqual({
      stdout: 'out\n',
      stderr: 'err\n',
      exitCode: 3,
    });
  });

  it('passes bytes as they are', async () => {
    const chunks: Uint8Array[] = [];
    await lastValueFrom(
      processRunner()(specOf("printf '\\377\\000\\200'"), of(true)).pipe(
        tap((event) => event.type === 'output' && chunks.push(event.bytes)),
      ),
    );
    expect([...Buffer.concat(chunks)]).toEqual([0xff, 0, 0x80]);
  });

  it('adds variables to its own and takes those away that are null', async () => {
    const runner = processRunner({ env: { PATH: process.env['PATH'], KEPT: 'k', GONE: 'g' } });
    const events = await lastValueFrom(
      runner(specOf('echo "$KEPT $GONE $NEW"', { env: { GONE: null, NEW: 'n' } }), of(true)).pipe(toArray()),
    );
    const output = events.flatMap((event) => (event.type === 'output' ? [Buffer.from(event.bytes).toString()] : []));
    expect(output.join('')).toBe('k  n\n');
  });

  it('has no input unless it is asked for', async () => {
    expect((await runToEnd(specOf('cat'))).stdout).toBe('');
  });

  it('gets what is written, and its end', async () => {
    const { stdout, exitCode } = await runToEnd(specOf('cat', { hasInput: true }), (control) => {
      control.write(Buffer.from('one ')).subscribe();
      control.write(Buffer.from('two')).subscribe({
        complete: () => {
          control.endInput();
        },
      });
    });
    expect({ stdout, exitCode }).toEqual({ stdout: 'one two', exitCode: 0 });
  });

  it('still tells the last output and the exit of a command that is told to end', async () => {
    const { stdout, exitCode } = await runToEnd(
      specOf("trap 'echo bye; exit 9' TERM; echo hi; while :; do sleep 0.01; done"),
      (control) => setTimeout(() => control.terminate(), 100),
    );
    expect({ stdout, exitCode }).toEqual({ stdout: 'hi\nbye\n', exitCode: 9 });
  });

  it('errors for a program that is not there', async () => {
    await expect(runToEnd(specOf('', { file: '/no/such/program' }))).rejects.toThrow('ENOENT');
  });

  it('refuses a terminal where no module for terminals is', async () => {
    await expect(runToEnd(specOf('', { terminal: { rows: 1, cols: 1 } }))).rejects.toThrow(
      'this server has no terminals',
    );
  });

  it('makes a command wait in its own writes while nobody has room, and loses nothing', async () => {
    const writable$ = new BehaviorSubject(false);
    let read = 0;
    let exited = false;
    processRunner()(specOf('yes | head -c 1000000'), writable$).subscribe((event) => {
      if (event.type === 'output') read += event.bytes.length;
      if (event.type === 'exited') exited = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect({ read, exited }).toEqual({ read: 0, exited: false });
    writable$.next(true);
    await until(() => exited);
    expect(read).toBe(1_000_000);
  });
});

describe('command/exec with real processes', () => {
  it('runs a shell one talks to, and ends it with its client (D3)', async () => {
    const server = createAppServer({
      agent: scriptedAgent([]),
      commandRunner: processRunner({ killGrace: 50 }),
      cwd: '/',
    });
    const client = startInProcess(server, { handshake: { clientInfo: { name: 'spec', version: '1' } } });
    let seen = '';
    client.notifications('command/exec/outputDelta').subscribe(({ deltaBase64 }) => (seen += atob(deltaBase64)));
    let outcome = '';
    client
      .request('command/exec', { command: ['/bin/sh'], processId: 'sh', streamStdin: true, streamStdoutStderr: true })
      .subscribe({ error: ({ message }: Error) => (outcome = message) });
    const line = Buffer.from('echo $$; echo $((6 * 7))\n').toString('base64');
    await client.call('command/exec/write', { processId: 'sh', deltaBase64: line });
    await until(() => seen.includes('42'));
    const pid = Number(seen.split('\n')[0]);
    expect(isAlive(pid)).toBe(true);
    const report = await lastValueFrom(client.shutdown({ timeout: 100 }));
    expect(report.graceful).toBe(false);
    await until(() => !isAlive(pid));
    expect(outcome).not.toBe('');
  });
});
