import { NEVER, Subject, VirtualTimeScheduler } from 'rxjs';

import { isLagged } from '../../src/backpressure/index.js';
import { startInProcess } from '../../src/in-process/index.js';
import type { ShutdownReport } from '../../src/protocol/index.js';
import { createServer } from '../../src/server/index.js';
import { fakeWire, run } from '../../src/testing/index.js';
import {
  at,
  connectPlain,
  expectIdleClient,
  expectIdleServer,
  hostPlain,
  idsOf,
  latest,
  named,
  plain,
  plainHandlers,
  responsesTo,
  servePlain,
  watch,
} from './support.js';

const quiet: ShutdownReport = {
  graceful: true,
  answered: 0,
  cancelled: 0,
  dropped: 0,
  undelivered: 0,
  aborted: 0,
  elapsed: 0,
};

describe('D1 the order of a server s shutdown', () => {
  it('refuses at once what has not started, and what comes then', () => {
    run(({ flush }) => {
      const { server, wire } = servePlain({ work: () => NEVER }, { limits: { concurrency: 1 } });
      for (const id of [1, 2, 3]) wire.receive({ id, method: 'work', params: { n: id } });
      const report = watch(server.shutdown({ timeout: 50 }));
      expect(responsesTo(2, wire.sent)).toMatchObject([{ error: { code: -32603 } }]);
      expect(responsesTo(3, wire.sent)).toMatchObject([{ error: { code: -32603 } }]);
      expect(responsesTo(1, wire.sent)).toEqual([]);
      wire.receive({ id: 4, method: 'echo', params: 'late' });
      flush();
      for (const id of [1, 2, 3]) expect(responsesTo(id, wire.sent)).toHaveLength(1);
      expect(responsesTo(4, wire.sent).every((message) => 'error' in message)).toBe(true);
      expect(report.values).toMatchObject([{ graceful: false, aborted: 1 }]);
      expectIdleServer(server);
    });
  });

  it('lets running handlers finish within the budget: they get their real answers', () => {
    run(({ cold, flush, expectObservable }) => {
      const { server, client } = hostPlain({ work: ({ n }) => cold('-----a|', { a: n }) });
      const closed = watch(client.closed$);
      const answer = client.request('work', { n: 7 });
      expectObservable(answer).toBe('------(a|)', { a: 7 });
      let report: ShutdownReport | undefined;
      at(2, () => {
        server.shutdown({ timeout: 100 }).subscribe((value) => {
          report = value;
        });
        expect(closed.values).toEqual([]);
      });
      flush();
      expect(report).toMatchObject({ graceful: true, answered: 1, cancelled: 0, aborted: 0, elapsed: 4 });
      expect(closed.values).toMatchObject([{ orderly: true }]);
      expectIdleServer(server);
      expectIdleClient(client);
    });
  });

  it('aborts them when the time is over: signal, unsubscription, one answer', () => {
    run(({ cold, flush, expectSubscriptions }) => {
      const job = cold('    a----------', { a: 1 });
      const lifetime = '    ^--------!';
      let signal: AbortSignal | undefined;
      const { server, wire } = servePlain({
        work: (_, context) => {
          signal = context.signal;
          return job;
        },
      });
      wire.receive({ id: 1, method: 'work', params: { n: 1 } });
      const report = watch(server.shutdown({ timeout: 9 }));
      flush();
      expectSubscriptions(job.subscriptions).toBe(lifetime);
      expect(signal?.aborted).toBe(true);
      expect(responsesTo(1, wire.sent)).toMatchObject([{ error: {} }]);
      expect(report.values).toMatchObject([{ graceful: false, aborted: 1, elapsed: 9 }]);
      expect(wire.closedWith).toMatchObject({ reason: 'shutdown' });
    });
  });

  it('fails open server requests', () => {
    run(({ flush }) => {
      const { server, wire, connection } = servePlain();
      const answer = watch(server.request(connection, 'approve', { command: 'ls' }));
      const report = watch(server.shutdown());
      expect([answer.end, answer.ends]).toEqual(['error', 1]);
      flush();
      expect(report.values).toMatchObject([{ cancelled: 1 }]);
      expect(named('resolved', wire.sent)).toHaveLength(1);
      expectIdleServer(server);
    });
  });

  it('delivers the remaining lossless events, then closes', () => {
    run(({ flush }) => {
      const { server, wire, connection } = servePlain();
      wire.fill();
      for (const n of [0, 1, 2]) connection.notify('done', { n });
      const report = watch(server.shutdown({ timeout: 100 }));
      at(10, () => {
        expect(wire.closedWith).toBeUndefined();
        wire.drain();
      });
      flush();
      expect(named('done', wire.sent)).toHaveLength(3);
      expect(wire.closedWith).toMatchObject({ reason: 'shutdown', orderly: true });
      expect(report.values).toEqual([{ ...quiet, elapsed: 10 }]);
    });
  });

  it('gives up at the deadline what a full sink never takes, and counts it', () => {
    run(({ flush }) => {
      const { server, wire, connection } = servePlain();
      wire.fill();
      for (const n of [0, 1, 2]) connection.notify('done', { n });
      const report = watch(server.shutdown({ timeout: 20 }));
      flush();
      expect(report.values).toMatchObject([{ graceful: false, undelivered: 2, elapsed: 20 }]);
      expect(wire.closedWith).toMatchObject({ reason: 'shutdown' });
      expectIdleServer(server);
    });
  });

  it('takes 5 seconds at most unless told otherwise', () => {
    run(({ flush }) => {
      const { server, wire } = servePlain({ work: () => NEVER });
      wire.receive({ id: 1, method: 'work', params: { n: 1 } });
      const report = watch(server.shutdown());
      at(4_999, () => {
        expect(report.values).toEqual([]);
      });
      flush();
      expect(report.values).toMatchObject([{ elapsed: 5_000, aborted: 1 }]);
    });
  });

  it('has one deadline for all of its connections', () => {
    run(({ flush }) => {
      const { server, wire } = servePlain({ work: () => NEVER });
      const other = fakeWire();
      server.attach(other);
      for (const each of [wire, other]) each.receive({ id: 1, method: 'work', params: { n: 1 } });
      const report = watch(server.shutdown({ timeout: 30 }));
      flush();
      expect(report.values).toMatchObject([{ elapsed: 30, aborted: 2 }]);
      expect([wire, other].map(({ closedWith }) => closedWith)).toMatchObject([
        { reason: 'shutdown' },
        { reason: 'shutdown' },
      ]);
      expect(server.stats().connections).toBe(0);
    });
  });

  it('is at once and graceful when there is nothing to wait for', () => {
    run(() => {
      const { server, wire } = servePlain();
      const report = watch(server.shutdown());
      expect(report.values).toEqual([quiet]);
      expect(report.end).toBe('complete');
      expect(wire.closedWith).toEqual({ reason: 'shutdown', orderly: true });
    });
  });
});

describe('D1 the order of a client s shutdown', () => {
  it('refuses new requests and those that wait; those on the wire may finish', () => {
    run(({ flush }) => {
      const { client, wire } = connectPlain({ limits: { inFlight: 1 } });
      const sent = watch(client.request('echo', 'sent'));
      const waiting = watch(client.request('echo', 'waiting'));
      const report = watch(client.shutdown({ timeout: 50 }));
      expect(waiting.error).toMatchObject({ name: 'TransportError', reason: 'closed', method: 'echo' });
      expect(watch(client.request('echo', 'new')).error).toMatchObject({ reason: 'closed' });
      expect(client.notify('log', 'new')).toBe('closed');
      at(10, () => {
        wire.receive({ id: 0, result: 'real' });
      });
      flush();
      expect(sent.values).toEqual(['real']);
      expect(report.values).toMatchObject([{ graceful: true, answered: 1, elapsed: 10 }]);
      expect(wire.closedWith).toMatchObject({ reason: 'shutdown' });
      expectIdleClient(client);
    });
  });

  it('fails what is on the wire when the time is over', () => {
    run(({ flush }) => {
      const { client, wire } = connectPlain();
      const sent = watch(client.request('echo', 'sent'));
      const report = watch(client.shutdown({ timeout: 50 }));
      flush();
      expect(sent.error).toMatchObject({ name: 'TransportError', reason: 'closed' });
      expect(report.values).toMatchObject([{ graceful: false, elapsed: 50 }]);
      expect(wire.closedWith).toBeDefined();
      expectIdleClient(client);
    });
  });

  it('waits for no listener: the backlog stays readable, then completes', () => {
    run(() => {
      const { client, connection } = hostPlain();
      connection.notify('done', { n: 1 });
      connection.notify('delta', { n: 2 });
      const report = watch(client.shutdown());
      expect(report.values).toMatchObject([{ graceful: true, elapsed: 0 }]);
      const events = watch(client.events$);
      expect(events.values).toMatchObject([{ params: { n: 1 } }, { params: { n: 2 } }]);
      expect(events.end).toBe('complete');
    });
  });

  it('completes the events of those who listen', () => {
    const { client, connection } = hostPlain();
    const views = [client.events$, client.scoped('a'), client.notifications('done')].map((view) =>
      watch<unknown>(view),
    );
    connection.notify('done', { n: 1, scope: 'a' });
    watch(client.shutdown());
    expect(views.map(({ values }) => values.length)).toEqual([1, 1, 1]);
    expect(views.map(({ end }) => end)).toEqual(['complete', 'complete', 'complete']);
  });

  it('completes every stream of its own', () => {
    const { client } = hostPlain();
    const streams = [client.state$, client.closed$, client.ready$, client.serverRequests$, client.commands$].map(
      (stream) => watch<unknown>(stream),
    );
    watch(client.shutdown());
    expect(streams.map(({ end }) => end)).toEqual(['complete', 'complete', 'complete', 'complete', 'complete']);
    expect(latest(client.closed$)).toMatchObject({ reason: 'shutdown', orderly: true });
  });
});

describe('D1 in process', () => {
  it('the client s shutdown ends the server with its last connection', () => {
    const { server, client } = hostPlain();
    const connections = watch(server.connections$);
    expect(watch(client.shutdown()).values).toMatchObject([{ graceful: true }]);
    expect(server.stats().connections).toBe(0);
    expect(connections.values.at(-1)).toEqual([]);
    const wire = fakeWire();
    const report = watch(server.shutdown());
    expect(report.end).toBe('complete');
    expect(wire.sent).toEqual([]);
  });

  it('but not while it has another', () => {
    const server = createServer(plain, plainHandlers);
    const [one, two] = [startInProcess(server), startInProcess(server)];
    watch(one.shutdown());
    expect(watch(two.request('echo', 'still here')).values).toEqual(['still here']);
  });

  it('and not when it does not own it', () => {
    const server = createServer(plain, plainHandlers);
    watch(startInProcess(server, { ownServer: false }).shutdown());
    const client = startInProcess(server, { ownServer: false });
    expect(watch(client.request('echo', 'again')).values).toEqual(['again']);
  });

  it('the server s shutdown closes its clients', () => {
    const { server, client } = hostPlain();
    const events = watch(client.events$);
    watch(server.shutdown());
    expect(latest(client.closed$)).toMatchObject({ reason: 'shutdown', orderly: true });
    expect(events.end).toBe('complete');
    expect(watch(client.request('echo', 'x')).error).toMatchObject({ reason: 'closed' });
  });
});

describe('D2 a shutdown', () => {
  it('starts at once, subscribed or not', () => {
    const { client } = hostPlain();
    client.shutdown();
    expect(watch(client.request('echo', 'x')).error).toMatchObject({ reason: 'closed' });
  });

  it('is idempotent: the same report, once to each subscriber', () => {
    run(({ flush }) => {
      const { client, wire } = connectPlain();
      watch(client.request('echo', 'x'));
      const first = watch(client.shutdown({ timeout: 30 }));
      const second = watch(client.shutdown({ timeout: 3_000 }));
      flush();
      const late = watch(client.shutdown());
      expect(first.values).toHaveLength(1);
      expect(second.values).toEqual(first.values);
      expect(late.values).toEqual(first.values);
      expect([first, second, late].map(({ end }) => end)).toEqual(['complete', 'complete', 'complete']);
      expect(wire.sent$).toBeDefined();
    });
  });

  it('of a server is idempotent as well', () => {
    const { server } = servePlain();
    const first = watch(server.shutdown());
    expect(watch(server.shutdown()).values).toEqual(first.values);
  });

  it('is not delayed by a full queue or a full sink', () => {
    run(({ flush }) => {
      const { client, wire } = connectPlain({ limits: { inFlight: 1, requests: 1 } });
      wire.fill();
      for (const n of [1, 2, 3]) watch(client.request('work', { n }));
      const report = watch(client.shutdown({ timeout: 40 }));
      flush();
      expect(report.values).toHaveLength(1);
      expect(report.values[0]?.elapsed).toBeLessThanOrEqual(40);
      expect(wire.closedWith).toBeDefined();
    });
  });

  it('starts also from inside a listener', () => {
    const { client, connection } = hostPlain();
    const events = watch(client.events$, () => {
      client.shutdown();
    });
    connection.notify('done', { n: 1 });
    expect(events.end).toBe('complete');
    expect(latest(client.closed$)).toMatchObject({ reason: 'shutdown' });
  });

  it('leaves nothing scheduled', () => {
    const clock = new VirtualTimeScheduler();
    const { server, client } = hostPlain(
      { work: () => NEVER },
      { server: { scheduler: clock }, client: { scheduler: clock, timeout: 60_000 } },
    );
    const answer = watch(client.request('work', { n: 1 }));
    watch(client.request('work', { n: 2 })).unsubscribe();
    watch(client.shutdown({ timeout: 100 }));
    clock.flush();
    expect(clock.actions).toEqual([]);
    expect(clock.frame).toBeLessThanOrEqual(100);
    expect(answer.ends).toBe(1);
    expectIdleClient(client);
    expectIdleServer(server);
  });

  it('is what await using does', async () => {
    let closed: unknown;
    {
      await using client = hostPlain().client;
      client.closed$.subscribe((info) => {
        closed = info;
      });
    }
    expect(closed).toMatchObject({ reason: 'shutdown' });
  });
});

describe('D3 when the other side vanishes', () => {
  it('pending requests fail, events are still delivered, then the events complete if it was orderly', () => {
    const { client, wire } = connectPlain();
    wire.receive({ method: 'done', params: { n: 1 } });
    const answer = watch(client.request('echo', 'x'));
    wire.end({ reason: 'peer closed', orderly: true });
    expect(answer.error).toMatchObject({ name: 'TransportError', reason: 'closed' });
    const events = watch(client.events$);
    expect(events.values).toMatchObject([{ params: { n: 1 } }]);
    expect(events.end).toBe('complete');
  });

  it('events error if it was not, after what waited', () => {
    const cause = new Error('exit 1');
    const { client, wire } = connectPlain();
    const listening = watch(client.notifications('done'));
    wire.receive({ method: 'done', params: { n: 1 } });
    wire.end({ reason: 'peer exited with code 1', orderly: false, error: cause });
    expect(listening.values).toEqual([{ n: 1 }]);
    expect(listening.error).toMatchObject({ name: 'TransportError', reason: 'closed' });
    expect(watch(client.events$).error).toMatchObject({ name: 'TransportError' });
  });

  it('the reason is a value in closed$ and state$, which never error', () => {
    const { client, wire } = connectPlain();
    const [state, closed] = [watch(client.state$), watch(client.closed$)];
    const info = { reason: 'peer exited with code 1', orderly: false, error: new Error('x') };
    wire.end(info);
    expect(closed.values).toEqual([info]);
    expect(watch(client.closed$).values).toEqual([info]);
    expect(state.values).toEqual([{ type: 'ready' }, { type: 'closed', reason: info.reason }]);
    expect([state.end, closed.end]).toEqual(['complete', 'complete']);
  });

  it('the server stops what it did for that client, and nobody else notices', () => {
    const jobs = [new Subject<number>(), new Subject<number>()];
    const { server, wire } = servePlain({ work: ({ n }) => jobs[n] ?? NEVER });
    const other = fakeWire();
    server.attach(other);
    wire.receive(
      { id: 1, method: 'work', params: { n: 0, scope: 'a' } },
      { id: 2, method: 'work', params: { n: 0, scope: 'a' } },
    );
    other.receive({ id: 1, method: 'work', params: { n: 1 } });
    wire.end();
    expect(jobs.map(({ observed }) => observed)).toEqual([false, true]);
    expect(server.stats()).toMatchObject({ connections: 1, requests: { running: 1, waiting: 0 } });
    expect(wire.sent).toEqual([]);
    jobs[1]?.next(5);
    jobs[1]?.complete();
    expect(other.sent).toEqual([{ id: 1, result: 5 }]);
    expectIdleServer(server);
  });

  it('a connection says so: closed$, notify', () => {
    const { wire, connection } = servePlain();
    wire.end({ reason: 'gone', orderly: true });
    expect(latest(connection.closed$)).toMatchObject({ reason: 'gone' });
    expect(connection.notify('done', { n: 1 })).toBe('closed');
  });

  it('a connection can be closed from the server s side', () => {
    const { server, client, connection } = hostPlain({ work: () => NEVER });
    const answer = watch(client.request('work', { n: 1 }));
    connection.close('kicked');
    expect(answer.error).toMatchObject({ reason: 'closed' });
    expect(latest(client.closed$)).toMatchObject({ reason: 'kicked' });
    expectIdleServer(server);
  });

  it('open questions at the client are gone', () => {
    const { client, wire } = connectPlain();
    let signal: AbortSignal | undefined;
    client.handle('ask', (_, context) => {
      signal = context.signal;
      return NEVER;
    });
    wire.receive({ id: 'q', method: 'ask', params: 'well?' });
    wire.end();
    expect(signal?.aborted).toBe(true);
    expect(client.openRequests()).toEqual([]);
    expect(client.respond('q', 'late')).toBe('closed');
  });

  it('nothing is rejected unhandled and nothing is printed', async () => {
    const rejected: unknown[] = [];
    const onRejection = (reason: unknown): void => {
      rejected.push(reason);
    };
    const printed = (['log', 'warn', 'error', 'debug'] as const).map((word) =>
      jest.spyOn(console, word).mockImplementation(() => undefined),
    );
    process.on('unhandledRejection', onRejection);
    try {
      const { client, wire } = connectPlain();
      watch(client.request('echo', 'x'));
      watch(client.events$);
      wire.receive({ id: 'q', method: 'ask', params: 'well?' });
      wire.end({ reason: 'broken', orderly: false, error: new Error('EPIPE') });
      client.shutdown();
      const { server, wire: other } = servePlain({ echo: () => Promise.reject(new Error('no')), work: () => NEVER });
      other.receive({ id: 1, method: 'echo' }, { id: 2, method: 'work', params: { n: 1 } });
      other.end();
      server.shutdown();
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(rejected).toEqual([]);
      for (const spy of printed) expect(spy).not.toHaveBeenCalled();
    } finally {
      process.off('unhandledRejection', onRejection);
      for (const spy of printed) spy.mockRestore();
    }
  });

  it('the last gap is told before the end', () => {
    const { client, wire } = connectPlain();
    const events = watch(client.events$);
    wire.receive({ method: '$/lagged', params: { skipped: 2 } });
    wire.end();
    expect(events.values.map(isLagged)).toEqual([true]);
    expect(events.end).toBe('complete');
    expect(idsOf('ask', wire.sent)).toEqual([]);
  });
});
