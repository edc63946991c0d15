import { isLagged } from '../../backpressure/index.js';
import { first, errorOf, kindOf, type Trial } from './trial.js';
import type { TrialCase } from './trial-case.js';
import { Watched } from './watched.js';

/** What a bad line may do: each fault by itself, as marbles. */
export const faultCases: readonly TrialCase[] = [
  {
    rule: '5',
    name: 'garbage in both directions is noticed where it is read first, and ends nothing',
    body: async (trial) => {
      const client = await trial.ready({ faults: { inbound: '-g-g', outbound: '--g-g' } });
      const answers = [1, 2, 3, 4, 5].map((n) => client.call('echo', n));
      trial.same('the answers', await Promise.all(answers), [1, 2, 3, 4, 5]);
      const seen: string[] = [];
      client.diagnostics$.subscribe(({ type }) => seen.push(type)).unsubscribe();
      // The server, or a relay before it, answers garbage with -32700, which belongs to no request.
      trial.same('what the client noticed', [...seen].sort(), [
        'malformed',
        'malformed',
        'unmatchedResponse',
        'unmatchedResponse',
      ]);
    },
  },
  {
    rule: 'A1',
    name: 'what comes twice is answered once',
    body: async (trial) => {
      const client = await trial.ready({ faults: { inbound: '-dddddddd', outbound: '--dddddddd' } });
      client.handle('question', (text) => `${text}!`);
      const echoes = [1, 2, 3].map((n) => new Watched(client.request('echo', n)));
      const asked = new Watched(client.request('ask', { question: 'q' }));
      await Promise.all([...echoes, asked].map((watched) => watched.ended()));
      for (const [n, { values, ends }] of echoes.entries()) trial.same(`echo ${n}`, [values, ends], [[n + 1], 1]);
      trial.same('ends of the question', asked.ends, 1);
      trial.same('an answer behind it', await client.call('echo', 'behind'), 'behind');
    },
  },
  {
    rule: 'A2',
    name: 'a line that stalls keeps the order',
    body: async (trial) => {
      const client = await trial.ready({ faults: { inbound: '-s--s-s-----s', outbound: '--s-s-s' } });
      const marks = new Watched(client.notifications('mark'));
      const order: number[] = [];
      const echoes = Array.from({ length: 20 }, (_, n) =>
        client.call('echo', n).then((got) => order.push(got as number)),
      );
      await Promise.all([...echoes, client.call('emit', { method: 'mark', count: 20 })]);
      trial.same(
        'the answers',
        order,
        Array.from({ length: 20 }, (_, n) => n),
      );
      trial.same(
        'the marks',
        marks.values.map(({ n }) => n),
        Array.from({ length: 20 }, (_, n) => n),
      );
    },
  },
  {
    rule: 'D3',
    name: 'a line that is cut errors what waits, delivers what came, and is told once',
    body: async (trial) => {
      const client = await trial.ready({ faults: { inbound: '- ---- #' } });
      const seen = new Watched(client.events$);
      const ends = new Watched(client.closed$);
      const waiting = errorOf(client.call('hold', { key: 'a' }));
      const emitted = errorOf(client.call('emit', { method: 'mark', count: 10 }));
      trial.same('what waited', [kindOf(await waiting), kindOf(await emitted)], ['closed', 'closed']);
      await seen.ended();
      trial.same('the marks', seen.values.length, 4);
      trial.same('the end', ends.values, [{ reason: 'connection lost', orderly: false }]);
      trial.holds('events$ errors after a disorderly end', seen.error !== undefined);
    },
  },
  {
    rule: 'D3',
    name: 'a line that the peer closes in order completes the events',
    body: async (trial) => {
      const client = await trial.ready({ faults: { inbound: '- ---- |' } });
      const seen = new Watched(client.events$);
      const emitted = errorOf(client.call('emit', { method: 'mark', count: 10 }));
      trial.same('what waited', kindOf(await emitted), 'closed');
      await seen.ended();
      trial.same('the events', [seen.values.length, seen.ends, seen.error], [4, 1, undefined]);
    },
  },
  {
    rule: 'C9',
    name: 'on a half-open line requests end in time, and so does the client',
    body: async (trial) => {
      const client = await trial.ready({ faults: { inbound: '--h' } });
      trial.same('the last answer', await client.call('echo', 1), 1);
      await trial.fails('a request', client.call('echo', 2, { timeout: 20 }), { reason: 'timeout' });
      const waiting = errorOf(client.call('echo', 3));
      const { graceful } = await first(client.shutdown({ timeout: 20 }));
      trial.same('graceful', graceful, false);
      trial.same('what waited', kindOf(await waiting), 'closed');
    },
  },
];

/** Everything at once, as a seed has it. */
export function seededCases(seeds: readonly number[]): readonly TrialCase[] {
  return seeds.flatMap((seed) => [
    {
      rule: 'A1',
      name: `seed ${seed}: every request has exactly one end on a bad line that is cut`,
      body: async (trial: Trial) => {
        const client = trial.client({ faults: { seed, faults: 'ddddggggssss#', stall: 0 } });
        client.handle('question', (text) => `${text}!`);
        const asked = Array.from({ length: 400 }, (_, n) => {
          if (n % 9 === 8) return new Watched(client.request('ask', { question: `${n}` }));
          return new Watched<unknown>(client.request('echo', n));
        });
        const all = Promise.all(asked.map((watched) => watched.ended()));
        await Promise.race([all, first(client.closed$)]);
        trial.wire.close();
        await all;
        for (const [n, { ends, error, values }] of asked.entries()) {
          trial.same(`ends of request ${n}`, ends, 1);
          const kind = kindOf(error);
          trial.holds(
            `request ${n} has an answer or an error, not both`,
            values.length === (kind === 'result' ? 1 : 0),
          );
          if (kind === 'result' && n % 9 !== 8) trial.same(`the answer to request ${n}`, values, [n]);
        }
      },
    },
    {
      rule: 'E2',
      name: `seed ${seed}: the account of events is exact on a bad line`,
      body: async (trial: Trial) => {
        // A marker that came twice would count twice: what a line repeats, no account survives.
        const client = await trial.ready({ faults: { seed, faults: 'gs', stall: 0 } });
        const seen = new Watched(client.events$);
        for (let round = 0; round < 5; round += 1) {
          const [tick, mark] = await Promise.all([
            client.call('emit', { method: 'tick', count: 300, size: 1_000 }),
            client.call('emit', { method: 'mark', count: 20, manner: 'paced' }),
          ]);
          trial.same('emitted', [tick, mark], [300, 20]);
        }
        const last = first(client.notifications('mark'));
        await Promise.all([client.call('emit', { method: 'mark', count: 1 }), last]);
        let [delivered, skipped, marks] = [0, 0, 0];
        for (const event of seen.values) {
          if (isLagged(event)) skipped += event.skipped;
          else delivered += 1;
          if ('method' in event && event.method === 'mark') marks += 1;
        }
        trial.same('delivered + skipped', delivered + skipped, 5 * 320 + 1);
        trial.same('marks', marks, 101);
      },
    },
  ]);
}
