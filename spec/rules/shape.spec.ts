import { NEVER, Subject, firstValueFrom, map } from 'rxjs';

import { startInProcess } from '../../src/in-process/index.js';
import { createServer } from '../../src/server/index.js';
import { fakeWire, run } from '../../src/testing/index.js';
import {
  connectPlain,
  expectIdleClient,
  expectIdleServer,
  hostPlain,
  idsOf,
  latest,
  named,
  plain,
  plainHandlers,
  servePlain,
  watch,
} from './support.js';

describe('section 3, a client s sink', () => {
  it('that is full takes one message; the next waits for room, in order', () => {
    const { client, wire } = connectPlain();
    wire.fill();
    for (const n of [1, 2, 3]) watch(client.request('work', { n }));
    expect(idsOf('work', wire.sent)).toEqual([0]);
    wire.drain();
    expect(idsOf('work', wire.sent)).toEqual([0, 1, 2]);
  });

  it('that is full lets what waits be given up', () => {
    const { client, wire } = connectPlain();
    wire.fill();
    watch(client.request('echo', 'taken'));
    const waiting = watch(client.request('echo', 'waiting'));
    waiting.unsubscribe();
    wire.drain();
    expect(wire.sent.filter((message) => 'params' in message && message.params === 'waiting').length).toBe(
      named('cancel', wire.sent).length,
    );
  });

  it('that is full delays an answer and loses none', () => {
    const { client, wire } = connectPlain();
    wire.fill();
    watch(client.request('echo', 'x'));
    wire.receive({ id: 'q', method: 'ask', params: 'well?' });
    client.respond('q', 'yes');
    wire.drain();
    expect(wire.sent).toContainEqual({ id: 'q', result: 'yes' });
    expect(client.openRequests()).toEqual([]);
  });

  it('decides what notify says', () => {
    const { client, wire } = connectPlain({ limits: { requests: 2 } });
    expect(client.notify('log', 'a')).toBe('sent');
    wire.fill();
    expect(client.notify('log', 'b')).toBe('sent');
    expect(client.notify('log', 'c')).toBe('queued');
    const said = [client.notify('log', 'd'), client.notify('log', 'e'), client.notify('log', 'f')];
    expect(said.at(-1)).toBe('full');
    wire.drain();
    const accepted = 3 + said.filter((word) => word === 'queued').length;
    expect(named('log', wire.sent)).toHaveLength(accepted);
    wire.end();
    expect(client.notify('log', 'g')).toBe('closed');
  });

  it('keeps notifications and requests in the order they were made', () => {
    const { client, wire } = connectPlain();
    wire.fill();
    client.notify('log', 'first');
    watch(client.request('echo', 'second'));
    client.notify('log', 'third');
    wire.drain();
    expect(wire.sent.map((message) => 'params' in message && message.params)).toEqual(['first', 'second', 'third']);
  });
});

describe('section 3, what a client tells of itself', () => {
  it('commands$ shows requests when they go out, and notifications', () => {
    const { client, wire } = connectPlain({ limits: { inFlight: 1 } });
    const commands = watch(client.commands$);
    watch(client.request('echo', 'x'));
    client.notify('log', 'z');
    watch(client.request('echo', 'y'));
    expect(commands.values).toEqual([
      { id: 0, method: 'echo', params: 'x' },
      { method: 'log', params: 'z' },
    ]);
    wire.receive({ id: 0, result: null });
    expect(commands.values).toHaveLength(3);
  });

  it('diagnostics$ replays the last 64', () => {
    const { client, wire } = connectPlain();
    for (let id = 0; id < 100; id += 1) wire.receive({ id, result: 'nobody asked' });
    const replayed = watch(client.diagnostics$).values;
    expect(replayed).toHaveLength(64);
    expect(replayed.at(0)).toMatchObject({ type: 'unmatchedResponse', id: 36 });
  });

  it('state$ and closed$ tell a late subscriber how it ended', () => {
    const { client, wire } = connectPlain();
    wire.end({ reason: 'gone', orderly: false });
    expect(watch(client.state$)).toMatchObject({ values: [{ type: 'closed', reason: 'gone' }], end: 'complete' });
    expect(watch(client.closed$)).toMatchObject({ values: [{ reason: 'gone', orderly: false }], end: 'complete' });
  });

  it('streams are observables, not subjects', () => {
    const { client, server } = hostPlain();
    const streams = [
      client.events$,
      client.state$,
      client.closed$,
      client.diagnostics$,
      client.commands$,
      client.ready$,
    ];
    for (const stream of [...streams, client.serverRequests$, server.connections$, server.diagnostics$]) {
      expect('next' in stream).toBe(false);
    }
  });

  it('capacity is short for requests, events and serverRequests', () => {
    const { client, wire } = connectPlain({ capacity: 2, limits: { inFlight: 1 } });
    const answers = [0, 1, 2, 3].map((n) => watch(client.request('work', { n })));
    expect(answers.map(({ end }) => end)).toEqual(['open', 'open', 'open', 'error']);
    for (const id of [1, 2, 3]) wire.receive({ id, method: 'ask', params: 'well?' });
    expect(client.openRequests()).toHaveLength(2);
    for (const n of [1, 2, 3]) wire.receive({ method: 'delta', params: { n } });
    expect(watch(client.notifications('delta')).values).toMatchObject([
      { n: 1 },
      { n: 2 },
      { type: 'lagged', skipped: 1 },
    ]);
  });
});

describe('section 3, what a server tells of itself', () => {
  it('connections$ emits at once and on every change; ids count from 0', () => {
    const server = createServer(plain, plainHandlers);
    const counts = watch(server.connections$.pipe(map((connections) => connections.map(({ id }) => id))));
    const wires = [fakeWire(), fakeWire()];
    for (const wire of wires) server.attach(wire);
    wires[0]?.end();
    expect(counts.values).toEqual([[], [0], [0, 1], [1]]);
  });

  it('stats count what runs, waits and was answered', () => {
    const job = new Subject<number>();
    const { server, wire } = servePlain({ work: () => job }, { limits: { concurrency: 1 } });
    for (const id of [1, 2]) wire.receive({ id, method: 'work', params: { n: id } });
    expect(server.stats()).toMatchObject({ connections: 1, requests: { running: 1, waiting: 1, answered: 0 } });
    job.complete();
    expect(server.stats()).toMatchObject({ requests: { running: 0, waiting: 0, answered: 2 } });
  });

  it('a wire that is attached after the shutdown is closed, not left hanging', () => {
    const { server } = servePlain();
    watch(server.shutdown());
    const late = fakeWire();
    try {
      server.attach(late);
    } catch {
      return;
    }
    expect(late.closedWith).toBeDefined();
  });
});

describe('section 3, a handler s context', () => {
  it('asks the client in the middle of a request: an approval in a turn', () => {
    const { server, client } = hostPlain({
      work: ({ n }, context) =>
        context.request('approve', { command: `${n}` }).pipe(map(({ decision }) => (decision === 'accept' ? n : -n))),
    });
    client.handle('approve', ({ command }) => ({
      decision: command === '1' ? ('accept' as const) : ('decline' as const),
    }));
    expect(watch(client.request('work', { n: 1, scope: 'a' })).values).toEqual([1]);
    expect(watch(client.request('work', { n: 2, scope: 'a' })).values).toEqual([-2]);
    expectIdleServer(server);
    expectIdleClient(client);
  });

  it('and a cancel of that request takes the question back', () => {
    const { server, client } = hostPlain({
      work: (_, context) => context.request('approve', { command: 'ls' }).pipe(map(() => 1)),
    });
    const turn = watch(client.request('work', { n: 1 }));
    expect(client.openRequests()).toHaveLength(1);
    turn.unsubscribe();
    expect(client.openRequests()).toEqual([]);
    expectIdleServer(server);
    expectIdleClient(client);
  });

  it('works with a promise as well', async () => {
    const { client } = hostPlain({
      work: async (_, context) => ((await firstValueFrom(context.request('ask', 'well?'))) === 'yes' ? 1 : 0),
    });
    client.handle('ask', () => 'yes');
    await expect(client.call('work', { n: 0 })).resolves.toBe(1);
  });

  it('says closed when the connection is', () => {
    let say: (() => string) | undefined;
    const { wire } = servePlain({
      work: (_, context) => {
        say = () => context.notify('done', { n: 1 });
        return NEVER;
      },
    });
    wire.receive({ id: 1, method: 'work', params: { n: 1 } });
    expect(say?.()).toBe('sent');
    wire.end();
    expect(say?.()).toBe('closed');
  });
});

describe('section 5, isolation in process', () => {
  const start = (isolation: 'none' | 'freeze' | 'json') => {
    let seen: unknown;
    const server = createServer(plain, {
      ...plainHandlers,
      echo: (params) => {
        seen = params;
        return params;
      },
    });
    const client = startInProcess(server, { isolation });
    return { client, seen: () => seen };
  };

  it('none passes the same object', () => {
    const { client, seen } = start('none');
    const params = { list: [1] };
    watch(client.request('echo', params));
    expect(seen()).toBe(params);
    expect(Object.isFrozen(params)).toBe(false);
  });

  it('freeze makes a change by either side fail', () => {
    const { client, seen } = start('freeze');
    watch(client.request('echo', { list: [1], when: new Date(0) }));
    const got = seen() as { list: number[]; when: Date };
    expect(() => got.list.push(2)).toThrow(TypeError);
    expect(got.when).toBeInstanceOf(Date);
  });

  it('json gives each side its own', () => {
    const { client, seen } = start('json');
    const params = { list: [1] };
    const answer = watch(client.request('echo', params));
    expect(seen()).toEqual(params);
    expect(seen()).not.toBe(params);
    expect(answer.values).toEqual([params]);
    expect(answer.values[0]).not.toBe(seen());
  });
});

describe('the end from inside', () => {
  it('of an answer, an event or a question ends everything once', () => {
    const ends = {
      client: (world: ReturnType<typeof hostPlain>) => void world.client.shutdown(),
      server: (world: ReturnType<typeof hostPlain>) => void world.server.shutdown(),
      connection: (world: ReturnType<typeof hostPlain>) => {
        world.connection.close('enough');
      },
    };
    for (const [who, end] of Object.entries(ends)) {
      for (const where of ['answer', 'event', 'question', 'handler'] as const) {
        run(({ flush }) => {
          const world: ReturnType<typeof hostPlain> = hostPlain({
            work: ({ n }) => {
              if (where === 'handler' && n === 2) end(world);
              return n === 4 ? NEVER : n;
            },
          });
          const { client, server, connection } = world;
          if (where === 'event')
            client.notifications('done').subscribe(() => {
              end(world);
            });
          if (where === 'question')
            client.serverRequests$.subscribe(() => {
              end(world);
            });
          const open = watch(client.request('work', { n: 4 }));
          const answers = [1, 2, 3].map((n) =>
            watch(client.request('work', { n }), () => {
              if (where === 'answer' && n === 2) end(world);
            }),
          );
          connection.notify('done', { n: 1 });
          const question = watch(server.request(connection, 'approve', { command: 'ls' }));
          const events = watch(client.events$);
          flush();
          const told = { who, where, ends: [open, ...answers, question, events].map((each) => each.ends) };
          expect(told).toEqual({ who, where, ends: [1, 1, 1, 1, 1, 1] });
          expectIdleClient(client);
          expectIdleServer(server);
          expect(latest(server.connections$) ?? []).toEqual([]);
        });
      }
    }
  });
});
