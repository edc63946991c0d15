import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { firstValueFrom, lastValueFrom, takeWhile, tap } from 'rxjs';

import type { CommandExecutionItem } from '../../src/app-server/index.js';
import { isLagged } from '../../src/backpressure/index.js';
import { commandAgent, type CommandAgentOptions } from '../../src/node/index.js';
import {
  type AppClient,
  appOf,
  clientOf,
  describeEvent,
  startThread,
  startTurn,
  watch,
} from '../app-server/app-harness.js';
import { isAlive, until } from './processes.js';

const always: CommandAgentOptions = { approve: () => true, killGrace: 50 };

/** Runs one command to its end: what was seen of it, and its item. */
async function runTurn(
  command: string,
  options: CommandAgentOptions = always,
  cwd = '/',
): Promise<{ seen: string[]; output: string; item: CommandExecutionItem | undefined }> {
  const client = clientOf(appOf({ agent: commandAgent(options), cwd }));
  const seen: string[] = [];
  let output = '';
  let item: CommandExecutionItem | undefined;
  const ended = lastValueFrom(
    client.events$.pipe(
      tap((event) => {
        if (isLagged(event) || event.type !== 'notification') return;
        seen.push(describeEvent(event));
        if (event.method === 'item/commandExecution/outputDelta') output += event.params.delta;
        if (event.method === 'item/completed' && event.params.item.type === 'commandExecution')
          item = event.params.item;
      }),
      takeWhile((event) => isLagged(event) || event.method !== 'turn/completed'),
    ),
  );
  startTurn(client, startThread(client), command);
  await ended;
  return { seen, output, item };
}

async function interrupt(client: AppClient, threadId: string, turnId: string): Promise<void> {
  await firstValueFrom(client.request('turn/interrupt', { threadId, turnId }));
}

describe('commandAgent', () => {
  it('runs a command and tells its output, its exit code and its time', async () => {
    const { output, item, seen } = await runTurn('echo out; echo err >&2; pwd', always, '/usr');
    expect(output.split('\n').sort()).toEqual(['', '/usr', 'err', 'out']);
    expect(item).toMatchObject({
      command: 'echo out; echo err >&2; pwd',
      cwd: '/usr',
      status: 'completed',
      exitCode: 0,
      aggregatedOutput: output,
      processId: expect.stringMatching(/^\d+$/) as string,
      durationMs: expect.any(Number) as number,
    });
    expect(seen.at(-1)).toBe('turn/completed completed');
  });

  it.each([
    ['exit 3', 3],
    ['kill -TERM $$', 143],
    ['no-such-command-anywhere', 127],
  ])('fails the item, not the turn, for %s', async (command, exitCode) => {
    const { item, seen } = await runTurn(command);
    expect(item).toMatchObject({ status: 'failed', exitCode });
    expect(seen.at(-1)).toBe('turn/completed completed');
  });

  it('puts characters together that the pipe cuts in two', async () => {
    const { output } = await runTurn(`printf '\\342'; sleep 0.05; printf '\\202'; sleep 0.05; printf '\\254!'`);
    expect(output).toBe('€!');
  });

  it('says in words why a command could not be started', async () => {
    const { item, seen } = await runTurn('echo', { ...always, shell: '/no/such/shell' }, '/usr');
    expect(item).toMatchObject({
      status: 'failed',
      exitCode: null,
      aggregatedOutput: expect.stringMatching(/cannot run it with \/no\/such\/shell in \/usr: .*ENOENT/) as string,
    });
    expect(seen).toContainEqual(expect.stringMatching(/^warning cannot run it/));
  });

  it('runs with the environment it is given', async () => {
    const { output } = await runTurn('echo "$WORD"', { ...always, env: { PATH: process.env['PATH'], WORD: 'hi' } });
    expect(output).toBe('hi\n');
  });

  it('asks before it runs anything, and declines when told so', async () => {
    const { client, seen } = watch(appOf({ agent: commandAgent() }));
    client.handle('item/commandExecution/requestApproval', () => ({ decision: 'decline' as const }));
    startTurn(client, startThread(client), 'echo hello');
    expect(seen.slice(5)).toEqual([
      'started commandExecution',
      'status active[waitingOnApproval]',
      'ask 0',
      'resolved 0',
      'status active[]',
      'completed command declined',
      'status idle',
      'turn/completed completed',
    ]);
  });

  it('runs once it is accepted', async () => {
    const { client, seen } = watch(appOf({ agent: commandAgent() }));
    client.handle('item/commandExecution/requestApproval', () => ({ decision: 'acceptForSession' as const }));
    startTurn(client, startThread(client), 'echo hello');
    await until(() => seen.at(-1) === 'turn/completed completed');
    expect(seen).toContain('delta hello\n');
  });

  it('fails the item when the question has no usable answer', () => {
    const { client, seen } = watch(appOf({ agent: commandAgent() }));
    client.handle('item/commandExecution/requestApproval', () => {
      throw new Error('no idea');
    });
    startTurn(client, startThread(client), 'echo hello');
    expect(seen.slice(-4)).toEqual([
      expect.stringMatching(/^warning no usable answer/),
      'completed command failed',
      'status idle',
      'turn/completed completed',
    ]);
  });

  describe('an interrupt (D3)', () => {
    it('leaves no process, not even one that ignores SIGTERM, nor its children', async () => {
      const { client, seen } = watch(appOf({ agent: commandAgent(always) }));
      const threadId = startThread(client);
      const command = `trap '' TERM; echo $$; sh -c "trap '' TERM; echo \\$\\$; while :; do sleep 1; done" & wait; wait`;
      const turnId = startTurn(client, threadId, command);
      const pids = (): number[] => seen.flatMap((event) => (/^delta \d+/.test(event) ? [Number(event.slice(6))] : []));
      await until(() => pids().length === 2);
      await interrupt(client, threadId, turnId);
      expect(seen.slice(-2)).toEqual(['status idle', 'turn/completed interrupted']);
      expect(seen.filter((event) => event.startsWith('completed command'))).toEqual([]);
      await until(() => !pids().some(isAlive));
    });

    it('comes through while the command floods', async () => {
      const client = clientOf(appOf({ agent: commandAgent(always) }));
      const threadId = startThread(client);
      let events = 0;
      client.notifications('item/commandExecution/outputDelta').subscribe(() => (events += 1));
      let isOver = false;
      client.notifications('turn/completed').subscribe(() => (isOver = true));
      const turnId = startTurn(client, threadId, 'yes');
      await until(() => events > 10_000);
      await interrupt(client, threadId, turnId);
      expect(isOver).toBe(true);
      const told = events;
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(events).toBe(told);
    });

    it('comes with the shutdown of the server', async () => {
      const server = appOf({ agent: commandAgent(always) });
      const { client, seen } = watch(server);
      startTurn(client, startThread(client), 'echo $$; exec sleep 1000');
      const pids = (): number[] => seen.flatMap((event) => (/^delta \d+/.test(event) ? [Number(event.slice(6))] : []));
      await until(() => pids().length === 1);
      const report = await lastValueFrom(server.shutdown());
      expect(report).toMatchObject({ graceful: true });
      expect(seen.at(-1)).toBe('turn/completed interrupted');
      await until(() => !pids().some(isAlive));
    });
  });

  it('passes 50 MB on to a slow listener in flat memory, and every event is accounted for', async () => {
    const client = clientOf(appOf({ agent: commandAgent(always) }), { capacity: 64 });
    const before = retained();
    let peak = 0;
    const sampling = setInterval(() => (peak = Math.max(peak, retained() - before)), 250);
    const threadId = startThread(client);
    const states: string[] = [];
    // Nobody reads the events: they wait in the client's backlog and are given up there.
    startTurn(client, threadId, 'yes 0123456789012345678901234567890123456789012345678 | head -c 50000000');
    await until(() => {
      client.request('thread/read', { threadId }).subscribe(({ thread }) => states.push(thread.status.type));
      return states.at(-1) === 'idle';
    });
    clearInterval(sampling);
    const { emitted, delivered, skipped, conflated, waiting } = client.stats().events;
    expect(emitted).toBe(delivered + skipped + conflated + waiting);
    expect(emitted).toBeGreaterThan(1_000_000);
    expect(peak).toBeLessThan(8_000_000);
  }, 300_000);

  it('leaves nothing on this process after many turns', async () => {
    const before = process.listenerCount('exit');
    const client = clientOf(appOf({ agent: commandAgent(always) }));
    const threadId = startThread(client);
    for (let turn = 0; turn < 100; turn += 1) {
      let isOver = false;
      const watching = client.notifications('turn/completed').subscribe(() => (isOver = true));
      startTurn(client, threadId, ':');
      await until(() => isOver);
      watching.unsubscribe();
    }
    await until(() => process.listenerCount('exit') === before);
  }, 60_000);
});

/** Bytes of the heap that are in use, not merely waiting to be collected. */
function retained(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
