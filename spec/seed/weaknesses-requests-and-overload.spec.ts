/** W19 to W26: what upstream does wrong with requests and full queues, each with a spec that it does not happen. */
import { NEVER, VirtualTimeScheduler } from 'rxjs';

import { retryOverloaded } from '../../src/client/index.js';
import { isOverloaded } from '../../src/protocol/index.js';
import { run } from '../../src/testing/index.js';
import {
  at,
  connectPlain,
  expectIdleClient,
  expectIdleServer,
  hostPlain,
  idsOf,
  named,
  responsesTo,
  serveFormal,
  servePlain,
  watch,
} from '../rules/support.js';
import { brief } from './support.js';

/** A server whose one place and one waiting place are taken. */
function busy(): ReturnType<typeof servePlain> {
  const served = servePlain({ work: () => NEVER }, { limits: { requests: 1, concurrency: 1, unsentAnswers: 4 } });
  for (const id of ['running', 'waiting']) served.wire.receive({ id, method: 'work', params: { n: 1 } });
  return served;
}

describe('W19 no event slips through while a session opens', () => {
  it('broadcasts before, during and right after the handshake honour what the client will have said', () => {
    const { server, wire, connection } = serveFormal(
      {
        initialize: () => {
          server.broadcast('done', { n: 2 });
          return { name: 'formal' };
        },
      },
      {
        onSession: () => {
          server.broadcast('delta', { n: 3 });
          server.broadcast('done', { n: 3 });
        },
      },
    );
    const audience = server.audience();
    audience.add(connection);
    server.notify(audience, 'done', { n: 1 });
    server.broadcast('done', { n: 1 });
    wire.receive({ id: 0, method: 'initialize', params: { capabilities: { optOut: ['delta'] } } });
    server.broadcast('delta', { n: 4 });
    server.broadcast('done', { n: 5 });
    expect(brief(wire.sent)).toEqual(['answer', 'done 3', 'done 5']);
  });
});

describe('W20 overload has one word, and a request may wait instead', () => {
  it('isOverloaded knows our own full queue and the server s', () => {
    const here = connectPlain({ limits: { inFlight: 1, requests: 1 } });
    const [, , ours] = [1, 2, 3].map((n) => watch(here.client.request('work', { n })));
    const there = hostPlain({ work: () => NEVER }, { server: { limits: { requests: 1, concurrency: 1 } } });
    const [, , theirs] = [1, 2, 3].map((n) => watch(there.client.request('work', { n })));
    expect([ours?.error, theirs?.error].map(isOverloaded)).toEqual([true, true]);
  });

  it('what finds no place on the wire waits for one, in order', () => {
    const { client, wire } = connectPlain({ limits: { inFlight: 1 } });
    const answers = [0, 1, 2].map((n) => watch(client.request('work', { n })));
    expect(idsOf('work', wire.sent)).toEqual([0]);
    for (const id of [0, 1, 2]) wire.receive({ id, result: id });
    expect(answers.map(({ values }) => values)).toEqual([[0], [1], [2]]);
  });
});

describe('W21 an overload says that it may be tried again', () => {
  it('in its data', () => {
    const { wire } = busy();
    wire.receive({ id: 7, method: 'echo', params: 'x' });
    expect(responsesTo(7, wire.sent)).toMatchObject([
      { error: { code: -32001, data: { reason: 'overloaded', retryable: true } } },
    ]);
  });

  it('and retryOverloaded does so until there is room', () => {
    run(({ cold, flush }) => {
      const { client, server } = hostPlain(
        { work: ({ n }) => cold('9ms a|', { a: n }) },
        { server: { limits: { requests: 1, concurrency: 1 } } },
      );
      const answers = [1, 2, 3, 4].map((n) =>
        watch(client.request('work', { n }).pipe(retryOverloaded({ count: 10, delay: 5 }))),
      );
      flush();
      expect(answers.map(({ values }) => values)).toEqual([[1], [2], [3], [4]]);
      expectIdleServer(server);
    });
  });
});

describe('W22 no refusal is ever dropped', () => {
  it('with the sink full they wait, the input is paused, and each request has its one answer', () => {
    const { wire } = busy();
    wire.fill();
    for (let id = 0; id < 20; id += 1) wire.receive({ id, method: 'echo', params: id });
    expect(wire.paused).toBe(true);
    expect(wire.sent).toHaveLength(1);
    wire.drain();
    expect(wire.paused).toBe(false);
    expect(wire.sent.map((message) => 'id' in message && message.id)).toEqual(
      Array.from({ length: 20 }, (_, id) => id),
    );
  });
});

describe('W23 requests have deadlines and can be taken back', () => {
  it('a deadline counts the time in our own queue, cancels at the server, and the late answer is swallowed', () => {
    run(({ flush }) => {
      const { client, wire } = connectPlain({ limits: { inFlight: 1 } });
      const [sent, queued] = [1, 2].map((n) => watch(client.request('work', { n }, { timeout: 50 })));
      at(51, () => {
        expect([sent?.error, queued?.error]).toMatchObject([{ reason: 'timeout' }, { reason: 'timeout' }]);
        expect(named('cancel', wire.sent)).toEqual([{ method: 'cancel', params: { id: 0 } }]);
        wire.receive({ id: 0, result: 1 });
        expectIdleClient(client);
      });
      flush();
      expect([sent?.values, queued?.values]).toEqual([[], []]);
    });
  });

  it('unsubscribing stops the handler and frees the id with its answer', () => {
    run(({ cold, flush, expectSubscriptions }) => {
      const job = cold('        ------a|', { a: 1 });
      const runs = '            ^--!';
      const { server, client } = hostPlain({ work: () => job });
      const answer = watch(client.request('work', { n: 1 }, { id: 'mine' }));
      at(3, () => {
        answer.unsubscribe();
        expect(watch(client.request('echo', 'again', { id: 'mine' })).values).toEqual(['again']);
      });
      flush();
      expectSubscriptions(job.subscriptions).toBe(runs);
      expectIdleClient(client);
      expectIdleServer(server);
    });
  });

  it('an AbortSignal does the same for await', async () => {
    const { client, wire } = connectPlain();
    const controller = new AbortController();
    const call = client.call('echo', 'x', { signal: controller.signal });
    controller.abort(new Error('changed my mind'));
    await expect(call).rejects.toThrow('changed my mind');
    expect(named('cancel', wire.sent)).toHaveLength(1);
  });

  it('and any number of deadlines is one timer', () => {
    const clock = new VirtualTimeScheduler();
    const { client } = connectPlain({ scheduler: clock });
    const answers = Array.from({ length: 50 }, (_, n) => watch(client.request('work', { n }, { timeout: 10 + n })));
    expect(clock.actions).toHaveLength(1);
    for (const answer of answers) answer.unsubscribe();
  });
});

describe('W24 ids never collide', () => {
  it('they are the client s own, however many share it', () => {
    const { client, wire } = connectPlain({ limits: { inFlight: 100 } });
    const users = Array.from({ length: 100 }, (_, n) => watch(client.request('work', { n })));
    expect(new Set(idsOf('work', wire.sent)).size).toBe(100);
    for (const id of idsOf('work', wire.sent)) wire.receive({ id, result: Number(id) * 10 });
    expect(users.map(({ values }) => values)).toEqual(users.map((_, n) => [n * 10]));
  });

  it('a caller s own id is optional, and the counter goes round it', () => {
    const { client, wire } = connectPlain();
    const own = watch(client.request('echo', 'own', { id: 0 }));
    const counted = watch(client.request('echo', 'counted'));
    expect(new Set(idsOf('echo', wire.sent)).size).toBe(2);
    wire.receive({ id: 0, result: 'own' });
    expect([own.values, counted.end]).toEqual([['own'], 'open']);
  });
});

describe('W25 a notification does not vanish', () => {
  it('the client says what became of it', () => {
    const { client, wire } = connectPlain({ limits: { requests: 1 } });
    const said = [client.notify('log', '1')];
    wire.fill();
    said.push(client.notify('log', '2'), client.notify('log', '3'), client.notify('log', '4'));
    expect(said).toEqual(['sent', 'sent', 'queued', 'full']);
    wire.drain();
    expect(named('log', wire.sent).map((message) => 'params' in message && message.params)).toEqual(['1', '2', '3']);
    wire.end();
    expect(client.notify('log', '5')).toBe('closed');
  });

  it('the server tells which it could not take, and why', () => {
    const { server, wire } = servePlain();
    const diagnostics = watch(server.diagnostics$);
    wire.receive({ method: 'count', params: { n: 'many' } }, { method: 'no/such/word' });
    expect(diagnostics.values).toEqual([
      { type: 'ignoredNotification', method: 'count', reason: 'invalid params' },
      { type: 'ignoredNotification', method: 'no/such/word', reason: 'method not found' },
    ]);
  });
});

describe('W26 an answer to a question is never refused for a full queue', () => {
  it('nor held up by one', () => {
    const { client, wire } = connectPlain({ limits: { inFlight: 1, requests: 1 } });
    for (const n of [1, 2]) watch(client.request('work', { n }));
    wire.receive({ id: 'q', method: 'ask', params: 'well?' });
    expect(watch(client.request('work', { n: 3 })).error).toMatchObject({ reason: 'full' });
    expect(client.respond('q', 'yes')).toBe('sent');
    expect(responsesTo('q', wire.sent)).toEqual([{ id: 'q', result: 'yes' }]);
  });
});
