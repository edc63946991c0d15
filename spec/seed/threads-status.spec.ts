/** The tests of what clients are told of a thread's status, through the reference server. */
import { EMPTY, ignoreElements, merge, NEVER, of, Subject, takeUntil, throwError } from 'rxjs';

import type { Agent, ApprovalDecision } from '../../src/app-server/index.js';
import { isLagged } from '../../src/backpressure/index.js';
import { watch } from '../rules/support.js';
import { type AppClient, joinApp, startApp, startThread, startTurn } from './start-app.js';

/** The statuses a client is told of: `active[waitingOnApproval]`. */
function statuses(client: AppClient): readonly string[] {
  const told: string[] = [];
  client.notifications('thread/status/changed').subscribe(({ status }) => {
    told.push(status.type === 'active' ? `active[${status.activeFlags.join()}]` : status.type);
  });
  return told;
}

const statusOf = (client: AppClient, threadId: string): unknown =>
  watch(client.request('thread/read', { threadId })).values[0]?.thread.status;

describe('the status of a thread', () => {
  it.each(['cli', 'exec'])('is tracked whether somebody sits there or not: %s', (sessionSource) => {
    const { client } = startApp({ sessionSource });
    const told = statuses(client);
    const threadId = startThread(client);
    startTurn(client, threadId);
    expect(told).toEqual(['active[]', 'idle']);
    expect(statusOf(client, threadId)).toEqual({ type: 'idle' });
  });

  it('follows its turn and each question of it, and is told only when it changes', () => {
    const end$ = new Subject<never>();
    const back$ = new Subject<void>();
    const decisions = new Map<string, Subject<{ readonly decision: ApprovalDecision }>>();
    const agent: Agent = ({ requestApproval }) => {
      const ask = (itemId: string) => requestApproval({ itemId, command: itemId }).pipe(ignoreElements());
      return merge(ask('one'), ask('two'), ask('three').pipe(takeUntil(back$)), end$);
    };
    const { client } = startApp({ agent });
    const told = statuses(client);
    client.handle('item/commandExecution/requestApproval', ({ itemId }) => {
      const decision = new Subject<{ readonly decision: ApprovalDecision }>();
      decisions.set(itemId, decision);
      return decision;
    });
    startTurn(client, startThread(client));
    expect(told).toEqual(['active[]', 'active[waitingOnApproval]']);
    decisions.get('one')?.next({ decision: 'accept' });
    decisions.get('two')?.next({ decision: 'decline' });
    expect(told).toHaveLength(2);
    back$.next();
    expect(told.slice(2)).toEqual(['active[]']);
    end$.complete();
    expect(told.slice(3)).toEqual(['idle']);
  });

  it('is active for whoever reads it while a turn runs', () => {
    const { client } = startApp({ agent: () => NEVER });
    const threadId = startThread(client);
    startTurn(client, threadId);
    expect(statusOf(client, threadId)).toEqual({ type: 'active', activeFlags: [] });
  });

  it('is what it was for whoever reads it while none runs', () => {
    const { client } = startApp({ agent: () => throwError(() => new Error('broken')) });
    const [untouched, failed] = [startThread(client), startThread(client)];
    startTurn(client, failed);
    expect([untouched, failed].map((threadId) => statusOf(client, threadId))).toEqual([
      { type: 'idle' },
      { type: 'systemError' },
    ]);
  });

  it('is a system error from a failed turn to the start of the next', () => {
    const { client } = startApp({
      agent: ({ text }) => (text === 'fail' ? throwError(() => new Error('broken')) : EMPTY),
    });
    const told = statuses(client);
    const threadId = startThread(client);
    startTurn(client, threadId, 'fail');
    expect(told).toEqual(['active[]', 'systemError']);
    startTurn(client, threadId, 'work');
    expect(told.slice(2)).toEqual(['active[]', 'idle']);
  });

  it('is told to everyone, on each change', () => {
    const { server, client } = startApp();
    const told = [client, joinApp(server)].map(statuses);
    startTurn(client, startThread(client));
    expect(told).toEqual([
      ['active[]', 'idle'],
      ['active[]', 'idle'],
    ]);
  });

  it('is not told when a thread begins: that is part of its beginning', () => {
    const { client } = startApp();
    const events = watch(client.events$);
    startThread(client);
    expect(events.values.map((event) => !isLagged(event) && event.method)).toEqual(['thread/started']);
  });
});

describe('a running turn', () => {
  it('is one that has not ended, whatever the status says of the past: the next turn is a new one', () => {
    let turns = 0;
    const { client } = startApp({
      agent: () => {
        turns += 1;
        return turns === 1 ? throwError(() => new Error('broken')) : of();
      },
    });
    const threadId = startThread(client);
    const [first, second] = [startTurn(client, threadId), startTurn(client, threadId)];
    expect(first).not.toBe(second);
    expect(turns).toBe(2);
  });
});
