/** W27 to W32: what upstream does wrong at the end, each with a spec that it does not happen here. */
import { NEVER, Subject, VirtualTimeScheduler } from 'rxjs';

import { fakeWire, run } from '../../src/testing/index.js';
import {
  at,
  connectPlain,
  expectIdleClient,
  expectIdleServer,
  hostPlain,
  latest,
  named,
  responsesTo,
  servePlain,
  watch,
} from '../rules/support.js';
import { startApp, startThread, startTurn } from './start-app.js';
import { brief } from './support.js';

describe('W27 a shutdown has one deadline', () => {
  it('for all connections and all that holds them up: handlers, sinks, open questions', () => {
    run(({ flush }) => {
      const { server, wire, connection } = servePlain({ work: () => NEVER });
      const wires = [wire, fakeWire(), fakeWire()];
      for (const other of wires.slice(1)) server.attach(other);
      for (const each of wires) {
        each.receive({ id: 1, method: 'work', params: { n: 1 } });
        each.fill();
      }
      for (const n of [1, 2, 3]) server.broadcast('done', { n });
      watch(server.request(connection, 'ask', 'well?'));
      const report = watch(server.shutdown());
      at(4_999, () => {
        expect(report.values).toEqual([]);
      });
      flush();
      expect(report.values).toMatchObject([{ graceful: false, aborted: 3, cancelled: 1, elapsed: 5_000 }]);
      expect(wires.map(({ closedWith }) => closedWith?.reason)).toEqual(['shutdown', 'shutdown', 'shutdown']);
    });
  });

  it('and does not wait for references: who keeps a connection, a client or a stream keeps nothing alive', () => {
    run(() => {
      const { server, client, connection } = hostPlain();
      const kept = [client.events$, client.serverRequests$, connection.writable$].map((stream) =>
        watch<unknown>(stream),
      );
      expect(watch(server.shutdown()).values).toMatchObject([{ graceful: true, elapsed: 0 }]);
      expect(kept.map(({ end }) => end)).toEqual(['complete', 'complete', 'complete']);
    });
  });
});

describe('W28 the inner end has the time of the outer one', () => {
  it('a client hands its budget on to the server it owns, which stops its handlers and says so', () => {
    run(({ cold, flush, expectSubscriptions }) => {
      const job = cold('        ----------a|', { a: 1 });
      const lifetime = '        ^------!';
      let signal: AbortSignal | undefined;
      const { server, client } = hostPlain({
        work: (_, context) => {
          signal = context.signal;
          return job;
        },
      });
      const answer = watch(client.request('work', { n: 1 }));
      const report = watch(client.shutdown({ timeout: 7 }));
      flush();
      expectSubscriptions(job.subscriptions).toBe(lifetime);
      expect(signal?.aborted).toBe(true);
      expect(answer.ends).toBe(1);
      expect(report.values).toMatchObject([{ graceful: false, aborted: 1, elapsed: 7 }]);
      expectIdleServer(server);
      expectIdleClient(client);
    });
  });
});

describe('W29 a shutdown needs no room', () => {
  it('of a client: it starts with every queue and the sink full, and ends in time', () => {
    run(({ flush }) => {
      const { client, wire } = connectPlain({ limits: { inFlight: 1, requests: 1, events: 1, losslessEvents: 1 } });
      wire.fill();
      const answers = [1, 2].map((n) => watch(client.request('work', { n })));
      for (const n of [1, 2, 3]) wire.receive({ method: 'done', params: { n } });
      wire.receive({ id: 'q', method: 'ask', params: 'well?' });
      const report = watch(client.shutdown({ timeout: 30 }));
      expect(answers[1]?.error).toMatchObject({ reason: 'closed' });
      expect(responsesTo('q', wire.sent)).toMatchObject([{ error: { code: -32603 } }]);
      flush();
      expect(report.values).toMatchObject([{ elapsed: 30 }]);
      expect(answers.map(({ ends }) => ends)).toEqual([1, 1]);
    });
  });

  it('in process: it is over at once with a thousand lossless events that nobody reads', () => {
    run(() => {
      const { client, connection } = hostPlain({}, { client: { capacity: 1 }, server: { capacity: 1 } });
      for (let n = 0; n < 1_000; n += 1) connection.notify('done', { n });
      expect(watch(client.shutdown()).values).toMatchObject([{ graceful: true, elapsed: 0 }]);
    });
  });

  it('from inside a listener that is in the middle of an event', () => {
    const { client, connection } = hostPlain();
    const events = watch(client.events$, () => {
      client.shutdown();
    });
    connection.notify('done', { n: 1 });
    expect(events.end).toBe('complete');
  });
});

describe('W30 what is finished is delivered', () => {
  it('accepted requests get their real answers, and the last events arrive, a slow sink or not', () => {
    run(({ cold, flush }) => {
      const { server, wire, connection } = servePlain({
        work: ({ n }, context) => {
          context.notify('done', { n });
          return cold('-----a|', { a: n });
        },
      });
      for (const id of [1, 2]) wire.receive({ id, method: 'work', params: { n: id } });
      wire.fill();
      connection.notify('done', { n: 3 });
      connection.notify('done', { n: 4 });
      const report = watch(server.shutdown({ timeout: 100 }));
      at(50, () => {
        wire.drain();
      });
      flush();
      expect(brief(wire.sent)).toEqual(['done 1', 'done 2', 'done 3', 'answer', 'answer', 'done 4']);
      expect([1, 2].map((id) => responsesTo(id, wire.sent))).toEqual([[{ id: 1, result: 1 }], [{ id: 2, result: 2 }]]);
      expect(report.values).toMatchObject([{ graceful: true, answered: 2, undelivered: 0, elapsed: 50 }]);
    });
  });

  it('what nobody has read yet stays readable afterwards', () => {
    const { client, connection } = hostPlain();
    connection.notify('done', { n: 1 });
    watch(client.shutdown());
    expect(brief(watch(client.events$).values)).toEqual(['done 1']);
  });
});

describe('W31 a shutdown reports', () => {
  it('what was answered, refused, given up, left unread and stopped', () => {
    run(({ flush }) => {
      const quick = new Subject<number>();
      const { server, wire, connection } = servePlain(
        { work: ({ n }) => (n === 1 ? quick : NEVER) },
        { limits: { concurrency: 2 } },
      );
      for (const id of [1, 2, 3]) wire.receive({ id, method: 'work', params: { n: id } });
      watch(server.request(connection, 'ask', 'well?'));
      const report = watch(server.shutdown({ timeout: 20 }));
      at(5, () => {
        quick.next(7);
        quick.complete();
      });
      at(6, () => {
        wire.fill();
        for (const n of [1, 2, 3]) connection.notify('done', { n });
      });
      flush();
      expect(report.values).toEqual([
        { graceful: false, answered: 1, cancelled: 2, dropped: 0, undelivered: 2, aborted: 1, elapsed: 20 },
      ]);
    });
  });

  it('the same to everyone who asks, however often, and to await using', async () => {
    const { server, client } = hostPlain();
    const reports = [client.shutdown(), client.shutdown({ timeout: 1 }), client.shutdown()].map((each) => watch(each));
    expect(reports.map(({ values }) => values)).toEqual([0, 1, 2].map(() => reports[0]?.values));
    await client[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    expect(latest(client.closed$)).toMatchObject({ reason: 'shutdown', orderly: true });
  });
});

describe('W32 nothing lingers', () => {
  it('after the end no action is scheduled, whatever was under way', () => {
    const clock = new VirtualTimeScheduler();
    const { client } = startApp({ agent: () => NEVER, scheduler: clock }, { scheduler: clock, timeout: 60_000 });
    const threadId = startThread(client);
    startTurn(client, threadId);
    watch(client.shutdown());
    clock.flush();
    expect(clock.actions).toEqual([]);
    expect(clock.frame).toBeLessThanOrEqual(5_000);
  });

  it('nor for requests that were given up or timed out before it', () => {
    const clock = new VirtualTimeScheduler();
    const { client, wire } = connectPlain({ scheduler: clock, timeout: 60_000 });
    watch(client.request('echo', 'given up')).unsubscribe();
    watch(client.request('echo', 'open'));
    wire.end();
    watch(client.shutdown());
    clock.flush();
    expect([clock.actions, clock.frame]).toEqual([[], 0]);
    expect(named('cancel', wire.sent)).toHaveLength(1);
  });
});
