import fc from 'fast-check';
import { catchError, concat, concatMap, defer, EMPTY, type Observable, of, throwError, timer } from 'rxjs';

import type { AgentEvent, ThreadStatus, TurnContext } from '../../src/app-server/index.js';
import { memoryThreadStore } from '../../src/app-server/store/memory-thread-store.js';
import { run } from '../../src/testing/index.js';
import { scriptedAgent } from '../../src/testing/scripted-agent.js';
import { type AppClient, appOf, clientOf, outcomeOf } from './app-harness.js';
import { slowStore } from './fake-store.js';

const UNLOAD_AFTER = 20;

const wait = fc.integer({ min: 0, max: 30 });
const who = fc.nat(2);
const deed = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('start' as const, 'ephemeral' as const, 'leave' as const), wait, who }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'thread/resume' as const,
        'thread/unsubscribe' as const,
        'thread/read' as const,
        'thread/archive' as const,
        'turn/start' as const,
        'turn/interrupt' as const,
      ),
      wait,
      who,
      thread: fc.nat(3),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('answer' as const), wait, who, id: fc.nat(4) }) },
);

/** Asks, works for a while, and sometimes fails. */
function busyAgent({ requestApproval, newItemId }: TurnContext, index: number): Observable<AgentEvent> {
  const id = newItemId();
  const work = defer(() =>
    concat(
      timer(7).pipe(concatMap(() => of<AgentEvent>({ type: 'delta', itemId: id, delta: 'x' }))),
      index % 3 === 2 ? throwError(() => new Error('broken')) : of<AgentEvent>({ type: 'itemCompleted', itemId: id }),
    ),
  );
  if (index % 2 === 0) return concat(of<AgentEvent>({ type: 'itemStarted', item: { type: 'agentMessage', id } }), work);
  return concat(
    of<AgentEvent>({ type: 'itemStarted', item: { type: 'commandExecution', id, command: 'ls' } }),
    requestApproval({ itemId: id, command: 'ls' }).pipe(
      catchError(() => EMPTY),
      concatMap(() => work),
    ),
  );
}

/** What one client hears of each thread's status, and what is wrong with it. */
function watchStatuses(client: AppClient): { statuses: Map<string, ThreadStatus>; faults: string[] } {
  const statuses = new Map<string, ThreadStatus>();
  const faults: string[] = [];
  client.notifications('thread/started').subscribe(({ thread }) => statuses.set(thread.id, thread.status));
  client.notifications('thread/status/changed').subscribe(({ threadId, status }) => {
    const before = statuses.get(threadId);
    if (JSON.stringify(before) === JSON.stringify(status)) faults.push(`${threadId} is ${status.type} twice`);
    statuses.set(threadId, status);
  });
  client.notifications('thread/closed').subscribe(({ threadId }) => {
    if (statuses.get(threadId)?.type !== 'notLoaded') faults.push(`${threadId} is closed while loaded`);
  });
  client.notifications('turn/started').subscribe(({ threadId }) => {
    if (statuses.get(threadId)?.type !== 'active') faults.push(`a turn of ${threadId} begins while not active`);
  });
  return { statuses, faults };
}

describe('whatever clients do to threads and whenever', () => {
  it.each([
    ['a store in memory', () => memoryThreadStore()],
    ['a slow store', () => slowStore(15)],
    ['no store', () => undefined],
  ])(
    'with %s: each request is answered, the status tells the truth, and nothing stays loaded (A1, U-R11.8, U-R11.10, W37)',
    (_, makeStore) => {
      fc.assert(
        fc.property(fc.array(deed, { maxLength: 30 }), (deeds) => {
          run(({ flush }) => {
            const store = makeStore();
            const agent = scriptedAgent(busyAgent);
            const server = appOf({ agent, unloadAfter: UNLOAD_AFTER, ...(store !== undefined && { store }) });
            const observer = clientOf(server);
            const { statuses, faults } = watchStatuses(observer);
            const clients = [clientOf(server), clientOf(server), clientOf(server)];
            const threads: string[] = [];
            let asked = 0;
            let ended = 0;
            const ask = (request: Observable<unknown>): void => {
              asked += 1;
              request.subscribe({
                error: () => (ended += 1),
                complete: () => (ended += 1),
              });
            };
            let turnId = '';
            for (const client of clients) {
              client.notifications('turn/started').subscribe(({ turn }) => (turnId = turn.id));
            }

            let at = 0;
            for (const next of deeds) {
              at += next.wait;
              timer(at).subscribe(() => {
                const client = clients[next.who] ?? observer;
                switch (next.do) {
                  case 'start':
                  case 'ephemeral':
                    asked += 1;
                    client.request('thread/start', { ephemeral: next.do === 'ephemeral' }).subscribe({
                      next: ({ thread }) => threads.push(thread.id),
                      error: () => (ended += 1),
                      complete: () => (ended += 1),
                    });
                    break;
                  case 'leave':
                    client.shutdown({ timeout: 1 });
                    clients[next.who] = clientOf(server);
                    break;
                  case 'answer':
                    client.respond(next.id, { decision: next.id % 2 === 0 ? 'accept' : 'cancel' });
                    break;
                  default: {
                    const threadId = threads[next.thread] ?? 'nope';
                    ask(client.request(next.do, { threadId, turnId, input: [] }));
                  }
                }
              });
            }
            timer(at + 50).subscribe(() => {
              const { data } = outcomeOf(observer.request('thread/loaded/list', {})) as { data: string[] };
              // What it has heard is what is the case.
              const heard = [...statuses].filter(([, { type }]) => type !== 'notLoaded').map(([id]) => id);
              const closing = heard.filter((id) => !data.includes(id));
              if (store === undefined) expect(closing).toEqual([]);
              expect(data.filter((id) => !heard.includes(id))).toEqual([]);
              for (const id of data) {
                const { thread } = outcomeOf(observer.request('thread/read', { threadId: id })) as {
                  thread: { status: ThreadStatus };
                };
                expect(statuses.get(id)).toEqual(thread.status);
              }
              for (const client of clients) client.shutdown({ timeout: 1 });
            });
            // Questions nobody will answer would keep their threads.
            timer(at + 60).subscribe(() => {
              for (const { turn } of runningTurns()) {
                observer.request('turn/interrupt', turn).subscribe({ error: () => undefined });
              }
            });
            const runningTurns = (): { turn: { threadId: string; turnId: string } }[] =>
              agent.turns.map(({ threadId, turnId: id }) => ({ turn: { threadId, turnId: id } }));
            timer(at + 1_000).subscribe(() => {
              expect(outcomeOf(observer.request('thread/loaded/list', {}))).toEqual({ data: [], nextCursor: null });
              expect([...statuses.values()].filter(({ type }) => type !== 'notLoaded')).toEqual([]);
              expect(server.openRequests()).toEqual([]);
              server.shutdown();
            });
            flush();
            expect(faults).toEqual([]);
            expect(ended).toBe(asked);
            expect(server.stats()).toMatchObject({ connections: 0, serverRequests: { open: 0 } });
          });
        }),
        { numRuns: 120 },
      );
    },
  );
});
