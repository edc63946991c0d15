import { of } from 'rxjs';

import type { AgentEvent } from '../../src/app-server/index.js';
import { run } from '../../src/testing/index.js';
import { scriptedAgent } from '../../src/testing/scripted-agent.js';
import { appOf, clientOf, startThread, startTurn, watch } from '../app-server/app-harness.js';

const warning = (message: string): AgentEvent => ({ type: 'warning', message });

describe('scriptedAgent', () => {
  it('plays a list at once, again in each turn', () => {
    const { client, seen } = watch(appOf({ agent: scriptedAgent([warning('a'), warning('b')]) }));
    const threadId = startThread(client);
    for (const text of ['1', '2']) startTurn(client, threadId, text);
    expect(seen.filter((event) => event.startsWith('warning')).join()).toBe('warning a,warning b,warning a,warning b');
  });

  it('plays a stream when that says so', () => {
    run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const script = cold('  --a--b|', { a: warning('a'), b: warning('b') });
      const lifetime = '     ^-----!';
      const expected = '     --a--b-';
      const client = clientOf(appOf({ agent: scriptedAgent(script) }));
      const threadId = startThread(client);
      expectObservable(client.notifications('warning')).toBe(expected, {
        a: { threadId, message: 'a' },
        b: { threadId, message: 'b' },
      });
      hot('x').subscribe(() => startTurn(client, threadId));
      expectSubscriptions(script.subscriptions).toBe(lifetime);
    });
  });

  it('plays what a function makes of the turn and its number', () => {
    const agent = scriptedAgent(({ text }, index) => {
      const event = warning(`${index} ${text}`);
      return index === 0 ? [event] : of(event);
    });
    const { client, seen } = watch(appOf({ agent }));
    const threadId = startThread(client);
    for (const text of ['x', 'y']) startTurn(client, threadId, text);
    expect(seen.filter((event) => event.startsWith('warning'))).toEqual(['warning 0 x', 'warning 1 y']);
  });

  it('remembers the turns it was given', () => {
    const agent = scriptedAgent([]);
    const client = clientOf(appOf({ agent }));
    const threadId = startThread(client);
    for (const text of ['x', 'y']) startTurn(client, threadId, text);
    expect(agent.turns.map(({ text }) => text)).toEqual(['x', 'y']);
  });
});
