import { take, VirtualTimeScheduler } from 'rxjs';

import { scriptedAgent } from '../../../src/testing/index.js';
import { type App, type AppClient, appOf, clientOf } from '../app-harness.js';
import { ScriptedRunner } from './scripted-runner.js';

interface Scene {
  readonly server: App;
  readonly client: AppClient;
  readonly runner: ScriptedRunner;
  readonly scheduler: VirtualTimeScheduler;
  /** Sends a request and notes what comes of it, with the output events. */
  readonly ask: (method: string, params: unknown) => void;
  readonly seen: string[];
}

function scene(options: { runner?: undefined; execTimeout?: number } = {}): Scene {
  const runner = new ScriptedRunner();
  const scheduler = new VirtualTimeScheduler();
  const server = appOf({
    agent: scriptedAgent([]),
    scheduler,
    cwd: '/home',
    ...('runner' in options ? {} : { commandRunner: runner.run }),
    ...(options.execTimeout === undefined ? {} : { execTimeout: options.execTimeout }),
  });
  const client = clientOf(server);
  const seen: string[] = [];
  client.notifications('command/exec/outputDelta').subscribe(({ processId, stream, deltaBase64, capReached }) => {
    seen.push(`${processId} ${stream} ${atob(deltaBase64)}${capReached ? ' (cap)' : ''}`);
  });
  const ask = (method: string, params: unknown): void => {
    client.request(method as 'command/exec', params as { command: string[] }).subscribe({
      next: (result) => seen.push(`${method.slice(13)}: ${JSON.stringify(result)}`),
      error: (error: { code: number; message: string }) => seen.push(`${error.code} ${error.message}`),
    });
  };
  return { server, client, runner, scheduler, ask, seen };
}

describe('command/exec', () => {
  it('answers with what the command wrote, once it has exited', () => {
    const { ask, runner, seen } = scene();
    ask('command/exec', { command: ['ls', '-l'] });
    runner.out('a\n');
    runner.out('oops\n', 'stderr');
    runner.out('b\n');
    expect(seen).toEqual([]);
    runner.exit(3);
    expect(seen).toEqual([': {"exitCode":3,"stdout":"a\\nb\\n","stderr":"oops\\n"}']);
    expect(runner.spec).toEqual({
      file: 'ls',
      args: ['-l'],
      cwd: '/home',
      env: {},
      hasInput: false,
      terminal: undefined,
    });
  });

  it('puts a character together again that two chunks share', () => {
    const { ask, runner, seen } = scene();
    const bytes = new TextEncoder().encode('€');
    ask('command/exec', { command: ['x'] });
    runner.out(bytes.subarray(0, 1));
    runner.out(bytes.subarray(1));
    runner.exit(0);
    expect(seen).toEqual([': {"exitCode":0,"stdout":"€","stderr":""}']);
  });

  it('streams every delta before the answer, which then has no output (A2)', () => {
    const { ask, runner, seen } = scene();
    ask('command/exec', { command: ['x'], processId: 'p', streamStdoutStderr: true });
    runner.out('1');
    runner.out('2', 'stderr');
    runner.exit(0);
    expect(seen).toEqual(['p stdout 1', 'p stderr 2', ': {"exitCode":0,"stdout":"","stderr":""}']);
  });

  it('tells no more of a stream than the cap, and says so once', () => {
    const { ask, runner, seen } = scene();
    ask('command/exec', { command: ['x'], processId: 'p', streamStdoutStderr: true, outputBytesCap: 3 });
    runner.out('1234');
    runner.out('5');
    runner.out('ab', 'stderr');
    runner.exit(0);
    expect(seen.slice(0, 2)).toEqual(['p stdout 123 (cap)', 'p stderr ab']);
    expect(seen).toHaveLength(3);
  });

  it('keeps no more of a stream than the server allows, unless the client takes the cap away', () => {
    const { runner, client } = scene();
    const lengths: number[] = [];
    for (const disableOutputCap of [false, true]) {
      client
        .request('command/exec', { command: ['x'], disableOutputCap })
        .subscribe(({ stdout }) => lengths.push(stdout.length));
      runner.out('x'.repeat(1_048_577));
      runner.exit(0);
    }
    expect(lengths).toEqual([1_048_576, 1_048_577]);
  });

  it.each([
    ['its own', { timeoutMs: 50 }, 50],
    ["the server's", {}, 70],
  ])('ends a command after %s time and answers with 124', (_, params, time) => {
    const { ask, runner, scheduler, seen } = scene({ execTimeout: 70 });
    ask('command/exec', { command: ['x'], ...params });
    scheduler.maxFrames = time - 1;
    scheduler.flush();
    expect(runner.done).toEqual(['read']);
    scheduler.maxFrames = time;
    scheduler.flush();
    expect(runner.done).toEqual(['read', 'terminate']);
    runner.exit(143);
    expect(seen).toEqual([': {"exitCode":124,"stdout":"","stderr":""}']);
  });

  it('has all the time there is if the client says so, and leaves no timer behind (C9)', () => {
    const { ask, runner, scheduler } = scene();
    ask('command/exec', { command: ['x'], disableTimeout: true });
    expect(scheduler.actions).toHaveLength(0);
    runner.exit(0);
    ask('command/exec', { command: ['x'] });
    expect(scheduler.actions).toHaveLength(1);
    runner.exit(0);
    scheduler.flush();
    expect(runner.done).not.toContain('terminate');
  });

  it('refuses what cannot be', () => {
    const { ask, seen } = scene();
    ask('command/exec', { command: ['x'], tty: true });
    ask('command/exec', { command: ['x'], streamStdin: true });
    ask('command/exec', { command: ['x'], size: { rows: 1, cols: 1 } });
    ask('command/exec', { command: ['x'], outputBytesCap: 1, disableOutputCap: true });
    ask('command/exec', { command: ['x'], timeoutMs: 1, disableTimeout: true });
    expect(seen).toEqual([
      '-32602 tty and streaming need a processId',
      '-32602 tty and streaming need a processId',
      '-32602 size needs tty',
      '-32602 outputBytesCap and disableOutputCap exclude each other',
      '-32602 timeoutMs and disableTimeout exclude each other',
    ]);
  });

  it('refuses a command without a program, whoever checks params (C10)', () => {
    const { ask, seen } = scene();
    ask('command/exec', { command: [] });
    expect(seen[0]).toMatch(/^-32602/);
  });

  it('refuses everything where no runner is', () => {
    const { ask, seen } = scene({ runner: undefined });
    ask('command/exec', { command: ['x'] });
    expect(seen).toEqual(['-32600 this server runs no commands']);
  });

  it('tells why a command could not be started', () => {
    const { ask, runner, seen } = scene();
    ask('command/exec', { command: ['x'], processId: 'p' });
    runner.fail('spawn x ENOENT');
    ask('command/exec/terminate', { processId: 'p' });
    expect(seen).toEqual(['-32600 spawn x ENOENT', '-32602 no running command has the process id p']);
  });
});

describe('a command that is talked to', () => {
  const interactive = { command: ['sh'], processId: 'p', streamStdin: true };

  it('gets its input in order, its end and a size', () => {
    const { ask, runner, seen } = scene();
    ask('command/exec', { ...interactive, tty: true, size: { rows: 5, cols: 7 } });
    expect(runner.spec).toMatchObject({ hasInput: true, terminal: { rows: 5, cols: 7 } });
    ask('command/exec/write', { processId: 'p', deltaBase64: btoa('hi') });
    ask('command/exec/resize', { processId: 'p', size: { rows: 50, cols: 70 } });
    ask('command/exec/write', { processId: 'p', deltaBase64: btoa('!'), closeStdin: true });
    ask('command/exec/terminate', { processId: 'p' });
    expect(runner.done).toEqual(['read', 'write hi', 'resize 70x50', 'write !', 'end', 'terminate']);
    runner.exit(0);
    expect(seen).toEqual(['write: {}', 'resize: {}', 'write: {}', 'terminate: {}', expect.stringMatching(/^: {"exit/)]);
  });

  it('has a terminal of the usual size if the client gives none', () => {
    const { ask, runner } = scene();
    ask('command/exec', { ...interactive, tty: true });
    expect(runner.spec?.terminal).toEqual({ rows: 24, cols: 80 });
  });

  it('refuses what is no Base64, and input it cannot take', () => {
    const { ask, runner, seen } = scene();
    ask('command/exec', interactive);
    ask('command/exec/write', { processId: 'p', deltaBase64: '*' });
    runner.takesInput = false;
    ask('command/exec/write', { processId: 'p', deltaBase64: 'aGk=' });
    expect(seen).toEqual(['-32602 deltaBase64 is no Base64', '-32600 the command takes no more input']);
  });

  it('is unique among those that run, and its name is free again afterwards', () => {
    const { ask, runner, seen } = scene();
    ask('command/exec', interactive);
    ask('command/exec', interactive);
    expect(seen).toEqual(['-32602 the process id p is in use']);
    runner.exit(0);
    ask('command/exec', interactive);
    expect(runner.isRunning).toBe(true);
    expect(seen).toHaveLength(2);
  });

  it('belongs to its connection: no other finds it, and it ends with it (D3)', () => {
    const { server, ask, runner } = scene();
    ask('command/exec', interactive);
    const other = clientOf(server);
    const refusals: unknown[] = [];
    other.request('command/exec/terminate', { processId: 'p' }).subscribe({
      error: ({ message }: Error) => refusals.push(message),
    });
    expect(refusals).toEqual(['no running command has the process id p']);
    expect(runner.isRunning).toBe(true);
    server.connections$.pipe(take(1)).subscribe(([first]) => first?.close('gone'));
    expect(runner.isRunning).toBe(false);
  });
});
