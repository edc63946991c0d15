import { map, NEVER, throwError } from 'rxjs';

import { defineContract, notification, request, type } from '../../src/protocol/index.js';
import { createServer } from '../../src/server/index.js';
import type { Handlers, Server } from '../../src/server/server.js';
import { fakeWire, type FakeWire, run } from '../../src/testing/index.js';
import {
  at,
  expectIdleServer,
  type Formal,
  formal,
  formalHandlers,
  named,
  openSession,
  plain,
  plainHandlers,
  servePlain,
  since,
  watch,
} from '../rules/support.js';

const done = (n: number) => ({ method: 'done', params: { n } });

function attachTo(server: Pick<Server<Formal>, 'attach'>, capabilities: Parameters<typeof openSession>[1]): FakeWire {
  const wire = fakeWire();
  server.attach(wire);
  openSession(wire, capabilities);
  return wire;
}

describe('section 3, making a server', () => {
  it('throws for a request without a handler, naming it, and needs none for a notification', () => {
    const contract = defineContract({
      requests: { add: request({ params: type<number>() }) },
      notifications: { log: notification({ params: type<string>() }) },
    });
    expect(() => createServer(contract, {} as Handlers<typeof contract>)).toThrow(
      new TypeError('the request "add" has no handler'),
    );
    expect(() => createServer(contract, { add: 'a string' } as never)).toThrow(TypeError);
    const server = createServer(contract, { add: (n) => n });
    const diagnostics = watch(server.diagnostics$);
    const wire = fakeWire();
    server.attach(wire);
    wire.receive({ method: 'log', params: 'x' });
    expect(diagnostics.values).toEqual([]);
  });

  it('runs nothing and schedules nothing until a wire is attached', () => {
    run(({ flush }) => {
      const server = createServer(plain, plainHandlers);
      expect(watch(server.connections$).values).toEqual([[]]);
      expect(server.stats()).toEqual({
        connections: 0,
        requests: { running: 0, waiting: 0, answered: 0 },
        events: { sent: 0, waiting: 0, skipped: 0, conflated: 0 },
        serverRequests: { open: 0, settled: 0 },
      });
      flush();
    });
  });

  it('measures time on the scheduler it is given', () => {
    run(({ flush }) => {
      const times: string[] = [];
      const scheduler = {
        now: () => 1_000,
        schedule: (_: unknown, delay?: number) => {
          times.push(`in ${String(delay)}`);
          return NEVER.subscribe();
        },
      };
      const { server, connection } = servePlain({ work: () => NEVER }, { scheduler });
      watch(server.request(connection, 'ask', 'well?'));
      watch(server.shutdown({ timeout: 7 }));
      flush();
      expect(times).toEqual(['in 100', 'in 7']);
    });
  });
});

describe('H3 a broadcast', () => {
  it('is gated for each session by itself: opt-out, experimental, legacy, not yet open', () => {
    const server = createServer(formal, formalHandlers);
    const wires = {
      quiet: attachTo(server, { optOut: ['done'] }),
      curious: attachTo(server, { experimental: true }),
      old: attachTo(server, { legacy: true }),
    };
    const fresh = fakeWire();
    server.attach(fresh);
    const after = Object.values(wires).map((wire) => since(wire));
    server.broadcast('done', { n: 1 });
    server.broadcast('trial', { n: 2 });
    server.broadcast('old/note' as 'done', { n: 3 });
    const methods = after.map((sent) => sent().map((message) => 'method' in message && message.method));
    expect(methods).toEqual([[], ['done', 'trial'], ['done', 'old/note']]);
    expect(fresh.sent).toEqual([]);
  });

  it('is held up for no one by another s full sink or sudden end', () => {
    const server = createServer(plain, plainHandlers, { limits: { losslessEvents: 1 } });
    const wires = [fakeWire(), fakeWire(), fakeWire()];
    for (const wire of wires) server.attach(wire);
    wires[1]?.fill();
    for (const n of [1, 2, 3]) server.broadcast('done', { n });
    expect(wires.map((wire) => named('done', wire.sent).length)).toEqual([3, 1, 3]);
    expect(wires.map(({ closedWith }) => closedWith?.reason)).toEqual([undefined, 'slow-consumer', undefined]);
    expect(server.stats().connections).toBe(2);
  });
});

describe('section 3, notify', () => {
  it('to an audience says the worst of what became of it, and closed only of an empty one', () => {
    const server = createServer(plain, plainHandlers, { limits: { events: 1 } });
    const [ready, full] = [fakeWire({ local: true }), fakeWire({ local: true })];
    const audience = server.audience();
    const sent = (): string => server.notify(audience, 'delta', { n: 1 });
    expect(sent()).toBe('closed');
    audience.add(server.attach(full));
    audience.add(server.attach(ready));
    full.fill();
    expect([sent(), sent(), sent()]).toEqual(['sent', 'queued', 'dropped']);
    ready.end();
    expect(sent()).toBe('dropped');
    full.end();
    expect(sent()).toBe('closed');
  });

  it('to an audience of those it is not for counts as sent', () => {
    const server = createServer(formal, formalHandlers);
    const wire = attachTo(server, { optOut: ['done'] });
    const after = since(wire);
    expect(server.notify(server.everyone, 'done', { n: 1 })).toBe('sent');
    expect(after()).toEqual([]);
  });

  it('to one connection asks no session, and leaves params out where there are none', () => {
    const server = createServer(formal, formalHandlers);
    const wire = fakeWire();
    const connection = server.attach(wire);
    expect(server.notify(connection, 'trial', { n: 1 })).toBe('sent');
    expect(wire.sent).toEqual([{ method: 'trial', params: { n: 1 } }]);
    wire.end();
    expect(server.notify(connection, 'trial', { n: 2 })).toBe('closed');
  });
});

describe('section 3, stats', () => {
  it('outlive the connections they were counted on', () => {
    const { server, wire, connection } = servePlain(
      { work: () => NEVER },
      { limits: { events: 1, concurrency: 1 } },
      { local: true },
    );
    wire.receive({ id: 1, method: 'echo', params: 'x' }, { id: 2, method: 'work', params: { n: 1 } });
    wire.receive({ id: 3, method: 'work', params: { n: 2 } });
    wire.fill();
    for (const n of [1, 2, 3]) connection.notify('delta', { n });
    connection.notify('state', { key: 'a', value: 1 });
    connection.notify('state', { key: 'a', value: 2 });
    const events = { sent: 1, waiting: 1, skipped: 2, conflated: 1 };
    expect(server.stats()).toMatchObject({
      connections: 1,
      requests: { running: 1, waiting: 1, answered: 1 },
      events,
    });
    wire.end();
    expect(server.stats()).toMatchObject({
      connections: 0,
      requests: { running: 0, waiting: 0 },
      events: { ...events, waiting: 0 },
    });
    const other = fakeWire();
    server.attach(other);
    server.broadcast('done', { n: 1 });
    expect(server.stats().events).toMatchObject({ sent: 2, skipped: 2, conflated: 1 });
  });

  it('count answered questions and requests over all connections', () => {
    const server = createServer(plain, plainHandlers);
    const wires = [fakeWire(), fakeWire()];
    const connections = wires.map((wire) => server.attach(wire));
    for (const connection of connections) watch(server.request(connection, 'ask', 'well?'));
    wires.forEach((wire, id) => {
      wire.receive({ id, result: 'yes' }, { id, method: 'echo', params: 'x' });
    });
    expect(server.stats()).toMatchObject({ requests: { answered: 2 }, serverRequests: { open: 0, settled: 2 } });
    expectIdleServer(server);
  });
});

describe('section 3, callbacks of the application', () => {
  it('that throw in onSession are a diagnostic, and the session is open', () => {
    const error = new Error('broken');
    const server = createServer(formal, formalHandlers, {
      onSession: () => {
        throw error;
      },
    });
    const diagnostics = watch(server.diagnostics$);
    const wire = attachTo(server, {});
    const after = since(wire);
    server.broadcast('done', { n: 1 });
    expect(diagnostics.values).toEqual([{ type: 'callbackFailed', method: 'onSession', error }]);
    expect(after()).toEqual([done(1)]);
  });

  it('run once for each session, with its connection', () => {
    const opened: unknown[] = [];
    const server = createServer(plain, plainHandlers, {
      onSession: ({ id, session }) => opened.push([id, session.state]),
    });
    for (const wire of [fakeWire(), fakeWire()]) server.attach(wire);
    expect(opened).toEqual([
      [0, 'open'],
      [1, 'open'],
    ]);
  });
});

describe('D1 onShutdown', () => {
  it('runs once, before anything is refused, and its failure stops nothing', () => {
    const error = new Error('broken');
    const calls: unknown[] = [];
    const { server, wire } = servePlain(
      { work: () => NEVER },
      {
        limits: { concurrency: 1 },
        onShutdown: () => {
          calls.push(server.stats().requests.waiting);
          throw error;
        },
      },
    );
    const diagnostics = watch(server.diagnostics$);
    for (const id of [1, 2]) wire.receive({ id, method: 'work', params: { n: id } });
    watch(server.shutdown());
    watch(server.shutdown());
    expect(calls).toEqual([1]);
    expect(diagnostics.values).toEqual([{ type: 'callbackFailed', method: 'onShutdown', error }]);
    expect(wire.sent).toMatchObject([{ id: 2, error: { code: -32603 } }]);
    wire.end();
    expectIdleServer(server);
  });
});

describe('D2 await using', () => {
  it('ends when the report is there', async () => {
    const server = createServer(plain, plainHandlers);
    const wire = fakeWire();
    server.attach(wire);
    await server[Symbol.asyncDispose]();
    expect(wire.closedWith).toEqual({ reason: 'shutdown', orderly: true });
  });

  it('of a server whose handlers go on takes the time a shutdown has', () => {
    run(({ flush }) => {
      const { server, wire } = servePlain({ work: () => NEVER });
      wire.receive({ id: 1, method: 'work', params: { n: 1 } });
      void server[Symbol.asyncDispose]();
      at(4_999, () => {
        expect(wire.closedWith).toBeUndefined();
      });
      flush();
      expect(wire.closedWith).toMatchObject({ reason: 'shutdown' });
    });
  });
});

describe('D1 what onShutdown returns', () => {
  it('is subscribed once and waited for within the time, while the connections stay', () => {
    run(({ cold, expectObservable, expectSubscriptions, flush }) => {
      const work = cold('---a--|');
      const { server, wire } = servePlain({}, { onShutdown: () => work });
      let closedAt = -1;
      wire.closed$.subscribe(() => (closedAt = wire.sentAt.length));
      expectObservable(server.shutdown().pipe(map(({ graceful, elapsed }) => [graceful, elapsed]))).toBe('------(r|)', {
        r: [true, 6],
      });
      server.shutdown();
      expectSubscriptions(work.subscriptions).toBe('^-----!');
      expect(closedAt).toBe(-1);
      flush();
      expect(wire.closedWith).toEqual({ reason: 'shutdown', orderly: true });
    });
  });

  it('is given up when the time is over', () => {
    run(({ cold, expectObservable, expectSubscriptions }) => {
      const work = cold('---');
      const { server } = servePlain({}, { onShutdown: () => work });
      expectObservable(server.shutdown({ timeout: 9 }).pipe(map(({ graceful }) => graceful))).toBe('9ms (r|)', {
        r: false,
      });
      expectSubscriptions(work.subscriptions).toBe('^--------!');
    });
  });

  it('may fail: that is a diagnostic, and the shutdown goes on', () => {
    const error = new Error('broken');
    const { server, wire } = servePlain({}, { onShutdown: () => throwError(() => error) });
    const diagnostics = watch(server.diagnostics$);
    const report = watch(server.shutdown());
    expect(report.values).toMatchObject([{ graceful: true }]);
    expect(diagnostics.values).toEqual([{ type: 'callbackFailed', method: 'onShutdown', error }]);
    expect(wire.closedWith).toEqual({ reason: 'shutdown', orderly: true });
  });
});

describe('H3 H4 notifyLegacy', () => {
  const legacy = defineContract({ legacy: { prefix: 'old/' } });

  it('reaches the members whose session allows it, and whoever is meant alone', () => {
    const server = createServer(legacy, {});
    const [local, remote] = [fakeWire({ local: true }), fakeWire()];
    server.attach(local);
    const connection = server.attach(remote);
    expect(server.notifyLegacy(server.everyone, 'old/a', 1)).toBe('sent');
    expect(server.notifyLegacy(connection, 'old/b')).toBe('sent');
    expect(local.sent).toEqual([{ method: 'old/a', params: 1 }]);
    expect(remote.sent).toEqual([{ method: 'old/b', params: undefined }]);
  });

  it('throws for a name that has not the prefix, and where there is none', () => {
    const server = createServer(legacy, {});
    expect(() => server.notifyLegacy(server.everyone, 'new/a')).toThrow(TypeError);
    expect(() => createServer(defineContract({}), {}).notifyLegacy(server.everyone as never, 'old/a')).toThrow(
      TypeError,
    );
  });
});

describe('diagnose', () => {
  it('adds to the diagnostics of the server', () => {
    const { server } = servePlain();
    const diagnostics = watch(server.diagnostics$);
    const told = { type: 'callbackFailed', method: 'store', error: 1 } as const;
    server.diagnose(told);
    expect(diagnostics.values).toEqual([told]);
  });
});
