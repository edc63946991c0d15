import { isLagged, type Lagged } from '../../backpressure/index.js';
import { first } from './trial.js';
import type { TrialCase } from './trial-case.js';
import { Watched } from './watched.js';

type Seen =
  { readonly type: string; readonly method?: string; readonly params?: unknown; readonly seq?: number } | Lagged;

/** The event lane where nobody is slow: classes, order, the backlog, gaps that are told in band. */
export const eventLaneCases: readonly TrialCase[] = [
  {
    rule: 'E1',
    name: 'lossless events of a source that paces itself all arrive, in order',
    body: async (trial) => {
      const client = await trial.ready();
      const marks = new Watched(client.notifications('mark'));
      trial.same(
        'emitted',
        await client.call('emit', { method: 'mark', count: 5_000, manner: 'paced', size: 100 }),
        5_000,
      );
      await marks.reaches(5_000);
      trial.holds(
        'each in its place',
        marks.values.every(({ n }, place) => n === place),
      );
      trial.same('skipped', client.stats().events.skipped, 0);
    },
  },
  {
    rule: 'E2',
    name: 'delivered + skipped + conflated = emitted, whatever a burst does to the wire',
    body: async (trial) => {
      const client = await trial.ready();
      const seen = new Watched<Seen>(client.events$);
      const done = first(client.notifications('mark'));
      await client.call('emit', { method: 'tick', count: 3_000, size: 2_000 });
      await client.call('emit', { method: 'mark', count: 1 });
      await done;
      const { delivered, skipped, last } = account(seen.values);
      trial.same('delivered + skipped', delivered + skipped, 3_001);
      trial.same('what comes last', last, 'mark');
      trial.holds(
        'no marker stands for nothing',
        seen.values.every((event) => !isLagged(event) || event.skipped > 0),
      );
      const { events } = client.stats();
      trial.same('by the counts', events.delivered + events.skipped + events.conflated, events.emitted);
    },
  },
  {
    rule: 'E2',
    name: 'a gap stands where the events were',
    body: async (trial) => {
      const client = await trial.ready();
      const seen = new Watched<Seen>(client.events$);
      const done = first(client.notifications('mark'));
      await client.call('emit', { method: 'tick', count: 3_000, size: 2_000 });
      await client.call('emit', { method: 'mark', count: 1 });
      await done;
      let next = 0;
      for (const event of seen.values.slice(0, -1)) {
        if (isLagged(event)) next += event.skipped;
        else {
          trial.same('the number behind what was counted so far', (event.params as { n: number }).n, next);
          next += 1;
        }
      }
      trial.same('all of them', next, 3_000);
    },
  },
  {
    rule: 'E3',
    name: 'events that fold together lose nothing of what they say',
    body: async (trial) => {
      const client = await trial.ready();
      const texts = new Map<string, string>();
      client.notifications('text').subscribe({
        next: (event) => {
          if (!isLagged(event)) texts.set(event.item, (texts.get(event.item) ?? '') + event.text);
        },
        error: () => undefined,
      });
      const done = first(client.notifications('mark'));
      await client.call('emit', { method: 'text', count: 4_000, size: 2_000 });
      await client.call('emit', { method: 'mark', count: 1 });
      await done;
      const expected = [0, 1, 2, 3].map((item) => Array.from({ length: 1_000 }, (_, n) => `${n * 4 + item} `).join(''));
      trial.same('skipped', client.stats().events.skipped, 0);
      trial.same(
        'the texts',
        [...texts].sort().map(([, text]) => text),
        expected,
      );
    },
  },
  {
    rule: 'E4',
    name: 'what comes before the first view waits for it',
    body: async (trial) => {
      const client = await trial.ready();
      await client.call('emit', { method: 'mark', count: 20 });
      const seen = new Watched(client.notifications('mark'));
      trial.same(
        'the marks',
        seen.values.map(({ n }) => n),
        Array.from({ length: 20 }, (_, n) => n),
      );
      trial.same('a later view', new Watched(client.notifications('mark')).values, []);
    },
  },
  {
    rule: 'E4',
    name: 'an absent listener closes nothing: what the backlog cannot hold becomes a gap',
    body: async (trial) => {
      const client = await trial.ready({ limits: { losslessEvents: 5 } });
      await client.call('emit', { method: 'mark', count: 30 });
      const seen = new Watched<Seen>(client.events$);
      trial.same(
        'types',
        seen.values.map(({ type }) => type),
        [...Array<string>(5).fill('notification'), 'lagged'],
      );
      trial.same('the account', account(seen.values), { delivered: 5, skipped: 25, last: 'lagged' });
      trial.same('the diagnostic', await first(client.diagnostics$), { type: 'backlogOverflow', method: 'mark' });
      trial.same('an answer', await client.call('echo', 1), 1);
    },
  },
  {
    rule: 'E5',
    name: 'all listeners see one order, also when one asks for more from inside next',
    body: async (trial) => {
      const client = await trial.ready();
      const numbers = (from: Watched<{ readonly n: number }>): readonly number[] => from.values.map(({ n }) => n);
      let asked = 0;
      client.notifications('mark').subscribe({
        next: ({ n }) => {
          if (n !== 9 || asked >= 5) return;
          asked += 1;
          client.call('emit', { method: 'mark', count: 10 }).catch(() => undefined);
        },
        error: () => undefined,
      });
      const one = new Watched(client.notifications('mark'));
      const two = new Watched(client.notifications('mark'));
      await client.call('emit', { method: 'mark', count: 10 });
      await Promise.all([one.reaches(60), two.reaches(60)]);
      trial.same('both', numbers(one), numbers(two));
      trial.same(
        'in order',
        numbers(one),
        Array.from({ length: 60 }, (_, n) => n % 10),
      );
    },
  },
  {
    rule: 'E6',
    name: 'a view of one scope has its own events only',
    body: async (trial) => {
      const client = await trial.ready();
      const view = new Watched<Seen>(client.scoped('a'));
      const all = new Watched(client.notifications('mark'));
      await client.call('emit', { method: 'mark', count: 3, scope: 'a' });
      await client.call('emit', { method: 'mark', count: 3, scope: 'b' });
      await all.reaches(6);
      trial.same(
        'the view',
        view.values.map(({ type }) => type),
        Array<string>(3).fill('notification'),
      );
    },
  },
  {
    rule: 'E7',
    name: 'a gap told in band stands in its place, passes every view and advances the numbers',
    body: async (trial) => {
      const client = await trial.ready();
      const seen = new Watched<Seen>(client.events$);
      const view = new Watched<Seen>(client.scoped('a'));
      await client.call('raw', [
        { method: 'mark', params: { n: 0, scope: 'b' } },
        { method: '$/lagged', params: { skipped: 7 } },
        { method: 'mark', params: { n: 8, scope: 'b' } },
      ]);
      const [before, gap, after] = seen.values as { readonly seq: number }[];
      trial.same('the gap', gap, { type: 'lagged', skipped: 7, ...between(before, after) });
      trial.same('the numbers', (after?.seq ?? 0) - (before?.seq ?? 0), 8);
      trial.same('the view of another scope', view.values.length, 1);
      trial.same('emitted', client.stats().events.emitted, 9);
    },
  },
  {
    rule: 'E9',
    name: 'an exchange says its place among the events',
    body: async (trial) => {
      const client = await trial.ready();
      const marks = new Watched(client.events$);
      await client.call('emit', { method: 'mark', count: 1 });
      const { id, seq, result } = await first(client.exchange('echo', 'x', { id: 'mine' }));
      trial.same('id and result', [id, result], ['mine', 'x']);
      await client.call('emit', { method: 'mark', count: 1 });
      await marks.reaches(2);
      const seqs = marks.values.map((event) => ('seq' in event ? event.seq : 0));
      trial.holds('it is between the two marks', (seqs[0] ?? 0) < seq && seq < (seqs[1] ?? 0));
    },
  },
  {
    rule: 'H4',
    name: 'what the contract does not know arrives as it came, in its place',
    body: async (trial) => {
      const client = await trial.ready();
      const seen = new Watched<Seen>(client.events$);
      await client.call('raw', [
        { method: 'old/thing', params: { deep: [1, { x: null }] } },
        { method: 'brand/new', params: ['as', 'it', 'came'] },
        { method: 'toString' },
      ]);
      trial.same(
        'the events',
        seen.values.map((event) => (isLagged(event) ? event : [event.type, event.method, event.params])),
        [
          ['legacyNotification', 'old/thing', { deep: [1, { x: null }] }],
          ['unknown', 'brand/new', ['as', 'it', 'came']],
          ['unknown', 'toString', undefined],
        ],
      );
    },
  },
];

/** What was delivered and what was told as lost. */
export function account(events: readonly Seen[]): { delivered: number; skipped: number; last: string | undefined } {
  let [delivered, skipped] = [0, 0];
  for (const event of events) {
    if (isLagged(event)) skipped += event.skipped;
    else delivered += 1;
  }
  const last = events.at(-1);
  return { delivered, skipped, last: last === undefined || isLagged(last) ? last?.type : last.method };
}

function between(before: { readonly seq: number } | undefined, after: { readonly seq: number } | undefined): object {
  return { first: (before?.seq ?? 0) + 1, last: (after?.seq ?? 0) - 1 };
}
