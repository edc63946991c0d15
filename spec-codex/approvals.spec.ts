import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { filter, firstValueFrom, lastValueFrom, type Observable, tap, toArray } from 'rxjs';

import {
  approvals,
  type CodexContract,
  type MockModel,
  type ModelStep,
  turn,
  type TurnEvent,
} from '../src/codex/index.js';
import { type Client, isLagged } from '../src/index.js';
import { codexBench, commandQuestions } from './codex-bench.js';

const bench = codexBench();

const COMMAND = 'echo made by hand > made && echo done';

type Event = TurnEvent<CodexContract>;

interface Asking {
  readonly codex: Client<CodexContract>;
  readonly model: MockModel;
  readonly threadId: string;
  /** Asks the model, which wants to run {@link COMMAND} and then says that it is over. */
  readonly turn$: Observable<Event>;
  /** Whether the command has run. */
  readonly hasRun: () => boolean;
}

/** A codex that has to ask before it runs a command. */
async function asking(policy: 'untrusted' | 'on-request' = 'untrusted'): Promise<Asking> {
  const run: ModelStep = { type: 'run', command: COMMAND, escalate: policy === 'on-request' };
  const model = await bench.startModel(({ toolOutputs }) =>
    toolOutputs.length === 0 ? [run] : [{ type: 'say', pieces: ['It is over.'] }],
  );
  const codex = bench.connect(bench.spawn(model));
  // Where a sandbox can be had is none of these specs' business; what is asked about escapes a read-only one.
  const sandbox = policy === 'untrusted' ? 'danger-full-access' : 'read-only';
  const { thread } = await codex.call('thread/start', { approvalPolicy: policy, sandbox });
  return {
    codex,
    model,
    threadId: thread.id,
    turn$: turn(codex, thread.id, 'go'),
    hasRun: () => existsSync(join(bench.folder(), 'made')),
  };
}

/** How the command and the turn ended. */
function endsOf(events: readonly Event[]): { command: string | undefined; turn: string | undefined } {
  let command: string | undefined;
  let end: string | undefined;
  for (const event of events) {
    if (isLagged(event) || event.type !== 'notification') continue;
    if (event.method === 'item/completed' && event.params.item.type === 'commandExecution') {
      command = event.params.item.status;
    }
    if (event.method === 'turn/completed') end = event.params.turn.status;
  }
  return { command, turn: end };
}

describe('a command that codex asks about', () => {
  it.each(['untrusted', 'on-request'] as const)('runs when it is accepted (S1), with policy %s', async (policy) => {
    const { codex, model, turn$, hasRun } = await asking(policy);
    const asked: string[] = [];
    codex.handle('item/commandExecution/requestApproval', ({ command }) => {
      asked.push(command ?? '');
      expect(hasRun()).toBe(false);
      return { decision: 'accept' };
    });
    const events = await lastValueFrom(turn$.pipe(toArray()));
    expect(endsOf(events)).toEqual({ command: 'completed', turn: 'completed' });
    expect(asked).toEqual([expect.stringContaining(COMMAND)]);
    expect(hasRun()).toBe(true);
    expect(model.requests.at(-1)?.toolOutputs).toEqual([expect.stringContaining('done')]);
  });

  it.each([
    ['decline', { command: 'declined', turn: 'completed' }, 2],
    ['cancel', { command: 'declined', turn: 'interrupted' }, 1],
  ] as const)('does not run on %s (S1)', async (decision, ends, modelRequests) => {
    const { codex, model, turn$, hasRun } = await asking();
    codex.handle('item/commandExecution/requestApproval', () => ({ decision }));
    expect(endsOf(await lastValueFrom(turn$.pipe(toArray())))).toEqual(ends);
    expect(hasRun()).toBe(false);
    expect(model.requests).toHaveLength(modelRequests);
  });

  it('does not run when the handler throws (S1)', async () => {
    const { codex, turn$, hasRun } = await asking();
    codex.handle('item/commandExecution/requestApproval', () => {
      throw new Error('no hands');
    });
    expect(endsOf(await lastValueFrom(turn$.pipe(toArray())))).toEqual({ command: 'failed', turn: 'completed' });
    expect(hasRun()).toBe(false);
  });

  it('is asked about once where it was accepted for the session', async () => {
    const { codex, turn$ } = await asking();
    let count = 0;
    codex.handle('item/commandExecution/requestApproval', () => {
      count += 1;
      return { decision: 'acceptForSession' };
    });
    await lastValueFrom(turn$);
    expect(endsOf(await lastValueFrom(turn$.pipe(toArray())))).toEqual({ command: 'completed', turn: 'completed' });
    expect(count).toBe(1);
  });

  it('S2: is found by a dialog that mounts late', async () => {
    const { codex, threadId, turn$, hasRun } = await asking();
    const waits = firstValueFrom(
      codex
        .notifications('thread/status/changed')
        .pipe(filter(({ status }) => status.activeFlags?.includes('waitingOnApproval') === true)),
    );
    const turned = lastValueFrom(turn$.pipe(toArray()));
    await waits;
    // Whatever else is asked now is answered before the question is looked at.
    await codex.call('thread/read', { threadId });
    const question = await firstValueFrom(commandQuestions(codex));
    expect(question.params).toMatchObject({ threadId });
    expect(question.respond({ decision: 'accept' })).toBe('sent');
    expect(question.respond({ decision: 'decline' })).toBe('alreadySettled');
    expect(endsOf(await turned)).toEqual({ command: 'completed', turn: 'completed' });
    expect(hasRun()).toBe(true);
  });

  it('S3: is settled when its turn is interrupted, and an answer comes too late', async () => {
    const { codex, threadId, turn$, hasRun } = await asking();
    const turned = lastValueFrom(turn$.pipe(toArray()));
    const lists: number[] = [];
    approvals(codex).subscribe((list) => lists.push(list.length));
    const [approval] = await firstValueFrom(approvals(codex).pipe(filter((list) => list.length > 0)));
    const settled = firstValueFrom(approval!.settled$);
    await codex.call('turn/interrupt', { threadId, turnId: approval!.params.turnId });
    expect(endsOf(await turned)).toMatchObject({ turn: 'interrupted' });
    await settled;
    expect(approval!.accept()).toBe('alreadySettled');
    expect(lists).toEqual([0, 1, 0]);
    expect(codex.openRequests()).toEqual([]);
    // Nothing of it is left behind.
    expect((await codex.call('thread/read', { threadId })).thread.status.type).toBe('idle');
    expect(hasRun()).toBe(false);
  });

  it('S3: is off the list of whoever else shows it, once it is decided', async () => {
    const { codex, turn$ } = await asking();
    const turned = lastValueFrom(turn$.pipe(toArray()));
    const seen: number[] = [];
    const shown = approvals(codex).pipe(tap((list) => seen.push(list.length)));
    shown.subscribe();
    const [approval] = await firstValueFrom(approvals(codex).pipe(filter((list) => list.length > 0)));
    expect(approval!.accept()).toBe('sent');
    expect(endsOf(await turned)).toEqual({ command: 'completed', turn: 'completed' });
    expect(seen).toEqual([0, 1, 0]);
  });
});
