import fc from 'fast-check';
import { asyncScheduler, concatMap, from, type MonoTypeOperatorFunction, type Observable, timer } from 'rxjs';

import type { AgentEvent } from '../../src/app-server/index.js';
import { type Lagged, paceOn } from '../../src/backpressure/index.js';
import type { ClientEvent } from '../../src/client/index.js';
import { deliveryOf } from '../../src/protocol/index.js';
import { run, scriptedAgent } from '../../src/testing/index.js';
import { scanThread, type ThreadState } from '../../src/thread-state/index.js';
import { type AppClient, appOf, clientOf, startThread, startTurn } from '../app-server/app-harness.js';
import { describeThread } from './describe-thread.js';

type Event = ClientEvent<AppClient['contract']>;

/** A turn in which a command prints and a message grows, both in bursts. */
function busyTurn(bursts: readonly Burst[], ends: readonly AgentEvent[]): Observable<AgentEvent> {
  const begin: AgentEvent[] = [
    { type: 'itemStarted', item: { type: 'commandExecution', id: 'c', command: 'flood' } },
    ...['m', 'n', 'o'].map((id): AgentEvent => ({ type: 'itemStarted', item: { type: 'agentMessage', id } })),
  ];
  return from([{ wait: 0, events: begin }, ...bursts, { wait: 50, events: ends }]).pipe(
    concatMap(({ wait, events }) => timer(wait).pipe(concatMap(() => from(events)))),
  );
}

interface Burst {
  readonly wait: number;
  readonly events: readonly AgentEvent[];
}

const burstOf = (wait: number, words: string): Burst => ({
  wait,
  events: words.split(' ').map((delta, index) => ({ type: 'delta', itemId: index % 3 === 0 ? 'm' : 'c', delta })),
});
const ends: AgentEvent[] = [
  { type: 'itemCompleted', itemId: 'c' },
  { type: 'itemCompleted', itemId: 'm' },
];

/** Two views of one thread, one of them through `slow`, and what each has shown. */
function watchTwice(client: AppClient, threadId: string, slow: MonoTypeOperatorFunction<Event | Lagged>) {
  const seen: { fast: ThreadState[]; slow: ThreadState[] } = { fast: [], slow: [] };
  const snapshot = () => client.exchange('thread/read', { threadId, includeTurns: true });
  client
    .scoped(threadId)
    .pipe(scanThread(threadId))
    .subscribe((state) => seen.fast.push(state));
  client
    .scoped(threadId)
    .pipe(slow, scanThread(threadId, { snapshot }))
    .subscribe((state) => seen.slow.push(state));
  return { seen, now: () => [seen.slow.at(-1), seen.fast.at(-1)].map((state) => state && whole(state)) };
}

/** What a state shows, but for what was lost on the way. */
function whole(state: ThreadState) {
  return { ...describeThread(state), skipped: undefined };
}

describe('a slow consumer in process', () => {
  const words = 'the quick brown fox jumps over the lazy dog and runs away from all of them';

  it('shows what an unlimited one shows, once it has caught up: amid the turn and at its end', () => {
    run(({ flush }) => {
      const agent = scriptedAgent(() => busyTurn([burstOf(3, words), burstOf(4, words)], ends));
      const client = clientOf(appOf({ agent }));
      const threadId = startThread(client);
      const { lossless } = deliveryOf<Event>(client.contract);
      const { seen, now } = watchTwice(
        client,
        threadId,
        paceOn<Event>(asyncScheduler, { delay: 2, burst: 1, capacity: 2, lossless }),
      );
      startTurn(client, threadId, 'flood');
      let amid: unknown[] = [];
      timer(40).subscribe(() => (amid = now()));
      flush();

      const [slow, fast] = amid;
      expect(fast).toMatchObject({
        status: 'active',
        items: [
          '> flood',
          expect.stringMatching(/^\$ flood .inProgress.quick.*\.\.\.$/),
          expect.stringMatching(/^the.*\.\.\.$/),
          '...',
          '...',
        ],
      });
      expect(slow).toEqual(fast);
      expect(seen.slow.some(({ partial }) => partial)).toBe(true);
      expect(seen.fast.some(({ partial }) => partial)).toBe(false);
      expect(seen.slow.at(-1)?.lag.skipped).toBeGreaterThan(20);

      const end = seen.slow.at(-1);
      expect(end).toEqual({ ...seen.fast.at(-1), lag: end?.lag });
      expect(end?.lag.gaps).toEqual([]);
    });
  });

  it('ends where an unlimited one ends, whatever the bursts, the pace and the capacity', () => {
    const burst = fc
      .tuple(
        fc.nat(6),
        fc.array(fc.tuple(fc.constantFrom('c', 'm', 'n', 'o'), fc.string({ minLength: 1, maxLength: 2 })), {
          maxLength: 8,
        }),
      )
      .map(([wait, pieces]): Burst => ({
        wait,
        events: pieces.map(([itemId, delta]) => ({ type: 'delta', itemId, delta })),
      }));
    const pace = fc.record({
      delay: fc.integer({ min: 1, max: 9 }),
      capacity: fc.integer({ min: 1, max: 3 }),
      folds: fc.boolean(),
    });
    const last = fc.constantFrom<readonly AgentEvent[]>(ends, ends.slice(1), []);
    fc.assert(
      fc.property(fc.array(burst, { maxLength: 6 }), pace, last, (bursts, { delay, capacity, folds }, end) => {
        run(({ flush }) => {
          const client = clientOf(appOf({ agent: scriptedAgent(() => busyTurn(bursts, end)) }));
          const threadId = startThread(client);
          const { lossless, conflate } = deliveryOf<Event>(client.contract);
          const slow = paceOn<Event>(asyncScheduler, {
            delay,
            capacity,
            burst: 1,
            lossless,
            ...(folds ? { conflate } : {}),
          });
          const { seen } = watchTwice(client, threadId, slow);
          startTurn(client, threadId, 'flood');
          startTurn(client, threadId, 'more');
          flush();
          const state = seen.slow.at(-1);
          expect(state && whole(state)).toEqual(seen.fast.at(-1) && whole(seen.fast.at(-1) as ThreadState));
          expect(state?.partial).toBe(false);
        });
      }),
      { numRuns: 150 },
    );
  });

  it('loses nothing where the states are slowed down instead of the events', () => {
    run(({ flush }) => {
      const client = clientOf(
        appOf({ agent: scriptedAgent(() => busyTurn([burstOf(3, words), burstOf(4, words)], ends)) }),
      );
      const threadId = startThread(client);
      const fast: ThreadState[] = [];
      const drawn: (ThreadState | Lagged)[] = [];
      const states$ = client.scoped(threadId).pipe(scanThread(threadId));
      states$.subscribe((state) => fast.push(state));
      client
        .scoped(threadId)
        .pipe(scanThread(threadId), paceOn(asyncScheduler, { delay: 5, conflate: { key: () => 'state' } }))
        .subscribe((state) => drawn.push(state));
      startTurn(client, threadId, 'flood');
      flush();
      expect(drawn.length).toBeLessThan(fast.length / 4);
      expect(drawn.at(-1)).toEqual(fast.at(-1));
      expect(drawn.some((state) => 'partial' in state && state.partial)).toBe(false);
    });
  });
});
