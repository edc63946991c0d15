import { NEVER, Observable, Subject, throwError } from 'rxjs';

import type { Agent, AgentEvent } from '../../src/app-server/index.js';
import { isLagged } from '../../src/backpressure/index.js';
import { type FakeWire, fakeWire, run } from '../../src/testing/index.js';
import { scriptedAgent } from '../../src/testing/scripted-agent.js';
import { type App, appOf, clientOf, outcomeOf, startThread, startTurn, watch } from './app-harness.js';

const message = (id: string): AgentEvent => ({ type: 'itemStarted', item: { type: 'agentMessage', id } });
const delta = (itemId: string, text: string): AgentEvent => ({ type: 'delta', itemId, delta: text });
const done = (itemId: string): AgentEvent => ({ type: 'itemCompleted', itemId });

describe('a turn', () => {
  it('tells times on the clock of its scheduler', () => {
    run(({ cold, flush }) => {
      const agent = scriptedAgent(cold('-----(ab)-----|', { a: message('m'), b: done('m') }));
      const client = clientOf(appOf({ agent }));
      const turns: unknown[] = [];
      const items: unknown[] = [];
      client.notifications('turn/completed').subscribe(({ turn }) => turns.push(turn));
      client.notifications('item/started').subscribe(({ startedAtMs }) => items.push(startedAtMs));
      startTurn(client, startThread(client));
      flush();
      expect(items).toEqual([0, 5]);
      expect(turns).toMatchObject([{ startedAt: 0, completedAt: 0, durationMs: 14 }]);
    });
  });

  it('ends with a summary: the last thing the agent said', () => {
    const client = clientOf(
      appOf({ agent: scriptedAgent([message('a'), done('a'), message('b'), delta('b', 'bye'), done('b')]) }),
    );
    const turns: unknown[] = [];
    client.notifications('turn/completed').subscribe(({ turn }) => turns.push(turn));
    startTurn(client, startThread(client));
    expect(turns).toMatchObject([{ itemsView: 'summary', items: [{ id: 'b', text: 'bye' }], error: null }]);
  });

  it('ends without items if the agent said nothing', () => {
    const client = clientOf(appOf({ agent: scriptedAgent([]) }));
    const turns: unknown[] = [];
    client.notifications('turn/completed').subscribe(({ turn }) => turns.push(turn));
    startTurn(client, startThread(client));
    expect(turns).toMatchObject([{ itemsView: 'notLoaded', items: [], status: 'completed' }]);
  });

  it('passes on warnings and the errors an agent tries to get over', () => {
    const agent = scriptedAgent([
      { type: 'warning', message: 'careful' },
      { type: 'retrying', message: 'lost the line' },
    ]);
    const { client, seen } = watch(appOf({ agent }));
    startTurn(client, startThread(client));
    expect(seen.slice(5)).toEqual([
      'warning careful',
      'error lost the line (retrying)',
      'status idle',
      'turn/completed completed',
    ]);
  });

  it.each([
    ['errors', () => throwError(() => new Error('no model'))],
    ['errors with something else', () => throwError(() => 'no model')],
    [
      'throws when it is called',
      () => {
        throw new Error('no model');
      },
    ],
  ])('fails when the agent %s; the thread stays in systemError until the next turn', (_, agent) => {
    const { client, seen } = watch(appOf({ agent }));
    const threadId = startThread(client);
    startTurn(client, threadId);
    expect(seen.slice(5)).toEqual(['status systemError', 'error no model', 'turn/completed failed']);
    expect(outcomeOf(client.request('thread/read', { threadId, includeTurns: true }))).toMatchObject({
      thread: { status: { type: 'systemError' }, turns: [{ status: 'failed', error: { message: 'no model' } }] },
    });
    startTurn(client, threadId);
    expect(seen[8]).toBe('status active[]');
  });

  it.each([
    ['starts an item twice', [message('m'), message('m')]],
    ['speaks of an item it has not started', [delta('m', 'x')]],
    ['ends an item twice', [message('m'), done('m'), done('m')]],
  ])('fails when the agent %s', (_, script) => {
    const { client, seen } = watch(
      appOf({ agent: scriptedAgent([...script, { type: 'warning', message: 'not heard' }]) }),
    );
    startTurn(client, startThread(client));
    expect(seen.slice(-3)).toEqual([
      'status systemError',
      expect.stringMatching(/^error the agent/),
      'turn/completed failed',
    ]);
    expect(seen.join()).not.toContain('not heard');
  });

  it('gives the agent its input, as it came and as text', () => {
    const agent = scriptedAgent([]);
    const client = clientOf(appOf({ agent, cwd: '/work' }));
    const threadId = startThread(client);
    const input = [
      { type: 'text', text: 'one' },
      { type: 'image', url: 'x' },
      { type: 'text', text: 'two' },
    ];
    client.request('turn/start', { threadId, input }).subscribe();
    expect(agent.turns).toMatchObject([{ threadId, cwd: '/work', input, text: 'one\ntwo' }]);
    expect(agent.turns[0]?.newItemId()).toMatch(/^id\d+$/);
  });

  it('adds what someone else says before it has begun to its input', () => {
    const agent = scriptedAgent([]);
    const server = appOf({ agent });
    const [client, other] = [clientOf(server), clientOf(server)];
    const threadId = startThread(client);
    const ids: string[] = [];
    client.request('turn/start', { threadId, input: [{ type: 'text', text: 'one' }] }).subscribe(({ turn }) => {
      ids.push(turn.id);
      const input = [{ type: 'text', text: 'two' }];
      other.request('turn/start', { threadId, input }).subscribe((answer) => ids.push(answer.turn.id));
    });
    expect(agent.turns).toMatchObject([{ text: 'one\ntwo' }]);
    expect(ids).toEqual(['id2', 'id2']);
  });

  it('never calls the agent when someone else interrupts it before it has begun', () => {
    const agent = scriptedAgent([]);
    const server = appOf({ agent });
    const { client, seen } = watch(server);
    const other = clientOf(server);
    const threadId = startThread(client);
    seen.length = 0;
    client.request('turn/start', { threadId, input: [] }).subscribe(({ turn }) => {
      other.request('turn/interrupt', { threadId, turnId: turn.id }).subscribe();
    });
    expect(agent.turns).toEqual([]);
    expect(seen).toEqual([
      'status active[]',
      'turn/started',
      'started userMessage',
      'completed userMessage',
      'status idle',
      'turn/completed interrupted',
    ]);
  });

  describe('what the agent is told of its readers (writable$)', () => {
    function remote(server: App, initialize: object = {}): FakeWire {
      const wire = fakeWire();
      server.attach(wire);
      wire.receive({
        id: 0,
        method: 'initialize',
        params: { clientInfo: { name: 'far', version: '1' }, ...initialize },
      });
      return wire;
    }

    function flowing(): { server: App; wire: FakeWire; values: boolean[]; emit: () => void; threadId: string } {
      const script = new Subject<AgentEvent>();
      const agent = scriptedAgent(script);
      const server = appOf({ agent });
      const wire = remote(server);
      wire.receive({ id: 1, method: 'thread/start', params: {} });
      const threadId = 'id1';
      wire.receive({ id: 2, method: 'turn/start', params: { threadId, input: [] } });
      const values: boolean[] = [];
      agent.turns[0]?.writable$.subscribe((isWritable) => values.push(isWritable));
      script.next(message('m'));
      return { server, wire, values, emit: () => script.next(delta('m', 'x')), threadId };
    }

    it('is true again when its one reader, full as it is, watches no more (U-R11.8)', () => {
      const { wire, values, emit, threadId } = flowing();
      wire.fill();
      emit();
      emit();
      expect(values).toEqual([true, false]);
      wire.receive({ id: 3, method: 'thread/unsubscribe', params: { threadId } });
      expect(values).toEqual([true, false, true]);
    });

    it('is true while its one reader takes what comes', () => {
      const { values, emit } = flowing();
      emit();
      expect(values).toEqual([true]);
    });

    it('is false while the sink of its one reader is full', () => {
      const { wire, values, emit } = flowing();
      wire.fill();
      emit();
      emit();
      emit();
      expect(values).toEqual([true, false]);
      wire.drain();
      expect(values).toEqual([true, false, true]);
      emit();
      expect(values).toEqual([true, false, true]);
    });

    it('is true again when its one reader is gone, or is no longer the only one', () => {
      const gone = flowing();
      gone.wire.fill();
      gone.emit();
      gone.emit();
      gone.wire.end();
      expect(gone.values).toEqual([true, false, true]);

      const joined = flowing();
      joined.wire.fill();
      joined.emit();
      joined.emit();
      startTurn(clientOf(joined.server), joined.threadId);
      joined.emit();
      expect(joined.values).toEqual([true, false, true]);
    });

    it('completes with the turn', () => {
      const agent = scriptedAgent([]);
      const client = clientOf(appOf({ agent }));
      startTurn(client, startThread(client));
      let isComplete = false;
      agent.turns[0]?.writable$.subscribe({ complete: () => (isComplete = true) });
      expect(isComplete).toBe(true);
    });
  });

  describe('a flood (E2, E3)', () => {
    const flood = (count: number): AgentEvent[] => [
      { type: 'itemStarted', item: { type: 'commandExecution', id: 'c', command: 'flood' } },
      ...Array.from({ length: count }, (_, n) => delta('c', `${n}\n`)),
      done('c'),
    ];

    it('reaches a listener that keeps up whole and in order', () => {
      const client = clientOf(appOf({ agent: scriptedAgent(flood(50_000)) }));
      let text = '';
      client.notifications('item/commandExecution/outputDelta').subscribe((event) => {
        if (!isLagged(event)) text += event.delta;
      });
      startTurn(client, startThread(client));
      expect(text.split('\n')).toHaveLength(50_001);
      expect(text).toContain('\n49998\n49999\n');
    });

    it('is bounded and accounted for where nobody listens', () => {
      const client = clientOf(appOf({ agent: scriptedAgent(flood(50_000)) }), { capacity: 16 });
      startTurn(client, startThread(client));
      const { emitted, delivered, skipped, conflated, waiting, peak } = client.stats().events;
      expect(emitted).toBe(delivered + skipped + conflated + waiting);
      expect(emitted).toBeGreaterThan(50_000);
      expect(peak).toBeLessThan(32);
    });

    it('is remembered within bounds', () => {
      const client = clientOf(appOf({ agent: scriptedAgent(flood(50_000)), memory: { output: 100 } }));
      const threadId = startThread(client);
      startTurn(client, threadId);
      client.request('thread/read', { threadId, includeTurns: true }).subscribe(({ thread }) => {
        const item = thread.turns[0]?.items[1];
        expect(item?.type === 'commandExecution' && item.aggregatedOutput).toMatch(
          /^0\n1\n[^]*\n\[\.\.\. \d+ characters left out \.\.\.\]\n[^]*49999\n$/,
        );
      });
    });

    it('leaves the stack as it is when every event causes a request', () => {
      const client = clientOf(appOf({ agent: scriptedAgent(flood(5_000)) }));
      const threadId = startThread(client);
      let answers = 0;
      client.notifications('item/commandExecution/outputDelta').subscribe(() => {
        client.request('thread/read', { threadId }).subscribe(() => (answers += 1));
      });
      startTurn(client, threadId);
      expect(answers).toBe(5_000);
    });
  });

  it('is unsubscribed once, at its end', () => {
    run(({ cold, expectSubscriptions }) => {
      const work = cold('a--|', { a: message('m') });
      const client = clientOf(appOf({ agent: scriptedAgent(work) }));
      startTurn(client, startThread(client));
      expectSubscriptions(work.subscriptions).toBe('^--!');
    });
  });

  it('ends also when the agent breaks while it is being stopped', () => {
    const agent: Agent = () =>
      new Observable(() => () => {
        throw new Error('stuck');
      });
    const { client, seen } = watch(appOf({ agent }));
    const threadId = startThread(client);
    const turnId = startTurn(client, threadId);
    client.request('turn/interrupt', { threadId, turnId }).subscribe();
    expect(seen.slice(5)).toEqual(['status idle', 'turn/completed interrupted']);
  });

  it('may have input that is no text', () => {
    const agent = scriptedAgent(() => NEVER);
    const { client } = watch(appOf({ agent }));
    const threadId = startThread(client);
    client.request('turn/start', { threadId, input: [{ type: 'image' }] }).subscribe();
    expect(agent.turns[0]?.text).toBe('');
  });
});
