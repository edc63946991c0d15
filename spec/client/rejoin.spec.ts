/** What an application writes to survive a lost wire, against the reference server, over wires in process that are cut. */
import { concatMap, ignoreElements, merge, Subject, tap } from 'rxjs';

import { appServerContract, type AgentEvent } from '../../src/app-server/index.js';
import { connect, type ClientOptions } from '../../src/client/index.js';
import { reconnecting } from '../../src/transports/index.js';
import { inProcessWires } from '../../src/in-process/index.js';
import type { Wire } from '../../src/protocol/index.js';
import { run, scriptedAgent } from '../../src/testing/index.js';
import { emptyThread, reduceThread, scanThread, type ThreadState } from '../../src/thread-state/index.js';
import { type App, appOf, clientOf, startThread, startTurn } from '../app-server/app-harness.js';
import { at, watch } from '../rules/support.js';
import { describeThread } from '../thread-state/describe-thread.js';

type AppOptions = ClientOptions<typeof appServerContract>;

/** A server whose agent does as it is told, and a client of it whose wires the spec can cut. */
function reconnectingApp(options: (threadId: () => string) => AppOptions = () => ({})) {
  const events$ = new Subject<AgentEvent>();
  const questions$ = new Subject<string>();
  const decisions: string[] = [];
  const agent = scriptedAgent((turn) =>
    merge(
      events$,
      questions$.pipe(
        concatMap((itemId) =>
          turn.requestApproval({ itemId, command: 'ls' }).pipe(
            tap((decision) => decisions.push(decision)),
            ignoreElements(),
          ),
        ),
      ),
    ),
  );
  const server = appOf({ agent });
  let threadId = '';
  let wire: Wire | undefined;
  const source = reconnecting(
    () => {
      const [near, far] = inProcessWires({ isolation: 'json' });
      wire = near;
      server.attach(far);
      return near;
    },
    { delay: 10, jitter: 0 },
  );
  const client = connect(source, appServerContract, {
    handshake: { clientInfo: { name: 'spec', version: '1' }, capabilities: { lag: true } },
    ...options(() => threadId),
  });
  threadId = startThread(client);
  return {
    server,
    client,
    threadId,
    decisions,
    say: (delta: string) => events$.next({ type: 'delta', itemId: 'm', delta }),
    tell: (event: AgentEvent) => events$.next(event),
    ask: (itemId: string) => questions$.next(itemId),
    cut: () => wire?.close({ reason: 'cut', orderly: false }),
  };
}

const begin: AgentEvent[] = [
  { type: 'itemStarted', item: { type: 'agentMessage', id: 'm' } },
  { type: 'itemStarted', item: { type: 'commandExecution', id: 'c', command: 'ls' } },
];

/** The thread as the server has it, and its open questions aside, which are no part of it. */
function truth(server: App, threadId: string): unknown {
  let state: ThreadState = emptyThread(threadId);
  clientOf(server)
    .exchange('thread/read', { threadId, includeTurns: true })
    .subscribe(({ seq, result: { thread } }) => {
      state = reduceThread(state, { type: 'snapshot', thread, seq });
    });
  return { ...describeThread(state), approvals: undefined };
}

describe('a client that reconnects to an app server', () => {
  const recipes: [string, (threadId: () => string) => AppOptions, 'thread/resume' | 'thread/read'][] = [
    ['whose views ask for the thread by thread/resume', () => ({}), 'thread/resume'],
    [
      'that rejoins its thread before all else',
      (threadId) => ({ rejoin: (session) => session.request('thread/resume', { threadId: threadId() }) }),
      'thread/read',
    ],
  ];

  describe.each(recipes)('%s', (_name, options, method) => {
    /** A turn whose wire is cut in its middle and comes back 10 later. */
    const play = (during: (app: ReturnType<typeof reconnectingApp>) => void) => {
      const app = reconnectingApp(options);
      const { client, threadId } = app;
      const snapshot = () =>
        method === 'thread/resume'
          ? client.exchange(method, { threadId })
          : client.exchange(method, { threadId, includeTurns: true });
      const states = watch(client.scoped(threadId).pipe(scanThread(threadId, { snapshot })));
      startTurn(client, threadId);
      begin.forEach(app.tell);
      app.say('seen, ');
      at(5, app.cut);
      at(10, () => app.say('missed, '));
      at(20, () => app.say('seen again'));
      during(app);
      at(60, () => client.shutdown());
      return { ...app, states, now: () => describeThread(states.values.at(-1) as ThreadState) };
    };

    it('shows the thread as the server has it: amid the turn, and at its end', () => {
      run(({ flush }) => {
        const { server, threadId, now, tell, states } = play(() => undefined);
        const shown: unknown[] = [];
        at(8, () => shown.push(now().partial, now().items.at(-2)));
        at(30, () => shown.push({ ...now(), approvals: undefined }, truth(server, threadId)));
        at(40, () => {
          for (const itemId of ['m', 'c']) tell({ type: 'itemCompleted', itemId });
        });
        at(50, () => shown.push({ ...now(), approvals: undefined }, truth(server, threadId)));
        flush();
        expect(shown.slice(0, 2)).toEqual([false, 'seen, ...']);
        expect(shown[2]).toMatchObject({
          partial: false,
          items: ['> go', 'seen, missed, seen again...', '$ ls [inProgress]...'],
        });
        expect(shown[2]).toEqual(shown[3]);
        expect(shown[4]).toMatchObject({ items: ['> go', 'seen, missed, seen again', '$ ls [completed]'] });
        expect(shown[4]).toEqual(shown[5]);
        expect(states.ends).toBe(1);
      });
    });

    it.each([
      ['before the loss', 3],
      ['while there was no wire', 8],
    ])('S4 finds a question again that was asked %s, and answers it exactly once', (_when, frame) => {
      run(({ flush }) => {
        const { client, decisions, now } = play(({ ask }) => at(frame, () => ask('c')));
        const questions = watch(client.serverRequests$);
        const shown: unknown[] = [];
        at(16, () => shown.push(now().approvals));
        at(25, () => shown.push(questions.values.map((request) => request.respond({ decision: 'accept' }))));
        at(26, () => shown.push(now().approvals, client.openRequests()));
        flush();
        const closed = frame < 5 ? ['closed'] : [];
        expect(shown).toEqual([[expect.stringMatching(/for c$/)], [...closed, 'sent'], [], []]);
        expect(decisions).toEqual(['accept']);
      });
    });
  });
});
