/** W33 to W38: what upstream does wrong with slow transports and with threads, each with a spec that it does not happen. */
import { EMPTY, NEVER, type Observable, Subject } from 'rxjs';

import { type AgentEvent, appServerContract, memoryThreadStore } from '../../src/app-server/index.js';
import { connect } from '../../src/client/index.js';
import { fakeWire, run, scriptedAgent, scriptedServer } from '../../src/testing/index.js';
import { scanThread, type ThreadAnswer } from '../../src/thread-state/index.js';
import {
  at,
  connectPlain,
  hostPlain,
  latest,
  openSession,
  responsesTo,
  serveFormal,
  servePlain,
  watch,
} from '../rules/support.js';
import { joinApp, startApp, startThread, startTurn } from './start-app.js';
import { brief } from './support.js';

describe('W33 a slow connection is not cut off for a burst', () => {
  it('two thousand lossless events wait for a sink that has stopped', () => {
    const { wire, connection } = servePlain();
    wire.fill();
    for (let n = 0; n < 2_000; n += 1) connection.notify('done', { n });
    expect(wire.closedWith).toBeUndefined();
    wire.drain();
    expect(wire.sent).toHaveLength(2_000);
  });

  it('text that grows gives way first, and the client is told of the gap instead of being cut off', () => {
    const { wire, connection } = serveFormal({}, { limits: { events: 4 } });
    const after = openSession(wire, { lag: true });
    wire.fill();
    for (let n = 0; n < 100_000; n += 1) connection.notify('delta', { n });
    connection.notify('done', { n: 1 });
    wire.drain();
    expect(wire.closedWith).toBeUndefined();
    expect(brief(after())).toEqual([
      'delta 0',
      'skipped 99995',
      ...[99_996, 99_997, 99_998, 99_999].map((n) => `delta ${n}`),
      'done 1',
    ]);
  });

  it('who is cut off in the end is told why, and so is the server', () => {
    const { server, wire, connection } = servePlain({}, { limits: { losslessEvents: 1 } });
    const diagnostics = watch(server.diagnostics$);
    wire.fill();
    for (const n of [1, 2, 3]) connection.notify('done', { n });
    expect(wire.closedWith).toMatchObject({ reason: 'slow-consumer', orderly: false });
    expect(latest(connection.closed$)).toMatchObject({ reason: 'slow-consumer' });
    expect(diagnostics.values).toEqual([{ type: 'budgetExceeded', budget: 'losslessEvents' }]);
  });
});

describe('W34 what a client holds is bounded', () => {
  it.each([
    ['by count', { losslessEvents: 10 }, 10],
    ['by bytes', { bytes: 100_000 }, 10],
  ])('%s: beyond it an event nobody reads is a gap with its numbers, and a diagnostic', (_, limits, atMost) => {
    const { client, wire } = connectPlain({ limits });
    for (let n = 0; n < 1_000; n += 1)
      wire.receive({ method: 'resolved', params: { id: `${n}${'x'.repeat(10_000)}` } });
    const { waiting } = client.stats().events;
    expect(waiting).toBeGreaterThan(0);
    expect(waiting).toBeLessThanOrEqual(atMost);
    expect(watch(client.diagnostics$).values).toEqual([{ type: 'backlogOverflow', method: 'resolved' }]);
    const last = watch(client.events$).values.at(-1);
    expect(last).toMatchObject({ type: 'lagged', skipped: 1_000 - waiting, last: 1_000 });
  });

  it('also while a listener is at work: the connection closes with a reason rather than hold more', () => {
    const { server, client, connection } = hostPlain({}, { client: { limits: { losslessEvents: 10 } } });
    const told: string[] = [];
    const events = watch(client.notifications('done'), ({ n }) => {
      if (n > 0) return;
      for (let next = 1; next <= 20; next += 1) told.push(connection.notify('done', { n: next }));
    });
    connection.notify('done', { n: 0 });
    expect(told.lastIndexOf('sent')).toBeLessThan(11);
    expect(told.at(-1)).toBe('closed');
    expect(latest(client.closed$)).toMatchObject({ reason: 'slow-consumer', orderly: false });
    expect(events).toMatchObject({ end: 'error', error: { reason: 'closed' } });
    expect(server.stats().connections).toBe(0);
  });
});

describe('W35 a connection ends without waiting for its handlers', () => {
  it('and without delaying any other, the old ones or one that comes', () => {
    const { server, wire } = servePlain({
      work: ({ n, scope }) => (scope === 'stuck' ? new Promise<number>(() => undefined) : n),
    });
    const old = fakeWire();
    server.attach(old);
    for (let id = 0; id < 10; id += 1) wire.receive({ id, method: 'work', params: { n: id, scope: 'stuck' } });
    wire.end();
    expect(server.stats().connections).toBe(1);
    const fresh = fakeWire();
    server.attach(fresh);
    for (const each of [old, fresh]) {
      each.receive({ id: 1, method: 'work', params: { n: 1, scope: 'free' } });
      expect(responsesTo(1, each.sent)).toEqual([{ id: 1, result: 1 }]);
    }
    expect(wire.sent).toEqual([]);
  });
});

describe('W36 a client that follows every thread misses none', () => {
  it('a thread is given its listeners in the call that makes it, through no feed that could lag', () => {
    const agent = scriptedAgent([{ type: 'warning', message: 'hello' }]);
    const { server, client } = startApp({ agent, autoAttach: () => true, capacity: 1 }, { ownServer: false });
    const follower = joinApp(server, { ownServer: false, capacity: 1 });
    const heard = new Set<string>();
    follower.notifications('warning').subscribe(({ threadId }) => heard.add(threadId ?? 'none'));
    const threads = Array.from({ length: 300 }, () => startThread(client));
    for (const threadId of threads) startTurn(client, threadId);
    expect([...heard]).toEqual(threads);
    watch(server.shutdown());
  });

  it('one that comes late finds the loaded threads and resumes those it lacks', () => {
    const words = new Subject<AgentEvent>();
    const { server, client } = startApp({ agent: () => words, store: memoryThreadStore() }, { ownServer: false });
    const threads = [1, 2, 3].map(() => startThread(client));
    for (const threadId of threads) startTurn(client, threadId);
    const late = joinApp(server, { ownServer: false });
    const loaded = watch(late.request('thread/loaded/list', {})).values[0]?.data ?? [];
    for (const threadId of loaded) watch(late.request('thread/resume', { threadId }));
    const heard = watch(late.notifications('warning'));
    words.next({ type: 'warning', message: 'hello' });
    expect(heard.values.map(({ threadId }) => threadId).sort()).toEqual([...threads].sort());
    watch(server.shutdown());
  });
});

describe('W37 threads do not pile up', () => {
  it('clients that vanish leave none behind once the delay is over, but for those at work', () => {
    run(({ flush }) => {
      const { server, client } = startApp(
        { agent: ({ text }) => (text === 'endless' ? NEVER : EMPTY), unloadAfter: 1_000 },
        { ownServer: false },
      );
      const crowd = Array.from({ length: 50 }, () => joinApp(server, { ownServer: false }));
      const threads = crowd.map(startThread);
      startTurn(crowd[0] ?? client, threads[0] ?? '', 'endless');
      const loaded = (): unknown => watch(client.request('thread/loaded/list', {})).values[0]?.data.length;
      expect(loaded()).toBe(50);
      for (const each of crowd) watch(each.shutdown());
      at(999, () => {
        expect(loaded()).toBe(50);
      });
      at(1_001, () => {
        expect(loaded()).toBe(1);
        watch(server.shutdown());
      });
      flush();
    });
  });

  it('whoever unsubscribes as the last one unloads a thread where there is no delay', () => {
    run(({ flush }) => {
      const { client } = startApp({ unloadAfter: 0 });
      const closed = watch(client.notifications('thread/closed'));
      const threadId = startThread(client);
      const unsubscribe = client.request('thread/unsubscribe', { threadId });
      expect(watch(unsubscribe).values).toEqual([{ status: 'unsubscribed' }]);
      flush();
      expect(closed.values).toEqual([{ threadId }]);
      expect(watch(unsubscribe).values).toEqual([{ status: 'notLoaded' }]);
    });
  });

  it('a turn outlives the client that started it', () => {
    const end$ = new Subject<never>();
    const { server, client } = startApp({ agent: () => end$ }, { ownServer: false });
    const threadId = startThread(client);
    startTurn(client, threadId);
    watch(client.shutdown());
    expect(end$.observed).toBe(true);
    const other = joinApp(server, { ownServer: false });
    watch(other.request('thread/resume', { threadId }));
    const ends = watch(other.notifications('turn/completed'));
    end$.complete();
    expect(ends.values).toMatchObject([{ threadId, turn: { status: 'completed' } }]);
    watch(server.shutdown());
  });
});

describe('W38 whoever watches a turn learns that it has ended', () => {
  const item: AgentEvent = { type: 'itemStarted', item: { type: 'agentMessage', id: 'm' } };
  const piece: AgentEvent = { type: 'delta', itemId: 'm', delta: 'x' };

  it('at a capacity of 1, behind a flood nobody reads', () => {
    const flood = [item, ...Array.from({ length: 10_000 }, () => piece)];
    const { client } = startApp({ agent: scriptedAgent(flood) }, { capacity: 1 });
    startTurn(client, startThread(client));
    const last = watch(client.events$).values.at(-1);
    expect(last).toMatchObject({ method: 'turn/completed', params: { turn: { status: 'completed' } } });
  });

  it('who comes back after it finds it in the snapshot, and who comes back before it hears it once', () => {
    const end$ = new Subject<never>();
    const { server, client } = startApp({ agent: () => end$ }, { ownServer: false });
    const threadId = startThread(client);
    startTurn(client, threadId);
    watch(client.shutdown());
    const before = joinApp(server, { ownServer: false });
    const ends = watch(before.notifications('turn/completed'));
    const running = watch(before.request('thread/resume', { threadId }));
    expect(running.values).toMatchObject([{ thread: { turns: [{ status: 'inProgress' }] } }]);
    end$.complete();
    expect(ends.values).toHaveLength(1);
    const after = joinApp(server, { ownServer: false });
    const over = watch(after.request('thread/resume', { threadId }));
    expect(over.values).toMatchObject([{ thread: { status: { type: 'idle' }, turns: [{ status: 'completed' }] } }]);
    watch(server.shutdown());
  });

  it('a view that lost the end with a gap gets it from a snapshot, and nothing in it stays open', () => {
    const turn = { id: 'u1', items: [], itemsView: 'full', status: 'inProgress', error: null, startedAt: 1 };
    const thread = { id: 't1', status: { type: 'idle' }, turns: [{ ...turn, status: 'completed' }] };
    const server = scriptedServer(appServerContract, { 'thread/read': () => ({ thread }) as never });
    const client = connect(server.wire, appServerContract, { validate: { results: false, events: false } });
    const read = (): Observable<ThreadAnswer> => client.exchange('thread/read', { threadId: 't1', includeTurns: true });
    const states = watch(client.scoped('t1').pipe(scanThread('t1', { snapshot: read })));
    server.notify('turn/started', { threadId: 't1', turn } as never);
    expect(states.values.at(-1)?.turns).toMatchObject([{ id: 'u1', status: 'inProgress' }]);
    server.wire.receive({ method: '$/lagged', params: { skipped: 1 } });
    expect(states.values.at(-1)).toMatchObject({ partial: false, turns: [{ id: 'u1', status: 'completed' }] });
    server.wire.end();
  });
});
