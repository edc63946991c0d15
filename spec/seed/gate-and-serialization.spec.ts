/** The tests of the gate each connection has for its requests, and of the order of requests that share a key. */
import { type Observable, NEVER, Subject } from 'rxjs';

import { fakeWire, run } from '../../src/testing/index.js';
import { at, expectIdleServer, hostPlain, responsesTo, servePlain, watch } from '../rules/support.js';

/** Handlers that end when the spec says so, and what has been started. */
function jobs(): {
  readonly started: readonly number[];
  readonly work: (job: { readonly n: number }) => Observable<number>;
  finish(n: number): void;
} {
  const started: number[] = [];
  const running = new Map<number, Subject<number>>();
  return {
    started,
    work: ({ n }) => {
      const job = new Subject<number>();
      started.push(n);
      running.set(n, job);
      return job;
    },
    finish: (n) => {
      running.get(n)?.next(n);
      running.get(n)?.complete();
    },
  };
}

const work = (n: number, scope?: string) => ({ id: n, method: 'work', params: { n, ...(scope && { scope }) } });
const read = (n: number, scope: string) => ({ id: n, method: 'read', params: { n, scope } });

describe('the gate of a connection', () => {
  it('lets requests through while it is open', () => {
    const { started, ...handlers } = jobs();
    const { wire } = servePlain({ work: handlers.work });
    wire.receive(work(1));
    handlers.finish(1);
    expect([started, wire.sent]).toEqual([[1], [{ id: 1, result: 1 }]]);
  });

  it('never starts what waited when it closes', () => {
    const { started, ...handlers } = jobs();
    const { server, wire } = servePlain({ work: handlers.work });
    wire.receive(work(1, 'a'), work(2, 'a'));
    wire.end();
    handlers.finish(1);
    expect(started).toEqual([1]);
    expectIdleServer(server);
  });

  it('closes at once, whatever runs', () => {
    run(() => {
      const { server, wire, connection } = servePlain({ work: () => new Promise<number>(() => undefined) });
      wire.receive(work(1));
      connection.close('enough');
      expect(wire.closedWith).toMatchObject({ reason: 'enough' });
      expect(server.stats().connections).toBe(0);
    });
  });

  it('lets a shutdown wait for what has started', () => {
    run(({ cold, flush }) => {
      const { server, wire } = servePlain({ work: () => cold('-----a|', { a: 7 }) });
      wire.receive(work(1));
      const report = watch(server.shutdown());
      at(5, () => {
        expect(report.values).toEqual([]);
      });
      flush();
      expect(wire.sent).toEqual([{ id: 1, result: 7 }]);
      expect(report.values).toMatchObject([{ graceful: true, answered: 1, elapsed: 6 }]);
    });
  });

  it('refuses what comes while a shutdown waits', () => {
    run(({ cold, flush }) => {
      let started = 0;
      const { server, wire } = servePlain({
        work: () => {
          started += 1;
          return cold('-----a|', { a: 7 });
        },
      });
      wire.receive(work(1));
      watch(server.shutdown());
      at(2, () => {
        wire.receive(work(2));
        expect(wire.sent).toMatchObject([{ id: 2, error: { code: -32603 } }]);
      });
      flush();
      expect(started).toBe(1);
      expect(responsesTo(1, wire.sent)).toEqual([{ id: 1, result: 7 }]);
    });
  });

  it('counts a handler before its body runs: a shutdown it starts itself waits for it', () => {
    run(({ cold, flush }) => {
      const seen: unknown[] = [];
      const { server, client } = hostPlain({
        work: () => {
          seen.push(server.stats().requests.running);
          server.shutdown().subscribe((report) => seen.push(report.answered));
          return cold('--a|', { a: 7 });
        },
      });
      const answer = watch(client.request('work', { n: 1 }));
      flush();
      expect(answer.values).toEqual([7]);
      expect(seen).toEqual([1, 1]);
    });
  });
});

describe('requests of one key', () => {
  it('run in order, one at a time', () => {
    const { started, ...handlers } = jobs();
    const { wire } = servePlain({ work: handlers.work });
    wire.receive(work(1, 'a'), work(2, 'a'), work(3, 'a'));
    expect(started).toEqual([1]);
    handlers.finish(1);
    expect(started).toEqual([1, 2]);
    handlers.finish(2);
    handlers.finish(3);
    expect(wire.sent).toEqual([1, 2, 3].map((id) => ({ id, result: id })));
  });

  it('do not wait for those of another', () => {
    const { started, ...handlers } = jobs();
    const { wire } = servePlain({ work: handlers.work });
    wire.receive(work(1, 'a'), work(2, 'b'));
    expect(started).toEqual([1, 2]);
    handlers.finish(2);
    expect(wire.sent).toEqual([{ id: 2, result: 2 }]);
  });

  it('of a connection that has gone are passed over, and the next connection s run', () => {
    const { started, ...handlers } = jobs();
    const { server, wire } = servePlain({ work: handlers.work });
    const other = fakeWire();
    server.attach(other);
    other.receive(work(1, 'a'));
    wire.receive(work(2, 'a'));
    other.receive(work(3, 'a'));
    wire.end();
    handlers.finish(1);
    handlers.finish(3);
    expect(started).toEqual([1, 3]);
    expect(other.sent).toEqual([1, 3].map((id) => ({ id, result: id })));
  });

  it('that wait are refused at once when the server shuts down', () => {
    run(({ flush }) => {
      const { server, wire } = servePlain({ work: () => NEVER });
      wire.receive(work(1, 'a'), work(2, 'a'));
      watch(server.shutdown({ timeout: 20 }));
      expect(responsesTo(2, wire.sent)).toMatchObject([{ error: { code: -32603 } }]);
      expect(responsesTo(1, wire.sent)).toEqual([]);
      flush();
      expectIdleServer(server);
    });
  });

  it('that only read run together', () => {
    const { started, ...handlers } = jobs();
    const { wire } = servePlain({ read: handlers.work });
    wire.receive(read(1, 'a'), read(2, 'a'));
    expect(started).toEqual([1, 2]);
  });

  it('that write wait for the readers that run', () => {
    const { started, ...handlers } = jobs();
    const { wire } = servePlain({ read: handlers.work, work: handlers.work });
    wire.receive(read(1, 'a'), read(2, 'a'), work(3, 'a'));
    handlers.finish(1);
    expect(started).toEqual([1, 2]);
    handlers.finish(2);
    expect(started).toEqual([1, 2, 3]);
  });

  it('that read do not overtake a writer that waits', () => {
    const { started, ...handlers } = jobs();
    const { wire } = servePlain({ read: handlers.work, work: handlers.work });
    wire.receive(read(1, 'a'), work(2, 'a'), read(3, 'a'));
    expect(started).toEqual([1]);
    handlers.finish(1);
    expect(started).toEqual([1, 2]);
    handlers.finish(2);
    expect(started).toEqual([1, 2, 3]);
  });
});
