import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { firstValueFrom, lastValueFrom, toArray } from 'rxjs';

import { isAlive, until } from '../spec/node/processes.js';
import { type ModelScript, turn } from '../src/codex/index.js';
import { codexBench, commandQuestions } from './codex-bench.js';

const bench = codexBench();

const endless: ModelScript = () => [{ type: 'say', pieces: ['Once ', 'upon '] }, { type: 'hang' }];

describe('codex, killed in the middle of a turn', () => {
  it('D3, A1: errors everything that waits, once, and ends every stream', async () => {
    const wire = bench.spawn(await bench.startModel(endless));
    const codex = bench.connect(wire);
    const { thread } = await codex.call('thread/start', { ephemeral: true });
    const ends: unknown[] = [];
    const end = (name: string) => ({
      error: ({ reason }: { reason: string }) => ends.push([name, reason]),
      complete: () => ends.push(name),
    });
    codex.events$.subscribe(end('events$'));
    codex.serverRequests$.subscribe(end('serverRequests$'));
    codex.state$.subscribe(end('state$'));
    const said = firstValueFrom(codex.notifications('item/agentMessage/delta'));
    const turned = lastValueFrom(turn(codex, thread.id, 'go')).catch((error: unknown) => error);
    await said;
    // Stopped, so that what is asked now cannot be answered any more.
    process.kill(wire.pid ?? 0, 'SIGSTOP');
    const waiting = Array.from({ length: 200 }, () =>
      codex.call('thread/loaded/list', {}).catch((error: unknown) => error),
    );
    process.kill(wire.pid ?? 0, 'SIGKILL');

    const closed = { name: 'TransportError', reason: 'closed', message: expect.stringContaining('killed by SIGKILL') };
    for (const error of await Promise.all(waiting)) expect(error).toMatchObject(closed);
    expect(await turned).toMatchObject(closed);
    expect(await firstValueFrom(codex.closed$)).toEqual({ reason: 'peer was killed by SIGKILL', orderly: false });
    expect(ends).toEqual(expect.arrayContaining([['events$', 'closed'], 'state$']));
    expect(ends).toHaveLength(3);
    expect(await lastValueFrom(wire.exited$)).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await codex.call('thread/loaded/list', {}).catch((error: unknown) => error)).toMatchObject({
      name: 'TransportError',
      reason: 'closed',
    });
  });

  it('D3: settles a question that waits for its answer', async () => {
    const model = await bench.startModel(() => [{ type: 'run', command: 'echo $$ > pid' }]);
    const wire = bench.spawn(model);
    const codex = bench.connect(wire);
    const { thread } = await codex.call('thread/start', {
      approvalPolicy: 'untrusted',
      sandbox: 'danger-full-access',
    });
    const turned = lastValueFrom(turn(codex, thread.id, 'go')).catch((error: unknown) => error);
    const question = await firstValueFrom(commandQuestions(codex));
    const settled = lastValueFrom(question.settled$.pipe(toArray()));
    process.kill(wire.pid ?? 0, 'SIGKILL');
    expect(await settled).toHaveLength(1);
    expect(await turned).toMatchObject({ name: 'TransportError', reason: 'closed' });
    expect(codex.openRequests()).toEqual([]);
    expect(question.respond({ decision: 'accept' })).not.toBe('sent');
    expect(existsSync(join(bench.folder(), 'pid'))).toBe(false);
  });

  it('D3: leaves no command behind that it had started', async () => {
    const model = await bench.startModel(() => [{ type: 'run', command: 'echo $$ > pid; sleep 1000; echo over' }]);
    const wire = bench.spawn(model);
    const codex = bench.connect(wire);
    const { thread } = await codex.call('thread/start', {
      approvalPolicy: 'untrusted',
      sandbox: 'danger-full-access',
    });
    codex.handle('item/commandExecution/requestApproval', () => ({ decision: 'accept' }));
    const turned = lastValueFrom(turn(codex, thread.id, 'go')).catch((error: unknown) => error);
    const pid = (): number => Number(existsSync(file) ? readFileSync(file, 'utf8') : 0);
    const file = join(bench.folder(), 'pid');
    let isOver = false;
    void turned.then(() => (isOver = true));
    await until(() => pid() > 0 || isOver);
    const command = pid();
    expect(isAlive(command)).toBe(true);
    process.kill(wire.pid ?? 0, 'SIGKILL');
    expect(await turned).toMatchObject({ name: 'TransportError', reason: 'closed' });
    await until(() => !isAlive(command));
  });
});

describe('codex, told to end in the middle of a turn', () => {
  it('D1, D3: is gone when its client is, and the turn has ended with an error', async () => {
    const wire = bench.spawn(await bench.startModel(endless));
    const codex = bench.connect(wire);
    const { thread } = await codex.call('thread/start', { ephemeral: true });
    const said = firstValueFrom(codex.notifications('item/agentMessage/delta'));
    const turned = lastValueFrom(turn(codex, thread.id, 'go')).catch((error: unknown) => error);
    expect(await said).toMatchObject({ delta: 'Once ' });
    await lastValueFrom(codex.shutdown());
    expect(await turned).toMatchObject({ name: 'TransportError', reason: 'closed' });
    await lastValueFrom(wire.exited$);
    expect(isAlive(wire.pid ?? 0)).toBe(false);
  });
});
