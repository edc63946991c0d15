import {
  catchError,
  concat,
  concatMap,
  ignoreElements,
  merge,
  type Observable,
  of,
  Subject,
  take,
  takeUntil,
} from 'rxjs';

import type { Agent, AgentEvent, ApprovalDecision, TurnContext } from '../../src/app-server/index.js';
import { run } from '../../src/testing/index.js';
import { scriptedAgent } from '../../src/testing/scripted-agent.js';
import { appOf, clientOf, startThread, startTurn, watch } from './app-harness.js';

/** An agent that runs a command if it may. */
const careful = scriptedAgent(({ requestApproval, newItemId, text }: TurnContext): Observable<AgentEvent> => {
  const id = newItemId();
  const end = (decision: ApprovalDecision | 'failed'): readonly AgentEvent[] => {
    if (decision === 'failed') return [{ type: 'itemCompleted', itemId: id, outcome: { status: 'failed' } }];
    const isAccepted = decision.startsWith('accept');
    const outcome = isAccepted ? { exitCode: 0 } : ({ status: 'declined' } as const);
    return [{ type: 'itemCompleted', itemId: id, outcome }];
  };
  return concat(
    of<AgentEvent>({ type: 'itemStarted', item: { type: 'commandExecution', id, command: text } }),
    requestApproval({ itemId: id, command: text, reason: 'because' }).pipe(
      catchError(() => of('failed' as const)),
      concatMap(end),
    ),
  );
});

const asked = ['started commandExecution', 'status active[waitingOnApproval]', 'ask 0', 'resolved 0'];

function decide(decision: unknown): { seen: string[] } {
  const { client, seen } = watch(appOf({ agent: careful }));
  client.handle('item/commandExecution/requestApproval', () => ({ decision: decision as ApprovalDecision }));
  const threadId = startThread(client);
  startTurn(client, threadId, 'ls');
  return { seen: seen.slice(5) };
}

describe('an approval (S1, U-R5.16)', () => {
  it.each(['accept', 'acceptForSession'])('lets the command run on %s', (decision) => {
    expect(decide(decision).seen).toEqual([
      ...asked,
      'status active[]',
      'completed command completed',
      'status idle',
      'turn/completed completed',
    ]);
  });

  it('lets the turn go on without the command on decline', () => {
    expect(decide('decline').seen).toEqual([
      ...asked,
      'status active[]',
      'completed command declined',
      'status idle',
      'turn/completed completed',
    ]);
  });

  it('interrupts the turn on cancel, after the agent had its say', () => {
    expect(decide('cancel').seen).toEqual([
      ...asked,
      'status active[]',
      'completed command declined',
      'status idle',
      'turn/completed interrupted',
    ]);
  });

  it('interrupts on cancel also an agent that would rather go on', () => {
    const agent = scriptedAgent(({ requestApproval }) =>
      requestApproval({ itemId: 'i', command: 'ls' }).pipe(concatMap(() => new Promise<never>(() => undefined))),
    );
    const { client, seen } = watch(appOf({ agent }));
    client.handle('item/commandExecution/requestApproval', () => ({ decision: 'cancel' as const }));
    startTurn(client, startThread(client));
    expect(seen.at(-1)).toBe('turn/completed interrupted');
  });

  it.each([
    ['a decision nobody offered', 'bogus'],
    ['no decision', undefined],
  ])('fails the item and goes on after %s', (_, decision) => {
    expect(decide(decision).seen).toEqual([
      ...asked,
      'status active[]',
      'completed command failed',
      'status idle',
      'turn/completed completed',
    ]);
  });

  it('fails the item and goes on after an error for an answer', () => {
    const { client, seen } = watch(appOf({ agent: careful }));
    client.handle('item/commandExecution/requestApproval', () => {
      throw new Error('cannot decide');
    });
    startTurn(client, startThread(client));
    expect(seen.slice(-3)).toEqual(['completed command failed', 'status idle', 'turn/completed completed']);
  });

  it('tells the client all it needs to decide', () => {
    const client = clientOf(appOf({ agent: careful, cwd: '/work' }));
    const asked: unknown[] = [];
    client.serverRequests$.subscribe(({ params }) => asked.push(params));
    const threadId = startThread(client);
    const turnId = startTurn(client, threadId, 'rm -r x');
    expect(asked).toMatchObject([
      {
        kind: 'command',
        threadId,
        turnId,
        command: 'rm -r x',
        cwd: '/work',
        reason: 'because',
        availableDecisions: ['accept', 'acceptForSession', 'decline', 'cancel'],
      },
    ]);
  });

  it('asks again for another command and not for one accepted for the session', () => {
    const client = clientOf(appOf({ agent: careful }));
    const commands: string[] = [];
    client.handle('item/commandExecution/requestApproval', ({ command }) => {
      commands.push(command);
      return { decision: 'acceptForSession' as const };
    });
    const threadId = startThread(client);
    for (const command of ['ls', 'ls', 'pwd', 'ls']) startTurn(client, threadId, command);
    startTurn(client, startThread(client), 'ls');
    expect(commands).toEqual(['ls', 'pwd', 'ls']);
  });

  it('asks nobody in a thread that never asks', () => {
    const { client, seen } = watch(appOf({ agent: careful }));
    startTurn(client, startThread(client, { approvalPolicy: 'never' }));
    expect(seen.filter((event) => /ask|waiting/.test(event))).toEqual([]);
    expect(seen).toContain('completed command completed');
  });

  it('waits for a client that watches later (S4)', () => {
    const server = appOf({ agent: careful });
    const first = clientOf(server);
    const threadId = startThread(first);
    const turnId = startTurn(first, threadId);
    server.connections$.pipe(take(1)).subscribe(([connection]) => connection?.close('reloaded'));
    const second = watch(server);
    // Whoever speaks in a thread watches it.
    expect(startTurn(second.client, threadId)).toBe(turnId);
    expect(second.seen).toContain('ask 0');
    expect(second.client.respond(0, { decision: 'accept' })).toBe('sent');
    expect(second.seen.at(-1)).toBe('turn/completed completed');
  });

  it('goes to all who watch, and the first answer wins', () => {
    const server = appOf({ agent: careful });
    const one = watch(server);
    const other = watch(server);
    const threadId = startThread(one.client);
    startTurn(one.client, threadId);
    startTurn(other.client, threadId);
    expect(other.client.respond(0, { decision: 'decline' })).toBe('sent');
    expect(one.client.respond(0, { decision: 'accept' })).toBe('alreadySettled');
    expect(one.seen.filter((event) => event.startsWith('resolved'))).toEqual(['resolved 0']);
    expect(other.seen.filter((event) => event.startsWith('resolved'))).toEqual(['resolved 0']);
  });

  it('is taken back by an interrupt, once, and a late answer changes nothing', () => {
    const { client, seen } = watch(appOf({ agent: careful }));
    const threadId = startThread(client);
    const turnId = startTurn(client, threadId);
    seen.length = 0;
    client.request('turn/interrupt', { threadId, turnId }).subscribe();
    expect(client.respond(0, { decision: 'accept' })).toBe('alreadySettled');
    expect(seen).toEqual(['resolved 0', 'status idle', 'turn/completed interrupted']);
    expect(client.openRequests()).toEqual([]);
  });

  it('is taken back by an agent that no longer wants to know', () => {
    run(({ cold, flush }) => {
      const agent = scriptedAgent(({ requestApproval }) =>
        merge(requestApproval({ itemId: 'i', command: 'ls' }).pipe(takeUntil(cold('--x'))), cold('----|')).pipe(
          ignoreElements(),
        ),
      );
      const { client, seen } = watch(appOf({ agent }));
      startTurn(client, startThread(client));
      flush();
      expect(seen.slice(5)).toEqual([
        'status active[waitingOnApproval]',
        'ask 0',
        'resolved 0',
        'status active[]',
        'status idle',
        'turn/completed completed',
      ]);
    });
  });

  it('shows the thread waiting until the last of several questions is settled', () => {
    const agent = scriptedAgent(({ requestApproval }) =>
      merge(requestApproval({ itemId: 'a', command: 'a' }), requestApproval({ itemId: 'b', command: 'b' })).pipe(
        ignoreElements(),
      ),
    );
    const { client, seen } = watch(appOf({ agent }));
    startTurn(client, startThread(client));
    client.respond(1, { decision: 'accept' });
    expect(seen.slice(5)).toEqual(['status active[waitingOnApproval]', 'ask 0', 'ask 1', 'resolved 1']);
    client.respond(0, { decision: 'accept' });
    expect(seen.slice(9)).toEqual(['resolved 0', 'status active[]', 'status idle', 'turn/completed completed']);
  });
});

describe('a question given up as soon as its status was told (U-R11.10)', () => {
  it('was never asked, and the thread does not wait for it', () => {
    const go$ = new Subject<void>();
    const giveUp$ = new Subject<void>();
    const agent: Agent = ({ requestApproval, newItemId }) =>
      go$.pipe(
        concatMap(() => requestApproval({ itemId: newItemId(), command: 'ls' }).pipe(takeUntil(giveUp$))),
        ignoreElements(),
      );
    const { client, seen } = watch(appOf({ agent }));
    client.notifications('thread/status/changed').subscribe(({ status }) => {
      if (status.type === 'active' && status.activeFlags.length > 0) giveUp$.next();
    });
    startTurn(client, startThread(client));
    seen.length = 0;
    go$.next();
    expect(seen).toEqual(['status active[waitingOnApproval]', 'status active[]']);
    expect(client.stats().serverRequests.open).toBe(0);
  });
});
