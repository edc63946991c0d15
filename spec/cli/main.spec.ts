import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { appServerContract } from '../../src/app-server/index.js';
import { isLagged } from '../../src/backpressure/index.js';
import { connect } from '../../src/client/index.js';
import type { CloseInfo } from '../../src/protocol/index.js';
import { connectWebSocket } from '../../src/websocket/index.js';
import { isAlive, until } from '../node/processes.js';
import { bundledProgram } from './bundled-program.js';

const { folder, program } = bundledProgram();

interface Run {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly errors: () => string;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

function start(...args: readonly string[]): Run {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] });
  // Nobody can be asked, and a server's input stays open until the spec ends it.
  child.stdin.on('error', () => undefined);
  let out = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (out += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => (errors += String(chunk)));
  const ended = once(child, 'close').then(([code, signal]: (number | string | null)[]) => code ?? signal ?? '');
  return { child, out: () => out, errors: () => errors, ended };
}

/** The process ids a command printed. */
const pidsIn = (text: string): number[] => [...text.matchAll(/^pid (\d+)$/gm)].map(([, pid]) => Number(pid));

/** Prints the ids of two processes that ignore SIGTERM, then runs on. */
const stubborn = `trap '' TERM; echo pid $$; sh -c "trap '' TERM; echo pid \\$\\$; while :; do sleep 1; done" & wait; wait`;

/** Prints the ids of two processes that run on until they are told to end. */
const patient = 'sleep 1000 & echo pid $!; echo pid $$; wait';

describe('the command line program', () => {
  it('runs a command that floods, shows what a slow reader sees, and adds up (E2)', async () => {
    const { out, errors, ended } = start('--yes', '--pace', '5', '--', 'seq 200000');
    expect(await ended).toBe(0);
    const [, ...numbers] =
      /^events: ([\d,]+) emitted = ([\d,]+) delivered \+ ([\d,]+) skipped \+ ([\d,]+) conflated$/m.exec(out()) ?? [];
    const [emitted = NaN, delivered = NaN, skipped = NaN, conflated = NaN] = numbers.map((count) =>
      Number(count.replaceAll(',', '')),
    );
    expect(emitted).toBeGreaterThan(200_000);
    expect(emitted).toBe(delivered + skipped + conflated);
    const gaps = [...out().matchAll(/^… ([\d,]+) events? skipped$/gm)].map(([, count = '']) =>
      Number(count.replaceAll(',', '')),
    );
    expect(gaps.reduce((sum, count) => sum + count, 0)).toBe(skipped);
    expect(out()).toContain('turn completed: command completed, exit code 0\n');
    expect(out()).toContain('\n200000\n');
    expect(out()).not.toContain('\u001b');
    expect(errors()).toBe('');
  });

  it.each([
    [['--yes', '--', 'exit 7'], 1, '', 'command failed, exit code 7'],
    [['--', 'echo', 'hello'], 3, '--yes accepts it', 'command declined'],
    [['--pace', 'x'], 2, '--pace takes a whole number', ''],
    [['--help'], 0, '', 'Exit codes:'],
  ])('answers %j with exit code %i', async (args, code, error, text) => {
    const { out, errors, ended } = start(...args);
    expect(await ended).toBe(code);
    expect(errors()).toContain(error);
    expect(out()).toContain(text);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('on %s ends the turn in order and leaves no process', async (signal) => {
    const { child, out, ended } = start('--yes', '--', stubborn);
    await until(() => pidsIn(out()).length === 2);
    child.kill(signal);
    expect(await ended).toBe(130);
    expect(out()).toMatch(/turn interrupted\nevents: .*\npeak queue: .*\nshutdown: graceful/);
    await until(() => !pidsIn(out()).some(isAlive));
  });

  it('ends at once on a second Ctrl-C and leaves no process', async () => {
    const { child, out, ended } = start('--yes', '--', stubborn);
    await until(() => pidsIn(out()).length === 2);
    child.kill('SIGINT');
    child.kill('SIGINT');
    await until(() => out().includes('shutdown'));
    // Two in a row are one that came twice.
    await new Promise((resolve) => setTimeout(resolve, 400));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    await until(() => !pidsIn(out()).some(isAlive));
  });

  it('ends quietly when nobody reads its output any more, and leaves no process', async () => {
    const { child, out, errors, ended } = start('--yes', '--pace', '1', '--', 'echo pid $$; sleep 0.3; exec yes flood');
    await until(() => pidsIn(out()).length === 1);
    const pids = pidsIn(out());
    child.stdout?.destroy();
    expect(await ended).toBe(0);
    expect(errors()).toBe('');
    await until(() => !pids.some(isAlive));
  });
});

describe('exec', () => {
  it('prints all of the output to a reader who is slower than the command (E7)', async () => {
    const { child, out, errors, ended } = start('exec', '--yes', 'seq 200000; exit 3');
    child.stdout?.pause();
    await until(() => errors().includes('$ seq'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    child.stdout?.resume();
    expect(await ended).toBe(1);
    expect(out()).toBe(Array.from({ length: 200_000 }, (_, n) => `${n + 1}\n`).join(''));
    expect(errors()).toBe('$ seq 200000; exit 3\nturn completed: command failed, exit code 3\n');
  });

  it('prints an event a line with --json', async () => {
    const { out, errors, ended } = start('exec', '--yes', '--json', 'echo hello');
    expect(await ended).toBe(0);
    const lines = out()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; method?: string; params?: { delta?: string } });
    expect(lines.find(({ method }) => method === 'item/commandExecution/outputDelta')?.params?.delta).toBe('hello\n');
    expect(lines.at(-1)).toEqual({ type: 'end', status: 'completed', error: null, exitCode: 0 });
    expect(errors()).toBe('');
  });
});

/** A message of a server's, as far as these specs look at it. */
interface Heard {
  readonly id?: number;
  readonly result?: { readonly thread?: { readonly id: string } };
  readonly params?: { readonly delta?: string };
}

describe('serve on stdio', () => {
  const say = ({ child }: Run, ...messages: readonly object[]): void => {
    for (const message of messages) child.stdin?.write(`${JSON.stringify(message)}\n`);
  };
  const hear = ({ out }: Run): Heard[] =>
    out()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  const answerTo = async (run: Run, id: number): Promise<Heard['result']> => {
    await until(() => hear(run).some((message) => message.id === id));
    return hear(run).find((message) => message.id === id)?.result;
  };
  /** A server, and a thread in it. */
  const serve = async (): Promise<{ run: Run; threadId: string }> => {
    const run = start('serve');
    say(run, { id: 1, method: 'initialize', params: { clientInfo: { name: 'spec', version: '1' } } });
    say(run, { method: 'initialized' }, { id: 2, method: 'thread/start', params: { approvalPolicy: 'never' } });
    return { run, threadId: (await answerTo(run, 2))?.thread?.id ?? '' };
  };

  it('speaks the protocol on stdout and ends with its input', async () => {
    const { run } = await serve();
    expect(await answerTo(run, 1)).toMatchObject({ userAgent: 'rx-sluice (spec; 1)' });
    run.child.stdin?.end();
    expect(await run.ended).toBe(0);
    expect(run.errors()).toBe('');
  });

  it.each([
    ['its input ends', (run: Run) => run.child.stdin?.end()],
    ['it gets SIGTERM', (run: Run) => run.child.kill('SIGTERM')],
  ])('leaves no process when %s in the middle of a turn (D1)', async (_, end) => {
    const { run, threadId } = await serve();
    say(run, { id: 3, method: 'turn/start', params: { threadId, input: [{ type: 'text', text: patient }] } });
    const printed = (): string =>
      hear(run)
        .map(({ params }) => params?.delta ?? '')
        .join('');
    await until(() => pidsIn(printed()).length === 2);
    end(run);
    expect(await run.ended).toBe(0);
    await until(() => !pidsIn(printed()).some(isAlive));
  });
});

describe('bridge', () => {
  const tokenFile = join(folder, 'token');
  const behind = ['--token-file', tokenFile, '--', process.execPath, program, 'serve'];
  const open = new Set<Run>();

  beforeAll(() => writeFileSync(tokenFile, 'secret', { mode: 0o600 }));
  afterEach(async () => {
    for (const run of open) {
      run.child.kill('SIGTERM');
      await run.ended;
    }
    open.clear();
  });

  /** A bridge in front of a server, and a client with a turn that prints the server's process id and runs a command. */
  const bridged = async (
    command: string,
  ): Promise<{
    readonly run: Run;
    readonly client: ReturnType<typeof connect<typeof appServerContract>>;
    /** The server, and what the command has printed. */
    readonly pids: readonly number[];
    readonly closed: Promise<CloseInfo>;
  }> => {
    const run = start('bridge', '--listen', 'ws://127.0.0.1:0', ...behind);
    open.add(run);
    await until(() => run.errors().includes('listening on'));
    const [, url = ''] = /^listening on (ws:.*)$/m.exec(run.errors()) ?? [];
    const client = connect(connectWebSocket(url, { token: 'secret' }), appServerContract, {
      handshake: { clientInfo: { name: 'spec', version: '1' }, capabilities: { lag: true } },
    });
    let text = '';
    client.notifications('item/commandExecution/outputDelta').subscribe({
      next: (event) => (text += isLagged(event) ? '' : event.delta),
      // The end is read from `closed$`.
      error: () => undefined,
    });
    const closed = new Promise<CloseInfo>((resolve) => client.closed$.subscribe(resolve));
    const { thread } = await client.call('thread/start', { approvalPolicy: 'never' });
    const input = [{ type: 'text' as const, text: `echo pid $PPID; ${command}` }];
    await client.call('turn/start', { threadId: thread.id, input });
    await until(() => pidsIn(text).length === (command === patient ? 3 : 1));
    return { run, client, pids: pidsIn(text), closed };
  };

  it('leaves no process when its client goes, and lives on (D3)', async () => {
    const { run, client, pids } = await bridged(patient);
    client.shutdown();
    await until(() => !pids.some(isAlive));
    expect(run.child.exitCode).toBe(null);
  });

  it('tells its client when the program dies', async () => {
    const { run, pids, closed } = await bridged('true');
    const [server] = pids;
    process.kill(server ?? NaN, 'SIGKILL');
    expect(await closed).toMatchObject({ reason: 'peer was killed by SIGKILL', orderly: false });
    await until(() => run.errors().includes('peer was killed by SIGKILL'));
  });

  it('ends in order on SIGTERM: the client is told, and no process is left (D1)', async () => {
    const { run, pids, closed } = await bridged(patient);
    run.child.kill('SIGTERM');
    expect(await closed).toMatchObject({ reason: 'shutdown', orderly: true });
    expect(await run.ended).toBe(0);
    await until(() => !pids.some(isAlive));
  });

  it('leaves no process when it is killed itself', async () => {
    const { run, pids, closed } = await bridged(patient);
    run.child.kill('SIGKILL');
    expect(await closed).toMatchObject({ reason: 'connection lost', orderly: false });
    await until(() => !pids.some(isAlive));
  });

  it('does not start with neither protection', async () => {
    const { ended, errors } = start('bridge', '--listen', 'ws://127.0.0.1:0', '--', 'codex', 'app-server');
    expect(await ended).toBe(7);
    expect(errors()).toBe('rx-sluice: codex would be open to everybody: that takes --allow-origin or --token-file\n');
  });
});
