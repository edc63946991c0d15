import fc from 'fast-check';
import { catchError, concat, concatMap, defer, EMPTY, type Observable, of, throwError, timer } from 'rxjs';

import type { AgentEvent, TurnContext } from '../../src/app-server/index.js';
import { run } from '../../src/testing/index.js';
import { scriptedAgent } from '../../src/testing/scripted-agent.js';
import { type AppClient, appOf, startThread, startTurn, watch } from './app-harness.js';

type Deed =
  | { readonly do: 'start' | 'interrupt' | 'join' | 'leave' | 'shutdown'; readonly wait: number }
  | { readonly do: 'answer'; readonly wait: number; readonly decision: string; readonly id: number };

const wait = fc.integer({ min: 0, max: 4 });
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('start' as const, 'interrupt' as const), wait }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      wait,
      id: fc.nat(6),
      decision: fc.constantFrom('accept', 'acceptForSession', 'decline', 'cancel', 'bogus', 'error'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('join' as const, 'leave' as const), wait }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('shutdown' as const), wait }) },
);

/** Asks, works for a while if it may, and sometimes fails. */
function busyAgent({ requestApproval, newItemId, text }: TurnContext, index: number): Observable<AgentEvent> {
  const itemId = newItemId();
  const work = defer(() =>
    concat(
      timer(3).pipe(concatMap(() => of<AgentEvent>({ type: 'delta', itemId, delta: 'x' }))),
      index % 3 === 2 ? throwError(() => new Error('broken')) : of<AgentEvent>({ type: 'itemCompleted', itemId }),
    ),
  );
  return concat(
    of<AgentEvent>({ type: 'itemStarted', item: { type: 'commandExecution', id: itemId, command: text } }),
    requestApproval({ itemId, command: `${text} ${index % 2}` }).pipe(
      catchError(() => EMPTY),
      concatMap((decision) => (decision.startsWith('accept') ? work : EMPTY)),
    ),
  );
}

describe('whatever clients do and whenever', () => {
  it('each turn ends once, each question is settled once, and the status never stutters (S1, D1, U-R11.10)', () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 25 }), (deeds) => {
        run(({ flush }) => {
          const agent = scriptedAgent(busyAgent);
          const server = appOf({ agent });
          const { client, seen } = watch(server);
          const threadId = startThread(client);
          const others: AppClient[] = [];
          let turnId = '';
          client.notifications('turn/started').subscribe(({ turn }) => (turnId = turn.id));

          let at = 0;
          for (const next of deeds) {
            at += next.wait;
            timer(at).subscribe(() => {
              switch (next.do) {
                case 'start':
                  startTurn(client, threadId, 'go');
                  break;
                case 'interrupt':
                  client.request('turn/interrupt', { threadId, turnId }).subscribe({ error: () => undefined });
                  break;
                case 'answer':
                  if (next.decision === 'error') client.fail(next.id, new Error('no idea'));
                  else client.respond(next.id, { decision: next.decision });
                  break;
                case 'join': {
                  const other = watch(server).client;
                  others.push(other);
                  startTurn(other, threadId, 'more');
                  break;
                }
                case 'leave':
                  others.shift()?.shutdown();
                  break;
                case 'shutdown':
                  server.shutdown();
                  break;
              }
            });
          }
          timer(at + 100).subscribe(() => server.shutdown());
          flush();

          const told = (pattern: RegExp): string[] => seen.filter((event) => pattern.test(event));
          // A turn is over before the next one starts.
          const ends = told(/^turn\/(started|completed)/).map((event) => event.split(' ')[0]);
          expect(ends).toEqual(ends.map((_, index) => (index % 2 === 0 ? 'turn/started' : 'turn/completed')));
          expect(ends.length % 2).toBe(0);
          // Every question is settled, and once.
          expect(told(/^resolved/).sort()).toEqual(
            told(/^ask/)
              .map((event) => event.replace('ask', 'resolved'))
              .sort(),
          );
          const statuses = told(/^status/);
          expect(statuses.every((status, index) => status !== statuses[index - 1])).toBe(true);
          expect(server.stats()).toMatchObject({ connections: 0, serverRequests: { open: 0 } });
          expect(server.openRequests()).toEqual([]);
        });
      }),
      { numRuns: 200 },
    );
  });
});
