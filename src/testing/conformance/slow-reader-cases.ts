import { isLagged } from '../../backpressure/index.js';
import { account } from './event-lane-cases.js';
import { readSlowly } from './read-slowly.js';
import { errorOf, first, type Trial, type TrialClient } from './trial.js';
import type { TrialCase } from './trial-case.js';
import { Watched } from './watched.js';

/** More than any pipe, socket or queue of messages holds: what is sent in one go finds the sink full. */
const FLOOD = { count: 6_000, size: 4_000 } as const;

/** A reader that is slower than the server, over a wire that backs up. */
export const slowReaderCases: readonly TrialCase[] = [
  {
    rule: 'E7',
    name: 'a slow reader is told what it missed, and hears all that may not be lost',
    needs: 'sink',
    body: async (trial) => {
      const client = await trial.ready();
      const seen = new Watched(client.events$);
      const marks = new Watched(client.notifications('mark'));
      readSlowly(trial.wire, client);
      const flood = client.call('emit', { method: 'tick', ...FLOOD });
      const behind = client.call('emit', { method: 'mark', count: 10 });
      trial.same('emitted', await flood, FLOOD.count);
      await behind;
      await marks.reaches(10);
      const { delivered, skipped } = account(seen.values);
      trial.holds('something was skipped: the wire tells when its sink is full', skipped > 0);
      trial.same('delivered + skipped', delivered + skipped, FLOOD.count + 10);
      trial.same(
        'the marks',
        marks.values.map(({ n }) => n),
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      );
    },
  },
  {
    rule: 'E6',
    name: 'the gap of a slow reader passes every view',
    needs: 'sink',
    body: async (trial) => {
      const client = await trial.ready();
      const view = new Watched(client.scoped('another'));
      readSlowly(trial.wire, client);
      const done = first(client.notifications('mark'));
      const flood = client.call('emit', { method: 'tick', scope: 'one', ...FLOOD });
      const behind = client.call('emit', { method: 'mark', count: 1 });
      await Promise.all([flood, behind, done]);
      trial.holds('the view of another scope has gaps only', view.values.length > 0 && view.values.every(isLagged));
    },
  },
  {
    rule: 'A2',
    name: 'answers to a slow reader wait for no event, and none is lost',
    needs: 'sink',
    body: async (trial) => {
      const client = await trial.ready();
      const order: string[] = [];
      client.notifications('mark').subscribe({ next: () => order.push('event'), error: () => undefined });
      const marked = first(client.notifications('mark'));
      readSlowly(trial.wire, client);
      const flood = client.call('emit', { method: 'tick', ...FLOOD });
      const mark = client.call('emit', { method: 'mark', count: 1 });
      const echoes = Array.from({ length: 40 }, (_, n) => client.call('echo', n).then(() => order.push('answer')));
      await Promise.all([flood, mark, marked, ...echoes]);
      trial.same('answers', order.filter((what) => what === 'answer').length, 40);
    },
  },
  {
    rule: 'E3',
    name: 'a full budget of lossless events closes the connection, and nobody is left waiting',
    needs: 'sink',
    body: async (trial) => {
      const client = await trial.ready();
      await endsSlow(trial, client, 'mark');
    },
  },
  {
    rule: 'E7',
    name: 'a client that does not understand gaps is never sent a stream with holes',
    needs: 'sink',
    body: async (trial) => {
      const client = await trial.ready({ capabilities: { lag: false } });
      await endsSlow(trial, client, 'tick');
    },
  },
  {
    rule: 'S2',
    name: 'a question passes a flood that is given up',
    needs: 'sink',
    body: async (trial) => {
      const client = await trial.ready();
      client.handle('question', (text) => `${text}!`);
      readSlowly(trial.wire, client);
      const flood = client.call('emit', { method: 'tick', ...FLOOD });
      const asked = client.call('ask', { question: 'still there' });
      await flood;
      trial.same('its answer', await asked, { result: 'still there!' });
    },
  },
];

/** A flood of what may not be lost ends with a reason, and what was delivered before has no hole. */
async function endsSlow(trial: Trial, client: TrialClient, method: 'mark' | 'tick'): Promise<void> {
  const seen = new Watched(client.events$);
  const held = errorOf(client.call('hold', { key: 'a' }));
  readSlowly(trial.wire, client);
  const flood = errorOf(client.call('emit', { method, ...FLOOD }));
  const { reason } = await first(client.closed$);
  if (trial.can('reason')) trial.same('the reason', reason, 'slow-consumer');
  for (const error of [await held, await flood]) {
    const { name, reason: failure } = error as { readonly name?: string; readonly reason?: string };
    trial.same('what was waited for', [name, failure], ['TransportError', 'closed']);
  }
  await seen.ended();
  const numbers = seen.values.map((event) => ('params' in event ? (event.params as { readonly n: number }).n : 'gap'));
  trial.holds(
    'there is no hole',
    numbers.every((n, place) => n === place),
  );
  trial.holds('not all of them came', numbers.length < FLOOD.count);
}
