import { forkJoin, tap } from 'rxjs';

import { first } from './trial.js';
import type { TrialCase } from './trial-case.js';
import { Watched } from './watched.js';

/** The response lane: what handlers answer, in which order, and what a broken server may not do to a client. */
export const answerCases: readonly TrialCase[] = [
  {
    rule: 'C8',
    name: 'a handler answers with a value, a promise or an observable; anything else is a value',
    body: async (trial) => {
      const client = await trial.ready();
      trial.same('a value', await client.call('answer', 'value'), 'a value');
      trial.same('a promise', await client.call('answer', 'promise'), 'of a promise');
      trial.same('an observable', await client.call('answer', 'observable'), 'last');
      trial.same('an array', await client.call('answer', 'array'), ['an', 'array']);
      trial.same('nothing', await client.call('answer', 'nothing'), null);
    },
  },
  {
    rule: 'C8',
    name: 'an RpcError arrives as it is, any other as -32603 without its stack',
    body: async (trial) => {
      const client = await trial.ready();
      const data = { more: ['x', 1, null] };
      await trial.fails('of its own', client.call('fail', { code: 42, message: 'no', data }), {
        name: 'RpcError',
        code: 42,
        message: 'no',
        data,
        method: 'fail',
      });
      await trial.fails('a mistake', client.call('fail', { message: 'oops' }), {
        code: -32603,
        message: 'oops',
        data: undefined,
      });
      trial.same('an answer behind it', await client.call('echo', 1), 1);
    },
  },
  {
    rule: 'C8',
    name: 'an unknown method is -32601, params that do not fit are -32602 with what is wrong',
    body: async (trial) => {
      const client = await trial.ready();
      await trial.fails('an unknown method', client.call('nope' as 'count'), { code: -32601 });
      await trial.fails('__proto__', client.call('__proto__' as 'count'), { code: -32601 });
      const misfit = client.call('add', { a: 1, b: 'two' } as never).catch((error: unknown) => error);
      const { code, data } = (await misfit) as { code?: number; data?: { issues?: readonly { path: unknown }[] } };
      trial.same('the code', code, -32602);
      trial.same(
        'where',
        data?.issues?.map(({ path }) => path),
        [['b']],
      );
    },
  },
  {
    rule: 'C10',
    name: 'members a schema does not know survive in both directions',
    body: async (trial) => {
      const client = await trial.ready({ validate: { params: true, results: true } });
      const answer = await client.call('add', { a: 1, b: 2, note: { deep: [1] } });
      trial.same('the answer', answer, { sum: 3, note: { deep: [1] } });
    },
  },
  {
    rule: 'A3',
    name: 'an answer that does not fit is a DecodeError that names the method and has the value',
    body: async (trial) => {
      const client = await trial.ready({ validate: { results: true } });
      await trial.fails('the misfit', client.call('misfit'), {
        name: 'DecodeError',
        method: 'misfit',
        value: 'no number',
      });
    },
  },
  {
    rule: 'A2',
    name: 'answers keep their order',
    body: async (trial) => {
      const client = await trial.ready();
      const arrived: unknown[] = [];
      const numbers = Array.from({ length: 500 }, (_, n) => n);
      const answers = numbers.map((n) => client.request('echo', n).pipe(tap((answer) => arrived.push(answer))));
      await first(forkJoin(answers));
      trial.same('the order', arrived, numbers);
    },
  },
  {
    rule: 'A2',
    name: 'events keep their order, and none overtakes the answer that was there first',
    body: async (trial) => {
      const client = await trial.ready();
      const marks = new Watched(client.events$);
      const before = await first(client.exchange('emit', { method: 'mark', count: 20 }));
      trial.same('marks before their answer', marks.values.length, 20);
      const answer = await first(client.exchange('emit', { method: 'mark', count: 20, manner: 'later' }));
      await marks.reaches(40);
      const seqs = marks.values.map((event) => ('seq' in event ? event.seq : -1));
      trial.holds(
        'marks are numbered upwards',
        seqs.every((seq, n) => n === 0 || seq > (seqs[n - 1] ?? 0)),
      );
      trial.holds('the first answer came behind its marks', (seqs[19] ?? Infinity) < before.seq);
      trial.holds('the second answer came before its marks', answer.seq < (seqs[20] ?? 0));
      trial.same('the numbers of the marks', numbersOf(marks.values), [...upTo(20), ...upTo(20)]);
    },
  },
  {
    rule: 'A2',
    name: 'an answer nobody waits for is a diagnostic and ends nothing',
    body: async (trial) => {
      const client = await trial.ready();
      await client.call('raw', [{ id: 987_654, result: 1 }]);
      const diagnostic = await first(client.diagnostics$);
      trial.same('the diagnostic', diagnostic, { type: 'unmatchedResponse', id: 987_654 });
      trial.same('an answer behind it', await client.call('echo', 1), 1);
    },
  },
  {
    rule: 'A1',
    name: 'a second answer is not heard',
    body: async (trial) => {
      const client = await trial.ready();
      const held = new Watched(client.request('hold', { key: 'a' }, { id: 'mine' }));
      await client.call('raw', [
        { id: 'mine', result: 'first' },
        { id: 'mine', result: 'second' },
        { id: 'mine', error: { code: 1, message: 'third' } },
      ]);
      await client.call('release', 'a');
      await client.call('count');
      trial.same('what the caller saw', [held.values, held.ends], [['first'], 1]);
    },
  },
  {
    rule: 'C2',
    name: 'a message with id null settles nothing',
    body: async (trial) => {
      const client = await trial.ready();
      const held = client.call('hold', { key: 'a' });
      await client.call('raw', [{ id: null, error: { code: -32700, message: 'what?' } }]);
      await client.call('release', 'a');
      trial.same('the answer', await held, 'a');
    },
  },
  {
    rule: '5',
    name: 'text arrives letter by letter: emoji, line ends, zero and all',
    body: async (trial) => {
      const client = await trial.ready();
      const text = 'ä€𝄞🙂\n\r\n\u2028\u2029\0"\\/\u001f\ufeff\u202e' + '日本語'.repeat(5_000);
      trial.same('the text', await client.call('echo', text), text);
      trial.same('as a name', await client.call('echo', { [text]: text }), { [text]: text });
    },
  },
  {
    rule: '5',
    name: 'values arrive as JSON has them: deep, empty, negative, large',
    body: async (trial) => {
      const client = await trial.ready();
      let deep: unknown = [];
      for (let n = 0; n < 200; n += 1) deep = [{ n, deep }];
      const value = { deep, none: null, no: false, zero: 0, small: -1.5e-300, large: 2 ** 53, empty: {}, text: '' };
      trial.same('the value', await client.call('echo', value), value);
    },
  },
  {
    rule: '5',
    name: 'a message of 4 MB arrives, and holds up nothing for good',
    body: async (trial) => {
      const client = await trial.ready();
      const big = 'x'.repeat(4_000_000);
      const [answer, behind] = await Promise.all([client.call('echo', big), client.call('echo', 1)]);
      trial.holds('it is the same', answer === big);
      trial.same('the one behind', behind, 1);
    },
  },
];

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);

/** The numbers of those events that have one. */
function numbersOf(events: readonly unknown[]): readonly unknown[] {
  return events.map((event) => (event as { readonly params?: { readonly n?: number } }).params?.n);
}
