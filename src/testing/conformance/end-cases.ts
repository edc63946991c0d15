import { readSlowly } from './read-slowly.js';
import { errorOf, first, kindOf } from './trial.js';
import type { TrialCase } from './trial-case.js';
import { Watched } from './watched.js';

const CLOSED = { name: 'TransportError', reason: 'closed' };

/** How a connection ends, from either side, in order or not. */
export const endCases: readonly TrialCase[] = [
  {
    rule: 'D1',
    name: 'a client that shuts down lets what runs finish, and refuses what comes after',
    body: async (trial) => {
      const client = await trial.ready();
      const held = client.call('hold', { key: 'a' });
      await client.call('count');
      client.call('release', 'a').catch(() => undefined);
      const report = await first(client.shutdown());
      trial.same('graceful', report.graceful, true);
      trial.same('given up', [report.cancelled, report.aborted, report.undelivered], [0, 0, 0]);
      trial.same('what ran', await held, 'a');
      await trial.fails('what comes after', client.call('echo', 1), CLOSED);
      trial.same('a notification', client.notify('note', 1), 'closed');
      trial.same('a second shutdown', await first(client.shutdown()), report);
      trial.same('the end', await first(client.closed$), { reason: 'shutdown', orderly: true });
    },
  },
  {
    rule: 'D1',
    name: 'a server that shuts down delivers what may not be lost, to a slow reader too, and ends in order',
    body: async (trial) => {
      const client = await trial.ready();
      const seen = new Watched(client.notifications('mark'));
      readSlowly(trial.wire, client);
      client.call('emit', { method: 'mark', count: 50, size: 4_000 }).catch(() => undefined);
      const leaving = errorOf(client.call('leave'));
      const { reason, orderly } = await first(client.closed$);
      await seen.ended();
      trial.same('the marks', seen.values.length, 50);
      trial.same('orderly', [orderly, seen.error], [true, undefined]);
      if (trial.can('reason')) trial.same('the reason', reason, 'shutdown');
      trial.same('the answer to what started it', await leaving, undefined);
      await trial.fails('what comes after', client.call('echo', 1), CLOSED);
    },
  },
  {
    rule: 'D2',
    name: 'a shutdown is not held up by a request that never ends',
    body: async (trial) => {
      const client = await trial.ready();
      const held = errorOf(client.call('hold', { key: 'a' }));
      await client.call('count');
      const { graceful, aborted } = await first(client.shutdown({ timeout: 20 }));
      trial.same('the report', [graceful, aborted], [false, 1]);
      trial.same('what ran', kindOf(await held), 'closed');
    },
  },
  {
    rule: 'D3',
    name: 'a server that vanishes errors what waits, once; what came before is delivered',
    needs: 'kill',
    body: async (trial) => {
      const client = await trial.ready();
      const seen = new Watched(client.events$);
      const states = new Watched(client.state$);
      const ends = new Watched(client.closed$);
      await client.call('emit', { method: 'mark', count: 30 });
      const waiting = Array.from({ length: 100 }, (_, n) => errorOf(client.call('hold', { key: `${n}` })));
      await client.call('observe');
      trial.kill();
      for (const error of await Promise.all(waiting)) trial.same('what waited', kindOf(error), 'closed');
      await seen.ended();
      trial.same('the marks', seen.values.length, 30);
      trial.same('ends', [seen.ends, ends.values.length, ends.ends, ends.error], [1, 1, 1, undefined]);
      trial.same('the last state', states.values.at(-1)?.type, 'closed');
      await trial.fails('what comes after', client.call('echo', 1), CLOSED);
    },
  },
  {
    rule: 'D3',
    name: 'a server that vanishes in the middle of a flood leaves nobody waiting',
    needs: 'kill',
    body: async (trial) => {
      const client = await trial.ready();
      const seen = new Watched(client.notifications('mark'));
      await client.call('emit', { method: 'mark', count: 1 });
      const flood = errorOf(client.call('emit', { method: 'mark', count: 1e9, manner: 'paced', size: 1_000 }));
      await seen.reaches(100);
      trial.kill();
      trial.same('what waited', kindOf(await flood), 'closed');
      await seen.ended();
      trial.same('ends', seen.ends, 1);
      trial.holds(
        'there is no hole',
        seen.values.slice(1).every(({ n }, place) => n === place),
      );
    },
  },
  {
    rule: 'S3',
    name: 'a question cannot be answered any more when the connection has ended',
    body: async (trial) => {
      const client = await trial.ready();
      const shown = first(client.serverRequests$);
      const asked = errorOf(client.call('ask', { question: 'q' }));
      const request = await shown;
      const settled = new Watched(request.settled$);
      trial.wire.close({ reason: 'enough', orderly: true });
      await first(client.closed$);
      trial.same('what respond says', request.respond('late'), 'closed');
      trial.same('settled', settled.ends, 1);
      trial.same('what waited', kindOf(await asked), 'closed');
    },
  },
];
