import { NEVER, Subject, VirtualTimeScheduler } from 'rxjs';

import { createServer } from '../../src/server/index.js';
import { fakeWire, run } from '../../src/testing/index.js';
import { at, expectIdleServer, plain, plainHandlers, responsesTo, servePlain, since, watch } from '../rules/support.js';

const work = (id: number, scope?: string) => ({
  id,
  method: 'work',
  params: { n: id, ...(scope !== undefined && { scope }) },
});
const graceful = { graceful: true, answered: 0, cancelled: 0, dropped: 0, undelivered: 0, aborted: 0, elapsed: 0 };
const shutDown = { reason: 'shutdown', orderly: true };

describe('D1 a shutdown', () => {
  it('goes in order: refuse, fail the questions, wait for handlers, deliver, close', () => {
    run(({ cold, flush }) => {
      const { server, wire, connection } = servePlain({
        work: ({ n }, context) => {
          const job = cold('-----a|', { a: n });
          job.subscribe({ complete: () => context.notify('done', { n }) });
          return job;
        },
      });
      wire.receive(work(1, 'a'), work(2, 'a'));
      watch(server.request(connection, 'ask', 'well?'));
      const after = since(wire);
      const report = watch(server.shutdown());
      wire.fill();
      expect(after()).toMatchObject([
        { id: 2, error: { code: -32603, data: { reason: 'shuttingDown' } } },
        { method: 'resolved', params: { id: 0 } },
      ]);
      at(7, () => {
        expect(after().slice(2)).toEqual([{ method: 'done', params: { n: 1 } }]);
        expect([wire.closedWith, report.values]).toEqual([undefined, []]);
      });
      at(9, () => {
        wire.drain();
      });
      flush();
      expect(after().slice(3)).toEqual([{ id: 1, result: 1 }]);
      expect(wire.closedWith).toEqual(shutDown);
      expect(report.values).toEqual([{ ...graceful, answered: 1, cancelled: 2, elapsed: 9 }]);
      expectIdleServer(server);
    });
  });

  it('takes its 5 seconds at most: handlers are aborted, what waits is counted, the wires close', () => {
    run(({ expectObservable, flush }) => {
      const { server, wire, connection } = servePlain(
        { work: () => NEVER },
        { limits: { events: 4 } },
        { local: true },
      );
      const other = fakeWire();
      server.attach(other);
      wire.receive(work(1), work(2), { id: 3, method: 'stop', params: { n: 3 } });
      wire.fill();
      for (const n of [1, 2, 3]) connection.notify('delta', { n });
      for (const n of [1, 2]) connection.notify('done', { n });
      expectObservable(server.shutdown()).toBe('5s (r|)', {
        r: { graceful: false, answered: 0, cancelled: 0, dropped: 2, undelivered: 2, aborted: 2, elapsed: 5_000 },
      });
      flush();
      expect([wire.closedWith, other.closedWith]).toEqual([shutDown, shutDown]);
      expect(responsesTo(1, wire.sent)).toEqual([]);
      expectIdleServer(server);
    });
  });

  it('tells those it aborts, when their sink has room', () => {
    run(({ flush }) => {
      const { server, wire } = servePlain({ work: () => NEVER });
      wire.receive(work(1), work(2));
      server.shutdown({ timeout: 30 });
      flush();
      expect(wire.sent).toMatchObject([1, 2].map((id) => ({ id, error: { code: -32603 } })));
    });
  });

  it('is over the moment the last thing it waited for is, on whichever connection', () => {
    run(({ expectObservable, flush }) => {
      const jobs = [new Subject<number>(), new Subject<number>()];
      const server = createServer(plain, { ...plainHandlers, work: ({ n }) => jobs[n] ?? NEVER });
      const wires = [fakeWire(), fakeWire()];
      wires.forEach((wire, n) => {
        server.attach(wire);
        wire.receive(work(n));
      });
      const closed = (): unknown => wires.map(({ closedWith }) => closedWith?.reason);
      at(10, () => {
        jobs[1]?.complete();
        expect(closed()).toEqual([undefined, undefined]);
      });
      at(20, () => {
        jobs[0]?.complete();
        expect(closed()).toEqual(['shutdown', 'shutdown']);
      });
      expectObservable(server.shutdown()).toBe('20ms (r|)', { r: { ...graceful, answered: 2, elapsed: 20 } });
      flush();
    });
  });

  it('waits for no one who has gone, before or meanwhile', () => {
    run(({ flush }) => {
      const { server, wire } = servePlain({ work: () => NEVER });
      const gone = fakeWire();
      server.attach(gone);
      gone.receive(work(1));
      gone.end();
      wire.receive(work(1));
      at(10, () => {
        wire.end();
      });
      const report = watch(server.shutdown());
      flush();
      expect(report.values).toMatchObject([{ graceful: true, aborted: 0, elapsed: 10 }]);
      expect(server.stats().connections).toBe(0);
      expectIdleServer(server);
    });
  });

  it('waits for a cancelled handler that goes on, since its work is not over', () => {
    run(({ expectObservable, flush }) => {
      let settle: (n: number) => void = () => undefined;
      // A promise of the test's own kind, so that it settles in virtual time.
      const stubborn = {
        then: (resolve: (n: number) => void) => {
          settle = resolve;
        },
      };
      const { server, wire } = servePlain({ work: () => stubborn as PromiseLike<number> });
      wire.receive(work(1), { method: 'cancel', params: { id: 1 } });
      at(10, () => {
        settle(1);
      });
      expectObservable(server.shutdown()).toBe('10ms (r|)', { r: { ...graceful, elapsed: 10 } });
      flush();
      expect(wire.sent).toMatchObject([{ id: 1, error: { code: -32800 } }]);
    });
  });

  it('counts only what it did itself, not what was answered before', () => {
    const { server, wire } = servePlain();
    for (const id of [1, 2, 3]) wire.receive({ id, method: 'echo', params: id });
    expect(watch(server.shutdown()).values).toMatchObject([{ answered: 0, cancelled: 0 }]);
  });
});

describe('D2 a shutdown', () => {
  it('started by a handler waits for that handler s answer', () => {
    const { server, wire } = servePlain({
      echo: () => {
        server.shutdown();
        return 'bye';
      },
    });
    wire.receive({ id: 1, method: 'echo' }, { id: 2, method: 'echo' });
    expect(wire.sent).toEqual([{ id: 1, result: 'bye' }]);
    expect(wire.closedWith).toEqual(shutDown);
    expect(watch(server.shutdown()).values).toMatchObject([{ graceful: true, answered: 1 }]);
  });

  it('is idempotent: later options change nothing, and the report is replayed', () => {
    run(({ flush }) => {
      const { server, wire } = servePlain({ work: () => NEVER });
      wire.receive(work(1));
      const first = watch(server.shutdown({ timeout: 20 }));
      at(10, () => server.shutdown({ timeout: 1 }));
      flush();
      const late = watch(server.shutdown());
      expect(first.values).toMatchObject([{ graceful: false, elapsed: 20, aborted: 1 }]);
      expect([late.values, late.end]).toEqual([first.values, 'complete']);
    });
  });

  it('completes what the server tells of itself', () => {
    const { server } = servePlain();
    const watches = [watch(server.connections$), watch(server.diagnostics$)];
    server.shutdown();
    expect(watches.map(({ end }) => end)).toEqual(['complete', 'complete']);
  });

  it('schedules one action for all it waits for, and leaves nothing scheduled', () => {
    const scheduler = new VirtualTimeScheduler();
    const { server, wire, connection } = servePlain({ work: () => NEVER }, { scheduler });
    server.attach(fakeWire());
    wire.receive(work(1), work(2));
    watch(server.request(connection, 'ask', 'well?'));
    server.shutdown();
    expect(scheduler.actions).toHaveLength(1);
    wire.receive({ method: 'cancel', params: { id: 1 } }, { method: 'cancel', params: { id: 2 } });
    expect([wire.closedWith, scheduler.actions]).toEqual([shutDown, []]);
  });

  it('closes what is attached while it waits, and what is attached after it', () => {
    run(({ flush }) => {
      const { server, wire } = servePlain({ work: () => NEVER });
      wire.receive(work(1));
      server.shutdown({ timeout: 10 });
      const during = fakeWire();
      server.attach(during);
      flush();
      const after = fakeWire();
      const connection = server.attach(after);
      expect([during.closedWith, after.closedWith]).toEqual([shutDown, shutDown]);
      expect(watch(connection.closed$).values).toEqual([shutDown]);
      expect(server.stats().connections).toBe(0);
    });
  });
});
