import { lastValueFrom, NEVER, Observable } from 'rxjs';

import { type AgentEvent, isTurnTransition, type TurnContext } from '../../src/app-server/index.js';
import { turnTransition } from '../../src/app-server/turn-transition.js';
import { scriptedAgent } from '../../src/testing/scripted-agent.js';
import { appOf, clientOf, startThread, startTurn, watch } from './app-harness.js';

describe('U-R5.8 isTurnTransition', () => {
  it('is true of an error whose data says exactly so', () => {
    expect(isTurnTransition(turnTransition())).toBe(true);
    expect(isTurnTransition({ data: { reason: 'turnTransition' } })).toBe(true);
  });

  it.each([
    [{ data: { reason: 'other' } }],
    [{ data: { reason: null } }],
    [{ data: null }],
    [{ data: true }],
    [{ data: {} }],
    [{ data: 'turnTransition' }],
    [{}],
    [new Error('x')],
    [null],
    [undefined],
    ['turnTransition'],
  ])('is false of %j', (error) => {
    expect(isTurnTransition(error)).toBe(false);
  });
});

describe('U-R5.8 the end of a turn', () => {
  /** An agent made of callbacks: nothing of it stops when it is unsubscribed. */
  function stubborn(errors: unknown[]): (turn: TurnContext) => Observable<AgentEvent> {
    return ({ requestApproval }) => {
      for (const itemId of ['a', 'b']) {
        requestApproval({ itemId, command: 'ls' }).subscribe({ error: (error) => errors.push(error) });
      }
      return NEVER;
    };
  }

  it('fails what the agent has asked and not taken back; everyone is told once that it is resolved', () => {
    const errors: unknown[] = [];
    const server = appOf({ agent: stubborn(errors) });
    const { client, seen } = watch(server);
    const threadId = startThread(client);
    const turnId = startTurn(client, threadId);
    seen.length = 0;
    client.request('turn/interrupt', { threadId, turnId }).subscribe();
    const error = {
      code: -32603,
      message: 'client request resolved because the turn state was changed',
      data: { reason: 'turnTransition' },
    };
    expect(errors).toMatchObject([error, error]);
    expect(seen).toEqual(['resolved 0', 'resolved 1', 'status idle', 'turn/completed interrupted']);
    expect(server.openRequests()).toEqual([]);
  });

  it('takes back what an agent that can be unsubscribed has asked, in the same way', () => {
    const agent = scriptedAgent(
      ({ requestApproval }) =>
        new Observable<AgentEvent>((subscriber) => {
          subscriber.add(requestApproval({ itemId: 'a', command: 'ls' }).subscribe());
        }),
    );
    const server = appOf({ agent });
    const { client, seen } = watch(server);
    const threadId = startThread(client);
    const turnId = startTurn(client, threadId);
    seen.length = 0;
    client.request('turn/interrupt', { threadId, turnId }).subscribe();
    expect(seen).toEqual(['resolved 0', 'status idle', 'turn/completed interrupted']);
  });

  it('comes with the end of the agent itself, whose question nobody answers any more', () => {
    const errors: unknown[] = [];
    const agent = ({ requestApproval }: TurnContext): readonly AgentEvent[] => {
      requestApproval({ itemId: 'a', command: 'ls' }).subscribe({ error: (error) => errors.push(error) });
      return [];
    };
    const { client, seen } = watch(appOf({ agent: scriptedAgent(agent) }));
    startTurn(client, startThread(client));
    expect(errors.map(isTurnTransition)).toEqual([true]);
    expect(seen.at(-1)).toBe('turn/completed completed');
  });

  it('lets nobody ask afterwards', () => {
    const errors: unknown[] = [];
    const agent = scriptedAgent([]);
    const server = appOf({ agent });
    const { client, seen } = watch(server);
    startTurn(client, startThread(client));
    seen.length = 0;
    agent.turns[0]?.requestApproval({ itemId: 'a', command: 'ls' }).subscribe({ error: (error) => errors.push(error) });
    expect(errors.map(isTurnTransition)).toEqual([true]);
    expect(seen).toEqual([]);
  });

  it('reaches an agent made of promises', async () => {
    let failure: unknown;
    const agent = ({ requestApproval }: TurnContext): Observable<AgentEvent> => {
      lastValueFrom(requestApproval({ itemId: 'a', command: 'ls' })).catch((error: unknown) => (failure = error));
      return NEVER;
    };
    const client = clientOf(appOf({ agent }));
    const threadId = startThread(client);
    const turnId = startTurn(client, threadId);
    await lastValueFrom(client.request('turn/interrupt', { threadId, turnId }));
    await Promise.resolve();
    expect(isTurnTransition(failure)).toBe(true);
  });
});
