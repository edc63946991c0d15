/** The tests of the client facade: typed requests, typed failures, and events that stay right under pressure. */
import { NEVER } from 'rxjs';

import { appServerContract } from '../../src/app-server/index.js';
import { isLagged, lagged, paceWith } from '../../src/backpressure/index.js';
import { deliveryOf, isRpcError } from '../../src/protocol/index.js';
import { run, scriptedAgent } from '../../src/testing/index.js';
import { connectPlain, hostPlain, idsOf, plain, servePlain, watch } from '../rules/support.js';
import { startApp, startThread, startTurn } from './start-app.js';
import { ask, brief, delta, done, type Event, gap } from './support.js';

describe('a typed request', () => {
  it('comes back typed', () => {
    const { client } = hostPlain();
    const sum: { readonly values: readonly number[] } = watch(client.request('add', { a: 1, b: 2 }));
    expect(sum.values).toEqual([3]);
  });

  it('comes back typed at a capacity of 1', () => {
    const { client } = startApp({ capacity: 1 }, { capacity: 1 });
    for (let n = 0; n < 3; n += 1) {
      expect(watch(client.request('configRequirements/read')).values).toEqual([{ requirements: null }]);
    }
  });

  it('that the server refuses tells its method, the code and the server s words', () => {
    const { client } = startApp();
    const { error } = watch(client.request('thread/read', { threadId: 'nowhere' }));
    expect(isRpcError(error)).toBe(true);
    expect(error).toMatchObject({ method: 'thread/read', code: -32600, message: 'thread not found: nowhere' });
  });

  it('tells what broke: the cause of a broken pipe, the issues of a misfit, but no cause where the server said no', () => {
    const cause = new Error('EPIPE');
    const { client, wire } = connectPlain();
    const broken = watch(client.request('echo', 'x'));
    const misfit = watch(client.request('add', { a: 1, b: 2 }));
    const refused = watch(client.request('echo', 'y'));
    wire.receive({ id: 1, result: 'three' }, { id: 2, error: { code: 7, message: 'no', data: 'why' } });
    wire.end({ reason: 'broken', orderly: false, error: cause });
    expect(broken.error).toMatchObject({ name: 'TransportError', method: 'echo', cause });
    expect(misfit.error).toMatchObject({ name: 'DecodeError', method: 'add', value: 'three', issues: [{ path: [] }] });
    expect(refused.error).toMatchObject({ name: 'RpcError', method: 'echo', code: 7, message: 'no', data: 'why' });
    expect(refused.error).not.toHaveProperty('cause');
  });

  it('sees what another typed request has started', () => {
    const { client } = startApp();
    const threadId = startThread(client);
    expect(watch(client.request('thread/read', { threadId })).values).toMatchObject([{ thread: { id: threadId } }]);
  });
});

describe('what the embedder gives', () => {
  it('is used as it is: the agent is the same function, called once for each turn', () => {
    const agent = scriptedAgent([]);
    const { client } = startApp({ agent });
    const threadId = startThread(client);
    startTurn(client, threadId, 'go');
    expect(agent.turns).toMatchObject([{ threadId, text: 'go' }]);
  });

  it.each(['cli', 'exec'])('is told to every client: the session source %s', (sessionSource) => {
    const { client } = startApp({ sessionSource });
    expect(watch(client.request('thread/start', {})).values).toMatchObject([{ thread: { source: sessionSource } }]);
  });
});

describe('events', () => {
  it('that must arrive do so under backpressure, behind the gap that stands for the others', () => {
    run(({ hot, expectObservable }) => {
      const messages = { a: delta(1), b: delta(2), c: done(3), d: done(4), e: done(5) };
      const events = hot<Event>('  abcde------------', messages);
      const ready = hot('          ------xx------x-x');
      const expected = '           ------a(1c)---d-e';
      const paced = events.pipe(paceWith(ready, { capacity: 1, overflow: 'drop-newest', ...deliveryOf(plain) }));
      expectObservable(paced).toBe(expected, { ...messages, '1': lagged(1) });
    });
  });

  it('that end something or complete a transcript are lossless; text that grows is not, and a gap is no event', () => {
    const { lossless } = deliveryOf(appServerContract);
    const isLossless = (method: string): boolean => lossless({ method, params: {} });
    const methods = Object.keys(appServerContract.serverNotifications);
    expect(['item/agentMessage/delta', 'item/commandExecution/outputDelta'].map(isLossless)).toEqual([false, false]);
    expect(methods.filter((method) => !isLossless(method) && !/delta$/i.test(method))).toEqual([]);
    expect(['turn/completed', 'item/completed', 'serverRequest/resolved', 'brand/new'].every(isLossless)).toBe(true);
    const { client, wire } = connectPlain({ limits: { events: 1, losslessEvents: 1 } });
    wire.receive(gap(1), gap(1), gap(1));
    expect(brief(watch(client.events$).values)).toEqual(['skipped 3']);
  });

  it('that were lost on the way are told to each view as they were told to us', () => {
    const { client, wire } = connectPlain();
    const views = [client.events$, client.notifications('delta'), client.scoped('a')].map((view) =>
      watch<unknown>(view),
    );
    wire.receive(gap(3));
    for (const { values } of views) expect(values).toMatchObject([{ type: 'lagged', skipped: 3 }]);
  });

  it('wait for no request that waits for the user', () => {
    const { client, connection } = hostPlain({ work: () => NEVER });
    watch(client.request('work', { n: 1 }));
    const events = watch(client.events$);
    connection.notify('done', { n: 2 });
    expect(brief(events.values)).toEqual(['done 2']);
  });
});

describe('an answer to a question', () => {
  it('goes out at once while the event lane is full and a request waits, in process', () => {
    const { server, client, connection } = hostPlain({ work: () => NEVER }, { client: { capacity: 1 } });
    for (let n = 0; n < 100; n += 1) connection.notify('done', { n });
    watch(client.request('work', { n: 1 }));
    const answers = ['one', 'two'].map((text, index) => {
      const answer = watch(server.request(connection, 'ask', text));
      const id = client.openRequests()[0]?.id ?? 'none';
      expect(index === 0 ? client.respond(id, 'yes') : client.fail(id, new Error('no'))).toBe('sent');
      return answer;
    });
    expect(answers).toMatchObject([{ values: ['yes'] }, { error: { code: -32603 } }]);
  });

  it('goes out at once while the event lane is full and a request waits, over a wire', () => {
    const { client, wire } = connectPlain({ capacity: 1, limits: { inFlight: 1, requests: 1 } });
    for (const text of ['on the wire', 'waiting']) watch(client.request('echo', text));
    wire.receive(delta(1), delta(2), ask('q'));
    expect(client.respond('q', 'yes')).toBe('sent');
    wire.receive(ask('r'));
    expect(client.fail('r', new Error('no'))).toBe('sent');
    expect(wire.sent.slice(1)).toMatchObject([
      { id: 'q', result: 'yes' },
      { id: 'r', error: { code: -32603 } },
    ]);
  });

  it('reaches the agent past everything that waits at the server', () => {
    const { server, wire, connection } = servePlain({ work: () => NEVER }, { limits: { requests: 1, concurrency: 1 } });
    const answer = watch(server.request(connection, 'ask', 'well?'));
    for (const id of [1, 2, 3]) wire.receive({ id, method: 'work', params: { n: id } });
    wire.receive({ id: idsOf('ask', wire.sent)[0] ?? 'none', result: 'yes' });
    expect(answer.values).toEqual(['yes']);
  });
});

describe('a shutdown', () => {
  it('takes no time when nothing is held, events unread and all', () => {
    run(() => {
      const { client } = startApp({ configWarnings: [{ summary: 'unread' }] });
      expect(watch(client.shutdown()).values).toMatchObject([{ graceful: true, elapsed: 0 }]);
    });
  });

  it('interrupts the turn that runs, and its end is still delivered', () => {
    run(() => {
      const { client } = startApp({ agent: () => NEVER });
      const threadId = startThread(client);
      startTurn(client, threadId);
      expect(watch(client.shutdown()).values).toMatchObject([{ graceful: true, elapsed: 0 }]);
      const last = watch(client.events$).values.at(-1);
      expect(last !== undefined && !isLagged(last) && last).toMatchObject({
        method: 'turn/completed',
        params: { turn: { status: 'interrupted' } },
      });
    });
  });
});
