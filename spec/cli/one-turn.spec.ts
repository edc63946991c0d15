import { NEVER } from 'rxjs';

import type { AgentEvent } from '../../src/app-server/index.js';
import { isLagged } from '../../src/backpressure/index.js';
import { OneTurn } from '../../src/cli/one-turn.js';
import { run } from '../../src/testing/index.js';
import { scriptedAgent } from '../../src/testing/scripted-agent.js';
import { appOf } from '../app-server/app-harness.js';
import { peerOf, startThread } from './peer-of.js';

/** The methods of its events, and `end`. */
function watch(turn: OneTurn): string[] {
  const seen: string[] = [];
  turn.events$.subscribe({
    next: (event) => seen.push(isLagged(event) ? 'gap' : event.method),
    complete: () => seen.push('end'),
  });
  return seen;
}

describe('one turn', () => {
  it('is seen from its thread’s beginning to its end, and no further', () => {
    const client = peerOf(appOf({ agent: scriptedAgent([]) }));
    const threadId = startThread(client);
    const turn = new OneTurn(client, threadId, 'go');
    const seen = watch(turn);
    turn.start().subscribe();
    new OneTurn(client, threadId, 'again').start().subscribe();
    expect(seen[0]).toBe('thread/started');
    expect(seen.slice(-2)).toEqual(['turn/completed', 'end']);
    expect(seen.filter((method) => method === 'turn/completed')).toHaveLength(1);
  });

  it('gives the agent its input as text', () => {
    const agent = scriptedAgent([]);
    const client = peerOf(appOf({ agent }));
    new OneTurn(client, startThread(client), 'ls -l').start().subscribe();
    expect(agent.turns).toMatchObject([{ input: [{ type: 'text', text: 'ls -l' }] }]);
  });

  it('ends when it is interrupted', () => {
    run(({ expectSubscriptions, cold, flush }) => {
      const work = cold<AgentEvent>('-');
      const client = peerOf(appOf({ agent: scriptedAgent(() => work) }));
      const turn = new OneTurn(client, startThread(client), 'go');
      const seen = watch(turn);
      turn.start().subscribe();
      cold('---x').subscribe(() => turn.interrupt().subscribe());
      expectSubscriptions(work.subscriptions).toBe('^--!');
      flush();
      expect(seen.at(-1)).toBe('end');
    });
  });

  it('is interrupted as soon as it runs, if that was asked for before', () => {
    const client = peerOf(appOf({ agent: scriptedAgent(() => NEVER) }));
    const turn = new OneTurn(client, startThread(client), 'go');
    const seen = watch(turn);
    turn.interrupt().subscribe();
    expect(seen).not.toContain('turn/started');
    turn.start().subscribe();
    expect(seen.slice(-2)).toEqual(['turn/completed', 'end']);
  });

  it('may have ended before it is interrupted, which is no error', () => {
    const client = peerOf(appOf({ agent: scriptedAgent([]) }));
    const turn = new OneTurn(client, startThread(client), 'go');
    turn.start().subscribe();
    const seen: unknown[] = [];
    turn.interrupt().subscribe({
      error: (error: unknown) => seen.push(error),
      complete: () => seen.push('complete'),
    });
    expect(seen).toEqual(['complete']);
  });
});
