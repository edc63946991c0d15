import { catchError, forkJoin, lastValueFrom, map, mergeAll, of, range, reduce } from 'rxjs';

import { retryOverloaded } from '../../client/index.js';
import { isOverloaded } from '../../protocol/index.js';
import { SERVER_LIMITS } from './start-conformance-server.js';
import { errorOf, first, kindOf } from './trial.js';
import type { TrialCase } from './trial-case.js';

/** The command lane: ids, bounds, order within a scope, giving up. */
export const commandLaneCases: readonly TrialCase[] = [
  {
    rule: 'C1',
    name: 'each subscription sends anew, and none sends nothing',
    body: async (trial) => {
      const client = await trial.ready();
      const count$ = client.request('count');
      trial.same('the answers', [await first(count$), await first(count$)], [1, 2]);
    },
  },
  {
    rule: 'C2',
    name: 'a second use of an id errors that caller alone',
    body: async (trial) => {
      const client = await trial.ready();
      const held = first(client.request('hold', { key: 'a' }, { id: 'mine' }));
      const second = first(client.request('echo', 1, { id: 'mine' }));
      await trial.fails('the second use', second, { code: -32600, message: 'duplicate request id: mine' });
      await client.call('release', 'a');
      trial.same('the first use', await held, 'a');
    },
  },
  {
    rule: 'C2',
    name: 'the number 1000 and the text "1000" are two ids',
    body: async (trial) => {
      const client = await trial.ready();
      const both = [1_000, '1000'].map((id) => first(client.request('hold', { key: typeof id }, { id })));
      await client.call('release', '*');
      trial.same('the answers', await Promise.all(both), ['number', 'string']);
    },
  },
  {
    rule: 'C2',
    name: 'a server refuses an id that is in use without naming it, and the first goes on',
    body: async (trial) => {
      const client = await trial.ready();
      const held = first(client.request('hold', { key: 'a' }, { id: 'twice' }));
      await client.call('count');
      trial.wire.send({ id: 'twice', method: 'echo', params: 'again' });
      const { diagnostics } = await client.call('observe');
      trial.same('what the server noticed', diagnostics, [{ type: 'duplicateRequest', id: 'twice' }]);
      const refused = await first(client.diagnostics$);
      trial.same('the type of the refusal', refused.type, 'unmatchedResponse');
      trial.same('the id of the refusal', 'id' in refused ? refused.id : undefined, null);
      await client.call('release', 'a');
      trial.same('the first use', await held, 'a');
    },
  },
  {
    rule: 'A1',
    name: '10,000 requests at once are all answered, each with its own answer',
    body: async (trial) => {
      const client = await trial.ready();
      const own = range(0, 10_000).pipe(
        map((n) => client.request('echo', n).pipe(map((answer) => (answer === n ? 1 : 0)))),
        mergeAll(),
        reduce((sum, one) => sum + one, 0),
      );
      trial.same('own answers', await first(own), 10_000);
    },
  },
  {
    rule: 'C4',
    name: 'a server over its limit says so, and answers what it took',
    body: async (trial) => {
      const client = await trial.ready();
      // One runs, the limit waits, three are too many.
      const keys = Array.from({ length: SERVER_LIMITS.requests + 4 }, (_, n) => `k${n}`);
      const answers = keys.map((key) => client.call('hold', { key, scope: 's' }));
      const refused = answers.splice(-3).map((answer) => errorOf(answer));
      for (const error of await Promise.all(refused)) {
        trial.same('a refusal', kindOf(error), '-32001');
        trial.holds('isOverloaded knows it', isOverloaded(error));
        const { data } = error as { readonly data?: unknown };
        trial.same('its data', data, { reason: 'overloaded', retryable: true });
      }
      await client.call('release', '*');
      trial.same('what it took', await Promise.all(answers), keys.slice(0, -3));
    },
  },
  {
    rule: 'C4',
    name: 'retryOverloaded asks again until the server has room',
    body: async (trial) => {
      const client = await trial.ready();
      const answer = client.request('busy', 3).pipe(retryOverloaded({ count: 5, delay: 1 }));
      trial.same('the answer', await first(answer), 'at last');
    },
  },
  {
    rule: 'C4',
    name: 'a client over its own limit refuses, and sends nothing',
    body: async (trial) => {
      const client = await trial.ready({ limits: { inFlight: 1, requests: 2 } });
      const taken = ['a', 'b', 'c'].map((key) => client.call('hold', { key }));
      await trial.fails('one more', client.call('hold', { key: 'd' }), { name: 'TransportError', reason: 'full' });
      await client.call('release', '*');
      trial.same('what it took', await Promise.all(taken), ['a', 'b', 'c']);
      trial.same('what was started', (await client.call('observe')).started, ['a', 'b', 'c']);
    },
  },
  {
    rule: 'C5',
    name: 'requests of one scope run one at a time, in order, and hold up no other scope',
    body: async (trial) => {
      const client = await trial.ready();
      const all = forkJoin(
        [{ key: 'a', scope: 's' }, { key: 'b', scope: 's' }, { key: 'c', scope: 't' }, { key: 'd' }].map((held) =>
          client.request('hold', held),
        ),
      );
      const answers = first(all);
      trial.same('an answer meanwhile', await client.call('echo', 1), 1);
      trial.same('running', (await client.call('observe')).running, ['a', 'c', 'd']);
      await client.call('release', 'a');
      trial.same('running then', (await client.call('observe')).running, ['c', 'd', 'b']);
      await client.call('release', '*');
      trial.same('the answers', await answers, ['a', 'b', 'c', 'd']);
    },
  },
  {
    rule: 'C5',
    name: 'shared requests of a scope run together and never overtake an exclusive one that waits',
    body: async (trial) => {
      const client = await trial.ready();
      const scope = 's';
      const answers = first(
        forkJoin([
          client.request('peek', { key: 'a', scope }),
          client.request('peek', { key: 'b', scope }),
          client.request('hold', { key: 'c', scope }),
          client.request('peek', { key: 'd', scope }),
        ]),
      );
      trial.same('running', (await client.call('observe')).running, ['a', 'b']);
      for (const key of ['a', 'b']) await client.call('release', key);
      trial.same('running then', (await client.call('observe')).running, ['c']);
      await client.call('release', 'c');
      trial.same('running at last', (await client.call('observe')).running, ['d']);
      await client.call('release', 'd');
      trial.same('the answers', await answers, ['a', 'b', 'c', 'd']);
    },
  },
  {
    rule: 'C6',
    name: 'a request that is given up is cancelled once, and its id is free after the late answer',
    body: async (trial) => {
      const client = await trial.ready();
      const held = client.request('hold', { key: 'a' }, { id: 'mine' }).subscribe({ error: () => undefined });
      trial.same('running', (await client.call('observe')).running, ['a']);
      held.unsubscribe();
      const { aborted, running } = await client.call('observe');
      trial.same('given up at the server', aborted, ['a']);
      trial.same('still running', running, []);
      trial.same('in flight', client.stats().requests.inFlight, 0);
      trial.same('the id again', await first(client.request('echo', 'again', { id: 'mine' })), 'again');
      trial.same('what the server noticed', (await client.call('observe')).diagnostics, []);
    },
  },
  {
    rule: 'C6',
    name: 'a request that waits and is given up leaves its place, and is never sent',
    body: async (trial) => {
      const client = await trial.ready({ limits: { inFlight: 1, requests: 1 } });
      const held = client.call('hold', { key: 'a' });
      client
        .request('hold', { key: 'b' })
        .subscribe({ error: () => undefined })
        .unsubscribe();
      const next = client.call('hold', { key: 'c' });
      await client.call('release', '*');
      trial.same('the answers', await Promise.all([held, next]), ['a', 'c']);
      trial.same('what was started', (await client.call('observe')).started, ['a', 'c']);
    },
  },
  {
    rule: 'C7',
    name: 'what is urgent goes past a full queue on both sides',
    body: async (trial) => {
      const client = await trial.ready();
      const keys = Array.from({ length: SERVER_LIMITS.requests + 1 }, (_, n) => `k${n}`);
      const answers = keys.map((key) => client.call('hold', { key, scope: 's' }));
      trial.same('running', (await client.call('observe')).running, ['k0']);
      trial.same('released', await client.call('release', '*'), 1);
      trial.same('the answers', await Promise.all(answers), keys);
    },
  },
  {
    rule: 'C9',
    name: 'a time limit counts the time in line, and ends what was sent as giving up does',
    body: async (trial) => {
      const client = await trial.ready({ limits: { inFlight: 1 } });
      const late = { name: 'TransportError', reason: 'timeout' };
      const sent = client.call('hold', { key: 'a' }, { timeout: 60 });
      const waiting = client.call('hold', { key: 'b' }, { timeout: 30 });
      await Promise.all([
        trial.fails('the one in line', waiting, late),
        trial.fails('the one that was sent', sent, late),
      ]);
      const { aborted, started } = await client.call('observe');
      trial.same('started and given up', [started, aborted], [['a'], ['a']]);
    },
  },
  {
    rule: 'A1',
    name: 'each request ends exactly once, however it ends',
    body: async (trial) => {
      const client = await trial.ready();
      const ends = new Map<string, number>();
      const count = (what: string) => (): void => {
        ends.set(what, (ends.get(what) ?? 0) + 1);
      };
      const asked = [
        client.request('echo', 1),
        client.request('fail', { message: 'no' }),
        client.request('hold', { key: 'late' }, { timeout: 20 }),
        client.request('hold', { key: 'held' }),
      ];
      asked.forEach((request, n) => {
        request.subscribe({ complete: count(`${n} completes`), error: count(`${n} errors`) });
      });
      const late = client.request('hold', { key: 'late too' }, { timeout: 20 }).pipe(catchError(() => of('late')));
      await lastValueFrom(late);
      await client.call('release', '*');
      trial.same('the ends', Object.fromEntries([...ends].sort()), {
        '0 completes': 1,
        '1 errors': 1,
        '2 errors': 1,
        '3 completes': 1,
      });
    },
  },
];
