import { NEVER, throwError } from 'rxjs';

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
    new OneTurn(client, threadId, 'again').events$.subscribe();
    expect(seen[0]).toBe('thread/started');
    expect(seen.slice(-2)).toEqual(['turn/completed', 'end']);
    expect(seen.filter((method) => method === 'turn/completed')).toHaveLength(1);
  });

  it('gives the agent its input as text', () => {
    const agent = scriptedAgent([]);
    const client = peerOf(appOf({ agent }));
    new OneTurn(client, startThread(client), 'ls -l').events$.subscribe();
    expect(agent.turns).toMatchObject([{ input: [{ type: 'text', text: 'ls -l' }] }]);
  });

  it('ends when it is interrupted', () => {
    run(({ expectSubscriptions, cold, flush }) => {
      const work = cold<AgentEvent>('-');
      const client = peerOf(appOf({ agent: scriptedAgent(() => work) }));
      const turn = new OneTurn(client, startThread(client), 'go');
      const seen = watch(turn);
      cold('---x').subscribe(() => turn.interrupt().subscribe());
      expectSubscriptions(work.subscriptions).toBe('^--!');
      flush();
      expect(seen.at(-1)).toBe('end');
    });
  });

  it('is interrupted as soon as it runs, if that was asked for before', () => {
    const client = peerOf(appOf({ agent: scriptedAgent(() => NEVER) }));
    const turn = new OneTurn(client, startThread(client), 'go');
    const answers: string[] = [];
    turn.interrupt().subscribe({ complete: () => answers.push('interrupted') });
    expect(answers).toEqual([]);
    const seen = watch(turn);
    expect(answers).toEqual(['interrupted']);
    expect(seen.slice(-2)).toEqual(['turn/completed', 'end']);
  });

  it('has ended when it failed, and its last event says how', () => {
    const client = peerOf(appOf({ agent: () => throwError(() => new Error('no model')) }));
    expect(watch(new OneTurn(client, startThread(client), 'go')).slice(-2)).toEqual(['turn/completed', 'end']);
  });

  it('tells whoever runs it that the server has refused it', () => {
    const client = peerOf(appOf({ agent: scriptedAgent([]) }));
    const errors: unknown[] = [];
    new OneTurn(client, 'no-such-thread', 'go').events$.subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors).toEqual([expect.objectContaining({ name: 'RpcError', method: 'turn/start' })]);
  });

  it('may have ended before it is interrupted, which is no error', () => {
    const client = peerOf(appOf({ agent: scriptedAgent([]) }));
    const turn = new OneTurn(client, startThread(client), 'go');
    watch(turn);
    const seen: unknown[] = [];
    turn.interrupt().subscribe({
      error: (error: unknown) => seen.push(error),
      complete: () => seen.push('complete'),
    });
    expect(seen).toEqual(['complete']);
  });
});
