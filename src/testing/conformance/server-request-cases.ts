import { NEVER, of } from 'rxjs';

import { RpcError } from '../../protocol/index.js';
import { first, type TrialClient } from './trial.js';
import type { TrialCase } from './trial-case.js';
import { Watched } from './watched.js';

const ask = (client: TrialClient, question = 'q', timeout?: number): Promise<unknown> =>
  client.call('ask', timeout === undefined ? { question } : { question, timeout });

/** Questions of the server: one answer on every path, and none is lost. */
export const serverRequestCases: readonly TrialCase[] = [
  {
    rule: 'S1',
    name: 'a question is answered by a value, a promise or the first of an observable',
    body: async (trial) => {
      const client = await trial.ready();
      client.handle('question', (text) => {
        if (text === 'promise') return Promise.resolve('of a promise');
        return text === 'observable' ? of('first', 'second') : 'a value';
      });
      trial.same('a value', await ask(client), { result: 'a value' });
      trial.same('a promise', await ask(client, 'promise'), { result: 'of a promise' });
      trial.same('an observable', await ask(client, 'observable'), { result: 'first' });
    },
  },
  {
    rule: 'S1',
    name: 'a handler that throws answers too: an RpcError as it is, anything else as -32603',
    body: async (trial) => {
      const client = await trial.ready();
      client.handle('question', (text) => {
        throw text === 'typed' ? new RpcError(7, 'as it is') : new Error('oops');
      });
      const typed = { name: 'RpcError', message: 'as it is', code: 7 };
      trial.same('typed', await ask(client, 'typed'), { error: typed });
      trial.same('a mistake', await ask(client), { error: { name: 'RpcError', message: 'oops', code: -32603 } });
    },
  },
  {
    rule: 'S1',
    name: 'an answer that does not fit fails the question, once',
    body: async (trial) => {
      const client = await trial.ready();
      client.handle('question', () => 42 as never);
      const { error } = (await ask(client)) as { readonly error?: { readonly name: string } };
      trial.holds('it failed', error !== undefined);
      trial.same('open afterwards', client.openRequests().length, 0);
    },
  },
  {
    rule: 'S1',
    name: 'a question over the limit is refused with -32001, the others stay open',
    body: async (trial) => {
      const client = await trial.ready({ limits: { serverRequests: 2 } });
      const asked = ['a', 'b'].map((question) => ask(client, question));
      const { error } = (await ask(client, 'c')) as { readonly error?: { readonly code: number } };
      trial.same('the third', error?.code, -32001);
      for (const request of client.openRequests()) request.respond(`${request.params}!`);
      trial.same('the others', await Promise.all(asked), [{ result: 'a!' }, { result: 'b!' }]);
    },
  },
  {
    rule: 'S1',
    name: 'a question without an answer fails in time, and the client forgets it',
    body: async (trial) => {
      const client = await trial.ready();
      client.handle('question', () => NEVER);
      const { error } = (await ask(client, 'q', 20)) as { readonly error?: { readonly reason: string } };
      trial.same('the reason', error?.reason, 'timeout');
      trial.same('open afterwards', client.openRequests().length, 0);
      trial.same('settled', client.stats().serverRequests, { open: 0, settled: 1 });
    },
  },
  {
    rule: 'S1',
    name: 'a method the contract does not have is -32601 at once',
    body: async (trial) => {
      const client = await trial.ready();
      await client.call('raw', [{ id: 'odd', method: 'nope', params: {} }]);
      await client.call('count');
      const { diagnostics } = await client.call('observe');
      trial.same('what the server got', diagnostics, [{ type: 'unmatchedResponse', id: 'odd', code: -32601 }]);
    },
  },
  {
    rule: 'S1',
    name: 'the word that a question is settled follows exactly once, however it ended',
    body: async (trial) => {
      const client = await trial.ready();
      const resolved = new Watched(client.notifications('resolved'));
      const ids: unknown[] = [];
      client.handle('question', (text, { id }) => {
        ids.push(id);
        if (text === 'throw') throw new Error('oops');
        return text === 'late' ? NEVER : 'yes';
      });
      for (const [question, timeout] of [['answer'], ['throw'], ['late', 20]] as const)
        await ask(client, question, timeout);
      await client.call('count');
      trial.same(
        'settled ids',
        resolved.values.map(({ id }) => id),
        ids,
      );
      trial.same('of', ids.length, 3);
    },
  },
  {
    rule: 'S2',
    name: 'a question waits for a dialog that mounts late, whatever else comes',
    body: async (trial) => {
      const client = await trial.ready();
      client.events$.subscribe({ error: () => undefined });
      const asked = ask(client);
      await client.call('emit', { method: 'tick', count: 2_000 });
      trial.same(
        'open',
        client.openRequests().map(({ params }) => params),
        ['q'],
      );
      client.handle('question', (text) => `${text}!`);
      trial.same('the answer', await asked, { result: 'q!' });
    },
  },
  {
    rule: 'S3',
    name: 'the first answer wins, and the second is told so',
    body: async (trial) => {
      const client = await trial.ready();
      const shown = first(client.serverRequests$);
      const asked = ask(client);
      const request = await shown;
      const said = [request.respond('first'), request.respond('second'), client.respond('never was', 'x')];
      trial.same('what respond says', said, ['sent', 'alreadySettled', 'unknown']);
      trial.same('the answer', await asked, { result: 'first' });
      trial.same('what the server noticed', (await client.call('observe')).diagnostics, []);
    },
  },
  {
    rule: 'S3',
    name: 'a handler that goes leaves its question to the next one; two at a time are refused',
    body: async (trial) => {
      const client = await trial.ready();
      const going = client.handle('question', () => NEVER);
      const asked = ask(client);
      await client.call('count');
      let refusal: unknown;
      try {
        client.handle('question', () => 'too many');
      } catch (error) {
        refusal = error;
      }
      trial.holds('a second handler is a TypeError', refusal instanceof TypeError);
      going.unsubscribe();
      client.handle('question', () => 'the next one');
      trial.same('the answer', await asked, { result: 'the next one' });
    },
  },
];
