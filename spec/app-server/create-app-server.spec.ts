import { EMPTY, NEVER } from 'rxjs';

import type { AgentEvent } from '../../src/app-server/index.js';
import { startInProcess } from '../../src/in-process/index.js';
import { run } from '../../src/testing/index.js';
import { scriptedAgent } from '../../src/testing/scripted-agent.js';
import { appOf, clientOf, outcomeOf, startThread, startTurn, watch } from './app-harness.js';

const hello: readonly AgentEvent[] = [
  { type: 'itemStarted', item: { type: 'agentMessage', id: 'm' } },
  { type: 'delta', itemId: 'm', delta: 'hel' },
  { type: 'delta', itemId: 'm', delta: 'lo' },
  { type: 'itemCompleted', itemId: 'm' },
];

describe('createAppServer', () => {
  describe('the handshake (H1, H3)', () => {
    it('tells who the server is', () => {
      const server = appOf({
        agent: () => EMPTY,
        userAgent: 'demo/2',
        home: '/home/x',
        platform: { family: 'unix', os: 'linux' },
      });
      const results: unknown[] = [];
      clientOf(server).ready$.subscribe((result) => results.push(result));
      expect(results).toEqual([
        { userAgent: 'demo/2 (spec; 1)', codexHome: '/home/x', platformFamily: 'unix', platformOs: 'linux' },
      ]);
    });

    it('has defaults for what nobody told it', () => {
      const results: unknown[] = [];
      clientOf(appOf({ agent: () => EMPTY })).ready$.subscribe((result) => results.push(result));
      expect(results).toMatchObject([{ userAgent: 'rx-sluice (spec; 1)', codexHome: '', platformOs: 'unknown' }]);
    });

    it('refuses a client whose name cannot stand in a header (U-R2.5)', () => {
      const errors: unknown[] = [];
      clientOf(appOf({ agent: () => EMPTY }), {
        handshake: { clientInfo: { name: 'zwölf\n', version: '1' } },
      }).ready$.subscribe({ error: (error: Error) => errors.push(error.message) });
      expect(errors).toEqual([expect.stringContaining('Invalid clientInfo.name')]);
    });

    it('sends the startup warnings in order, after the answer, to each client', () => {
      const server = appOf({
        agent: () => EMPTY,
        configWarnings: [{ summary: 'one' }, { summary: 'two', details: 'x' }],
      });
      expect(watch(server).seen).toEqual(['configWarning one', 'configWarning two']);
      expect(watch(server).seen).toEqual(['configWarning one', 'configWarning two']);
    });

    it('keeps a broadcast from those who opted out of it', () => {
      const server = appOf({ agent: () => EMPTY });
      const capabilities = { optOutNotificationMethods: ['thread/started', 'no/such/method'] };
      const { seen } = watch(server, { handshake: { clientInfo: { name: 'quiet', version: '1' }, capabilities } });
      startThread(clientOf(server));
      expect(seen).toEqual([]);
    });
  });

  it('tells what is required of clients, or that nothing is', () => {
    const required = clientOf(
      appOf({ agent: () => EMPTY, configRequirements: { allowedApprovalPolicies: ['untrusted'] } }),
    );
    expect(outcomeOf(required.request('configRequirements/read'))).toEqual({
      requirements: { allowedApprovalPolicies: ['untrusted'] },
    });
    const free = clientOf(appOf({ agent: () => EMPTY }));
    expect(outcomeOf(free.request('configRequirements/read'))).toEqual({ requirements: null });
  });

  describe('threads', () => {
    it('answers first and tells everyone then', () => {
      const server = appOf({ agent: () => EMPTY });
      const { client, seen } = watch(server);
      const other = watch(server);
      client.request('thread/start', {}).subscribe(() => seen.push('answer'));
      expect(seen).toEqual(['answer', 'thread/started']);
      expect(other.seen).toEqual(['thread/started']);
    });

    it('stamps a thread with the source of its session, its folder and its policy', () => {
      for (const source of ['cli', 'exec']) {
        const client = clientOf(appOf({ agent: () => EMPTY, sessionSource: source, cwd: '/default' }));
        expect(outcomeOf(client.request('thread/start', {}))).toMatchObject({
          thread: { id: 'id1', source, cwd: '/default', ephemeral: true, status: { type: 'idle' }, turns: [] },
          cwd: '/default',
          approvalPolicy: 'untrusted',
        });
        expect(outcomeOf(client.request('thread/start', { cwd: '/mine', approvalPolicy: 'never' }))).toMatchObject({
          thread: { cwd: '/mine' },
          cwd: '/mine',
          approvalPolicy: 'never',
        });
      }
    });

    it('shows one client what another has started', () => {
      const server = appOf({ agent: () => EMPTY });
      const threadId = startThread(clientOf(server));
      expect(outcomeOf(clientOf(server).request('thread/read', { threadId }))).toMatchObject({
        thread: { id: threadId },
      });
    });

    it('reads a thread without its turns unless they are asked for', () => {
      const client = clientOf(appOf({ agent: scriptedAgent(hello) }));
      const threadId = startThread(client);
      startTurn(client, threadId, 'say hello');
      expect(outcomeOf(client.request('thread/read', { threadId }))).toMatchObject({
        thread: { preview: 'say hello', turns: [] },
      });
      expect(outcomeOf(client.request('thread/read', { threadId, includeTurns: true }))).toMatchObject({
        thread: {
          turns: [
            {
              status: 'completed',
              itemsView: 'full',
              items: [
                { type: 'userMessage', content: [{ type: 'text', text: 'say hello' }] },
                { type: 'agentMessage', text: 'hello' },
              ],
            },
          ],
        },
      });
    });

    it('reads a turn that runs with what it has so far', () => {
      run(({ cold }) => {
        const agent = scriptedAgent(cold('(ab)-', { a: hello[0] as AgentEvent, b: hello[1] as AgentEvent }));
        const client = clientOf(appOf({ agent }));
        const threadId = startThread(client);
        startTurn(client, threadId);
        cold('-x').subscribe(() => {
          expect(outcomeOf(client.request('thread/read', { threadId, includeTurns: true }))).toMatchObject({
            thread: { status: { type: 'active' }, turns: [{ status: 'inProgress', items: [{}, { text: 'hel' }] }] },
          });
        });
      });
    });

    it('knows no thread it has not started', () => {
      const client = clientOf(appOf({ agent: () => EMPTY }));
      const threadId = 'nope';
      expect(outcomeOf(client.request('thread/read', { threadId }))).toBe('-32600 thread not found: nope');
      expect(outcomeOf(client.request('turn/start', { threadId, input: [] }))).toBe('-32600 thread not found: nope');
      expect(outcomeOf(client.request('turn/interrupt', { threadId, turnId: 't' }))).toBe(
        '-32600 thread not found: nope',
      );
    });
  });

  describe('a turn', () => {
    it('is answered first, then told from its beginning to its end', () => {
      const { client, seen } = watch(appOf({ agent: scriptedAgent(hello) }));
      const threadId = startThread(client);
      seen.length = 0;
      client
        .request('turn/start', { threadId, input: [{ type: 'text', text: 'hi' }] })
        .subscribe(({ turn }) => seen.push(`answer ${turn.status}`));
      expect(seen).toEqual([
        'answer inProgress',
        'status active[]',
        'turn/started',
        'started userMessage',
        'completed userMessage',
        'started agentMessage',
        'delta hel',
        'delta lo',
        'completed agentMessage',
        'status idle',
        'turn/completed completed',
      ]);
    });

    it('is told to those who watch the thread, while its status goes to everyone', () => {
      const server = appOf({ agent: scriptedAgent(hello) });
      const starter = watch(server);
      const other = watch(server);
      startTurn(starter.client, startThread(starter.client));
      expect(other.seen).toEqual(['thread/started', 'status active[]', 'status idle']);
    });

    it('is told to whoever starts it, also in a thread of someone else', () => {
      const server = appOf({ agent: scriptedAgent(hello) });
      const threadId = startThread(clientOf(server));
      const { client, seen } = watch(server);
      startTurn(client, threadId);
      expect(seen).toContain('turn/completed completed');
    });

    it('goes on when the client that started it is gone', () => {
      run(({ cold, flush }) => {
        const agent = scriptedAgent(cold('---(ab|)', { a: hello[0] as AgentEvent, b: hello[3] as AgentEvent }));
        const server = appOf({ agent });
        const starter = clientOf(server);
        const threadId = startThread(starter);
        startTurn(starter, threadId);
        const { seen } = watch(server);
        starter.shutdown();
        cold('5s x').subscribe(() => {
          expect(seen).toEqual(['status idle']);
        });
        flush();
      });
    });

    it('hands what is said meanwhile to an agent that listens, and answers with the same turn', () => {
      const heard: unknown[] = [];
      const agent = scriptedAgent(({ steer$ }) => {
        steer$.subscribe((input) => heard.push(input));
        return NEVER;
      });
      const { client, seen } = watch(appOf({ agent }));
      const threadId = startThread(client);
      const first = startTurn(client, threadId);
      seen.length = 0;
      expect(startTurn(client, threadId, 'and this')).toBe(first);
      expect(heard).toEqual([[{ type: 'text', text: 'and this' }]]);
      expect(seen).toEqual(['started userMessage', 'completed userMessage']);
      expect(agent.turns).toHaveLength(1);
    });

    it('says so when the agent does not listen', () => {
      const { client, seen } = watch(appOf({ agent: () => NEVER }));
      const threadId = startThread(client);
      const first = startTurn(client, threadId);
      seen.length = 0;
      expect(startTurn(client, threadId)).toBe(first);
      expect(seen).toEqual(['warning the agent takes no input while a turn runs: the new input was ignored']);
    });

    it('is a new one for a client that starts it when it hears of the end of the last', () => {
      const server = appOf({ agent: scriptedAgent(hello) });
      const { client, seen } = watch(server);
      const threadId = startThread(client);
      let again = 1;
      client.notifications('thread/status/changed').subscribe(({ status }) => {
        if (status.type === 'idle' && again-- > 0) startTurn(client, threadId, 'again');
      });
      startTurn(client, threadId);
      const told = seen.filter((event) => /^turn|^status/.test(event));
      const turn = ['status active[]', 'turn/started', 'status idle', 'turn/completed completed'];
      expect(told).toEqual([...turn, ...turn]);
    });
  });

  describe('turn/interrupt', () => {
    it('is refused when no turn runs, and when another one does', () => {
      const client = clientOf(appOf({ agent: () => NEVER }));
      const threadId = startThread(client);
      expect(outcomeOf(client.request('turn/interrupt', { threadId, turnId: 'x' }))).toBe(
        '-32600 no active turn to interrupt',
      );
      const turnId = startTurn(client, threadId);
      expect(outcomeOf(client.request('turn/interrupt', { threadId, turnId: 'x' }))).toBe(
        `-32600 expected active turn id x but found ${turnId}`,
      );
    });

    it('is answered first; then the turn ends, and its open items with it', () => {
      run(({ cold, expectSubscriptions }) => {
        const work = cold('ab----|', { a: hello[0] as AgentEvent, b: hello[1] as AgentEvent });
        const whole = '    ^---!';
        const { client, seen } = watch(appOf({ agent: scriptedAgent(work) }));
        const threadId = startThread(client);
        const turnId = startTurn(client, threadId);
        cold('----x').subscribe(() => {
          seen.length = 0;
          client.request('turn/interrupt', { threadId, turnId }).subscribe(() => seen.push('answer'));
          expect(seen).toEqual(['answer', 'status idle', 'turn/completed interrupted']);
        });
        expectSubscriptions(work.subscriptions).toBe(whole);
      });
    });

    it('interrupts a turn from within its own answer', () => {
      const { client, seen } = watch(appOf({ agent: () => NEVER }));
      const threadId = startThread(client);
      seen.length = 0;
      client.request('turn/start', { threadId, input: [] }).subscribe(({ turn }) => {
        client.request('turn/interrupt', { threadId, turnId: turn.id }).subscribe();
      });
      expect(seen).toEqual([
        'status active[]',
        'turn/started',
        'started userMessage',
        'completed userMessage',
        'status idle',
        'turn/completed interrupted',
      ]);
    });

    it('stops an agent in the middle of what it emits at once', () => {
      run(({ cold, flush }) => {
        const [a, b, c, d] = hello as [AgentEvent, AgentEvent, AgentEvent, AgentEvent];
        const { client, seen } = watch(appOf({ agent: scriptedAgent(cold('--(abcd|)', { a, b, c, d })) }));
        const threadId = startThread(client);
        const turnId = startTurn(client, threadId);
        client.notifications('item/agentMessage/delta').subscribe(() => {
          client.request('turn/interrupt', { threadId, turnId }).subscribe();
        });
        seen.length = 0;
        flush();
        expect(seen).toEqual(['started agentMessage', 'delta hel', 'status idle', 'turn/completed interrupted']);
      });
    });
  });

  describe('shutdown (D1, D2)', () => {
    it('interrupts the running turns first, so that their end arrives', () => {
      run(({ cold, expectSubscriptions, flush }) => {
        const work = cold('a', { a: hello[0] as AgentEvent });
        const server = appOf({ agent: scriptedAgent(work) });
        const { client, seen } = watch(server);
        startTurn(client, startThread(client));
        const reports: unknown[] = [];
        cold('---x').subscribe(() => server.shutdown().subscribe((report) => reports.push(report)));
        expectSubscriptions(work.subscriptions).toBe('^--!');
        flush();
        expect(seen.slice(-2)).toEqual(['status idle', 'turn/completed interrupted']);
        expect(reports).toMatchObject([{ graceful: true, aborted: 0 }]);
      });
    });

    it('starts no turn for someone who asks for one in the middle of it', () => {
      const agent = scriptedAgent(() => NEVER);
      const server = appOf({ agent });
      const client = clientOf(server);
      const threadId = startThread(client);
      const answers: string[] = [];
      client.notifications('turn/completed').subscribe(() => {
        client.request('turn/start', { threadId, input: [] }).subscribe({
          next: () => answers.push('a turn'),
          error: (error: Error) => answers.push(error.message),
        });
      });
      startTurn(client, threadId);
      server.shutdown();
      expect(answers).toEqual([expect.stringMatching(/shutting down|closed|ended/)]);
      expect(agent.turns).toHaveLength(1);
    });

    it('comes with the end of a client that owns the server', () => {
      run(({ cold, expectSubscriptions }) => {
        const work = cold<AgentEvent>('---');
        const client = startInProcess(appOf({ agent: scriptedAgent(work) }), {
          handshake: { clientInfo: { name: 'owner', version: '1' } },
        });
        startTurn(client, startThread(client));
        client.shutdown();
        expectSubscriptions(work.subscriptions).toBe('(^!)');
      });
    });

    it('is awaited by `await using`', async () => {
      const server = appOf({ agent: () => NEVER });
      const client = clientOf(server);
      let ended = '';
      client.closed$.subscribe(({ reason }) => (ended = reason));
      await server[Symbol.asyncDispose]();
      expect(ended).toBe('shutdown');
    });
  });

  it('is a whole server: it counts, lists and addresses what it serves', () => {
    const server = appOf({ agent: () => EMPTY });
    const { seen } = watch(server);
    const connections: number[] = [];
    server.connections$.subscribe((now) => connections.push(now.length));
    server.broadcast('warning', { message: 'all' });
    server.notify(server.everyone, 'warning', { message: 'everyone' });
    expect(server.notify(server.audience(), 'warning', { message: 'nobody' })).toBe('closed');
    const question = {
      kind: 'command' as const,
      threadId: 't',
      turnId: 'u',
      itemId: 'i',
      startedAtMs: 0,
      command: 'ls',
      cwd: '/',
      availableDecisions: [],
    };
    const asked = server.request(server.everyone, 'item/commandExecution/requestApproval', question).subscribe();
    expect(server.openRequests()).toMatchObject([{ id: 0, params: question }]);
    asked.unsubscribe();
    expect(seen).toEqual(['warning all', 'warning everyone', 'ask 0', 'resolved 0']);
    expect(connections).toEqual([1]);
    expect(server.stats().connections).toBe(1);
  });
});
