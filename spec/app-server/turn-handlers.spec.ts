import { NEVER } from 'rxjs';

import type { UserInput } from '../../src/app-server/index.js';
import { scriptedAgent } from '../../src/testing/scripted-agent.js';
import { appOf, clientOf, outcomeOf, startThread, startTurn, watch } from './app-harness.js';

const input: UserInput[] = [{ type: 'text', text: 'and this' }];

describe('turn/steer', () => {
  it('hands more input to the agent of the expected turn and answers with that turn', () => {
    const heard: unknown[] = [];
    const agent = scriptedAgent(({ steer$ }) => {
      steer$.subscribe((more) => heard.push(more));
      return NEVER;
    });
    const { client, seen } = watch(appOf({ agent }));
    const threadId = startThread(client);
    const turnId = startTurn(client, threadId);
    seen.length = 0;
    expect(outcomeOf(client.request('turn/steer', { threadId, expectedTurnId: turnId, input }))).toEqual({ turnId });
    expect(heard).toEqual([input]);
    expect(seen).toEqual(['started userMessage', 'completed userMessage']);
  });

  it('is refused when no turn runs, or another one, or the agent does not listen, or there is nothing to say', () => {
    const client = clientOf(appOf({ agent: () => NEVER }));
    const threadId = startThread(client);
    const steer = (expectedTurnId: string, more = input): unknown =>
      outcomeOf(client.request('turn/steer', { threadId, expectedTurnId, input: more }));
    expect(steer('x')).toBe('-32600 no active turn to steer');
    const turnId = startTurn(client, threadId);
    expect(steer('x')).toBe(`-32600 expected active turn id \`x\` but found \`${turnId}\``);
    expect(steer(turnId, [])).toBe('-32600 input must not be empty');
    expect(steer(turnId)).toBe('-32600 cannot steer this turn: its agent takes no input while it runs');
    expect(outcomeOf(client.request('turn/steer', { threadId: 'nope', expectedTurnId: 'x', input }))).toBe(
      '-32600 thread not found: nope',
    );
  });

  it('is part of the first input of a turn that has not begun', () => {
    const agent = scriptedAgent([]);
    const server = appOf({ agent });
    const [client, other] = [clientOf(server), clientOf(server)];
    const threadId = startThread(client);
    const answers: unknown[] = [];
    client.request('turn/start', { threadId, input: [{ type: 'text', text: 'one' }] }).subscribe(({ turn }) => {
      const params = { threadId, expectedTurnId: turn.id, input };
      other.request('turn/steer', params).subscribe((answer) => answers.push(answer));
    });
    expect(answers).toEqual([{ turnId: 'id2' }]);
    expect(agent.turns).toMatchObject([{ text: 'one\nand this' }]);
  });
});

describe('turn/start', () => {
  it('changes the model for this turn and those after it', () => {
    const agent = scriptedAgent([]);
    const client = clientOf(appOf({ agent }));
    const threadId = startThread(client);
    startTurn(client, threadId);
    client.request('turn/start', { threadId, input: [], model: 'big' }).subscribe();
    startTurn(client, threadId);
    expect(agent.turns.map(({ model }) => model)).toEqual([null, 'big', 'big']);
  });
});
