import fc from 'fast-check';
import { EMPTY, NEVER, Observable, asyncScheduler, concat, map, of, throwError, timer } from 'rxjs';

import { isLagged } from '../../src/backpressure/index.js';
import { connect } from '../../src/client/index.js';
import { inProcessWires } from '../../src/in-process/index.js';
import { RpcError } from '../../src/protocol/index.js';
import type { Message, RequestId, Wire } from '../../src/protocol/index.js';
import { createServer } from '../../src/server/index.js';
import { fakeWire, run } from '../../src/testing/index.js';
import type { FakeWire } from '../../src/testing/index.js';
import {
  at,
  expectIdleClient,
  expectIdleServer,
  formal,
  formalHandlers,
  plain,
  plainHandlers,
  watch,
} from './support.js';
import type { Watch } from './support.js';

/** What is under test, and everything that was put on each wire while it was open. */
interface Link {
  readonly client: Wire;
  readonly server: Wire;
  readonly fromClient: readonly Message[];
  readonly fromServer: readonly Message[];
  /** Cuts the wire; sets and frees the server's sink. Both do nothing in process. */
  cut(): void;
  fill(): void;
  drain(): void;
}

/** Passes everything on and writes down what is sent. */
function overheard(wire: Wire, log: Message[]): Wire {
  let isOpen = true;
  wire.closed$.subscribe(() => {
    isOpen = false;
  });
  return {
    local: wire.local ?? false,
    inbound$: wire.inbound$,
    writable$: wire.writable$,
    closed$: wire.closed$,
    send(message) {
      if (isOpen) log.push(message);
      return wire.send(message);
    },
    close(info) {
      wire.close(info);
    },
    ...(wire.pause && {
      pause() {
        wire.pause?.();
      },
      resume() {
        wire.resume?.();
      },
    }),
  };
}

function local(): Link {
  const [client, server] = inProcessWires();
  const [fromClient, fromServer]: [Message[], Message[]] = [[], []];
  return {
    client: overheard(client, fromClient),
    server: overheard(server, fromServer),
    fromClient,
    fromServer,
    cut: () => undefined,
    fill: () => undefined,
    drain: () => undefined,
  };
}

/** Two ends that hear each other after some frames; the server's sink can be full. */
function remote(delay: number): Link {
  const [client, server] = [fakeWire(), fakeWire()];
  const join = (from: FakeWire, to: FakeWire): void => {
    from.sent$.subscribe((message) => {
      asyncScheduler.schedule(() => {
        to.receive(message);
      }, delay);
    });
    from.closed$.subscribe((info) => {
      asyncScheduler.schedule(() => {
        to.end(info);
      }, delay);
    });
  };
  join(client, server);
  join(server, client);
  return {
    client,
    server,
    fromClient: client.sent,
    fromServer: server.sent,
    cut: () => {
      client.end({ reason: 'cut', orderly: false });
      server.end({ reason: 'cut', orderly: false });
    },
    fill: () => {
      server.fill();
    },
    drain: () => {
      server.drain();
    },
  };
}

const frame = fc.integer({ min: 0, max: 40 });
const span = fc.integer({ min: 0, max: 20 });
const outcome = fc.constantFrom('value', 'several', 'throw', 'fail', 'empty', 'never', 'now');
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });

const requestOp = fc.record({
  kind: fc.constant('request' as const),
  at: frame,
  scope: maybe(fc.constantFrom('a', 'b')),
  shared: fc.boolean(),
  span,
  outcome,
  id: maybe(fc.constantFrom<RequestId>('x', 'y', 3)),
  giveUp: maybe(span),
  timeout: maybe(fc.integer({ min: 1, max: 25 })),
  nested: fc.boolean(),
});
const askOp = fc.record({
  kind: fc.constant('ask' as const),
  at: frame,
  span,
  outcome: fc.oneof(outcome, fc.constantFrom('invalid' as const, 'respondTwice' as const)),
  giveUp: maybe(span),
  timeout: maybe(fc.integer({ min: 1, max: 25 })),
});
const eventsOp = fc.record({ kind: fc.constant('events' as const), at: frame, count: fc.integer({ min: 1, max: 5 }) });
const sinkOp = fc.record({ kind: fc.constant('sink' as const), at: frame, full: fc.boolean() });
const end = fc.record({
  how: fc.constantFrom('none', 'none', 'clientShutdown', 'serverShutdown', 'cut'),
  at: frame,
  timeout: fc.integer({ min: 1, max: 30 }),
});
const limits = fc.record({
  requests: fc.integer({ min: 1, max: 3 }),
  concurrency: fc.integer({ min: 1, max: 3 }),
  inFlight: fc.integer({ min: 1, max: 8 }),
  serverRequests: fc.integer({ min: 1, max: 3 }),
});

function play(how: string, after: number): Observable<number> | number {
  if (how === 'now') return 1;
  if (how === 'throw') throw new RpcError(4711, 'thrown');
  const then: Record<string, Observable<number>> = {
    value: of(1),
    several: of(1, 2, 3),
    fail: throwError(() => new Error('failed')),
    empty: EMPTY,
    never: NEVER,
  };
  return after === 0 ? (then[how] ?? NEVER) : concat(timer(after).pipe(map(() => 0)), then[how] ?? NEVER);
}

const countBy = <T>(items: readonly T[]): Map<T, number> => {
  const counts = new Map<T, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
};
const requestIds = (messages: readonly Message[]) =>
  messages.flatMap((message) => ('method' in message && 'id' in message ? [message.id] : []));
const responseIds = (messages: readonly Message[]) =>
  messages.flatMap((message) => (!('method' in message) && message.id !== null ? [message.id] : []));
const resolvedIds = (messages: readonly Message[]) =>
  messages.flatMap((message) =>
    'method' in message && message.method === 'resolved' ? [(message.params as { id: RequestId }).id] : [],
  );

const scenario = fc.record({
  link: fc.oneof(fc.constant('local' as const), fc.integer({ min: 1, max: 3 })),
  ops: fc.array(fc.oneof({ weight: 4, arbitrary: requestOp }, { weight: 3, arbitrary: askOp }, eventsOp, sinkOp), {
    maxLength: 25,
    size: 'max',
  }),
  end,
  limits,
});

/** When what is left over is stopped, and the last frame at which anything of ours may happen. */
const STOP = 1_000;
const LAST = 1_100;

describe('A1 and S1: exactly one answer', () => {
  it('under delays, failures, cancels, duplicates, re-entrancy, full sinks and an end at any point', () => {
    fc.assert(
      fc.property(scenario, ({ link: where, ops, end: ending, limits: bounds }) => {
        run(({ flush }) => {
          const link = where === 'local' ? local() : remote(where);
          const work = ({ n }: { n: number }): Observable<number> | number => {
            const op = ops[n];
            return op?.kind === 'request' ? play(op.outcome, op.span) : n;
          };
          const server = createServer(plain, { ...plainHandlers, work, read: work }, { limits: bounds });
          const connection = server.attach(link.server);
          const client = connect(link.client, plain, { limits: bounds });
          const requests: { readonly answer: Watch<unknown>; gaveUp: boolean }[] = [];
          const asks: { readonly answer: Watch<unknown>; gaveUp: boolean }[] = [];

          client.handle('approve', ({ command }, { id }) => {
            const op = ops[Number(command)];
            if (op?.kind !== 'ask') throw new Error('no such question');
            if (op.outcome === 'invalid') return { decision: 'maybe' as 'accept' };
            if (op.outcome === 'respondTwice') {
              asyncScheduler.schedule(() => {
                client.respond(id, { decision: 'accept' });
                client.respond(id, { decision: 'decline' });
              }, op.span);
              return NEVER;
            }
            const played = play(op.outcome, op.span);
            const decided = { decision: 'accept' as const };
            return typeof played === 'number' ? decided : played.pipe(map(() => decided));
          });

          const keep = (list: typeof requests, giveUp: number | undefined, answer: Watch<unknown>): void => {
            const entry = { answer, gaveUp: false };
            list.push(entry);
            if (giveUp === undefined) return;
            asyncScheduler.schedule(() => {
              entry.gaveUp = answer.end === 'open';
              answer.unsubscribe();
            }, giveUp);
          };
          const inBounds = (): void => {
            const served = server.stats().requests;
            const made = client.stats().requests;
            expect(served.running).toBeLessThanOrEqual(bounds.concurrency);
            expect(served.waiting).toBeLessThanOrEqual(bounds.requests);
            expect(made.waiting).toBeLessThanOrEqual(bounds.requests);
            expect(made.inFlight).toBeLessThanOrEqual(bounds.inFlight);
            expect(client.stats().serverRequests.open).toBeLessThanOrEqual(bounds.serverRequests);
          };

          ops.forEach((op, index) => {
            at(op.at, () => {
              if (op.kind === 'request') {
                const { scope, id, timeout } = op;
                const answer = watch(
                  client.request(
                    op.shared ? 'read' : 'work',
                    { n: index, ...(scope !== undefined && { scope }) },
                    { ...(id !== undefined && { id }), ...(timeout !== undefined && { timeout }) },
                  ),
                  () => {
                    if (op.nested) keep(requests, undefined, watch(client.request('work', { n: -1 })));
                  },
                );
                keep(requests, op.giveUp, answer);
              } else if (op.kind === 'ask') {
                const options = op.timeout === undefined ? {} : { timeout: op.timeout };
                const answer = server.request(connection, 'approve', { command: `${index}` }, options);
                keep(asks, op.giveUp, watch(answer));
              } else if (op.kind === 'events') {
                for (let n = 0; n < op.count; n += 1) connection.notify('delta', { n });
              } else if (op.full) {
                link.fill();
              } else {
                link.drain();
              }
              inBounds();
            });
          });
          at(ending.at, () => {
            if (ending.how === 'clientShutdown') client.shutdown({ timeout: ending.timeout });
            if (ending.how === 'serverShutdown') server.shutdown({ timeout: ending.timeout });
            if (ending.how === 'cut') link.cut();
          });
          at(STOP - 100, () => {
            link.drain();
          });
          at(STOP, () => {
            server.shutdown({ timeout: 20 });
          });
          at(STOP + 50, () => {
            client.shutdown({ timeout: 20 });
          });
          flush();

          for (const { answer, gaveUp } of [...requests, ...asks]) {
            expect(answer.ends).toBe(gaveUp ? 0 : 1);
            expect(answer.values.length).toBe(answer.end === 'complete' ? 1 : 0);
          }
          const asked = countBy(requestIds(link.fromClient));
          const answered = countBy(responseIds(link.fromServer));
          const questioned = countBy(requestIds(link.fromServer));
          const replied = countBy(responseIds(link.fromClient));
          const resolved = countBy(resolvedIds(link.fromServer));
          for (const [id, count] of answered) expect(count).toBeLessThanOrEqual(asked.get(id) ?? 0);
          for (const [id, count] of replied) expect(count).toBeLessThanOrEqual(questioned.get(id) ?? 0);
          for (const [id, count] of resolved) expect(count).toBeLessThanOrEqual(questioned.get(id) ?? 0);
          if (ending.how === 'none' || (ending.how === 'cut' && where === 'local')) {
            expect(answered).toEqual(asked);
            expect(resolved).toEqual(questioned);
          }
          expectIdleClient(client);
          expectIdleServer(server);
          expect(server.stats().connections).toBe(0);
          expect(asyncScheduler.now()).toBeLessThanOrEqual(LAST);
        });
      }),
      { numRuns: 400 },
    );
  });
});

const eventOp = fc.record({
  at: frame,
  what: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom('delta' as const, 'done' as const) },
    fc.constantFrom('fill' as const, 'drain' as const),
  ),
  count: fc.integer({ min: 1, max: 4 }),
});
const foldedOp = fc.record({
  at: frame,
  what: fc.constantFrom(
    'delta' as const,
    'state' as const,
    'text' as const,
    'done' as const,
    'fill' as const,
    'drain' as const,
  ),
  key: fc.constantFrom('k', 'l'),
});

/** A server and a client that announced that it understands gaps, apart by some frames. */
function lagging(delay: number, serverEvents: number, clientEvents: number) {
  const link = remote(delay);
  const server = createServer(formal, formalHandlers, { limits: { events: serverEvents, losslessEvents: 1_000 } });
  const connection = server.attach(link.server);
  const client = connect(link.client, formal, {
    handshake: { capabilities: { lag: true } },
    limits: { events: clientEvents, losslessEvents: 1_000 },
  });
  return { link, server, connection, client };
}

describe('E2 conservation', () => {
  it('and position: each gap stands exactly where events are missing, whoever gave them up', () => {
    fc.assert(
      fc.property(
        fc.array(eventOp, { maxLength: 40, size: 'max' }),
        fc.record({
          delay: span,
          late: frame,
          server: fc.integer({ min: 1, max: 4 }),
          client: fc.integer({ min: 1, max: 4 }),
        }),
        (ops, { delay, late, server: serverEvents, client: clientEvents }) => {
          run(({ flush }) => {
            const { link, server, connection, client } = lagging(delay, serverEvents, clientEvents);
            let emitted = 0;
            let most = 0;
            const opened = 2 * delay + 1;
            for (const { at: when, what, count } of ops) {
              at(opened + when, () => {
                if (what === 'fill') link.fill();
                else if (what === 'drain') link.drain();
                else for (let n = 0; n < count; n += 1) connection.notify(what, { n: emitted++ });
                most = Math.max(most, server.stats().events.waiting);
              });
            }
            let events: Watch<unknown> | undefined;
            at(opened + late, () => {
              events = watch(client.events$);
            });
            at(500, () => {
              link.drain();
            });
            flush();

            let cursor = 0;
            for (const event of events?.values ?? []) {
              if (isLagged(event)) cursor += event.skipped;
              else expect((event as { params: { n: number } }).params.n).toBe(cursor++);
            }
            expect(cursor).toBe(emitted);
            const lossless = ops.reduce((sum, { what, count }) => sum + (what === 'done' ? count : 0), 0);
            expect(most).toBeLessThanOrEqual(serverEvents + lossless);
            const counts = client.stats().events;
            expect(counts.delivered + counts.skipped + counts.conflated).toBe(counts.emitted);
            expect(counts).toMatchObject({ emitted, waiting: 0 });
            expect(counts.peak).toBeLessThanOrEqual(clientEvents + lossless);
            expectIdleServer(server);
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('with events that are folded: seen + skipped + conflated = emitted', () => {
    fc.assert(
      fc.property(
        fc.array(foldedOp, { maxLength: 60, size: 'max' }),
        fc.integer({ min: 1, max: 4 }),
        frame,
        (ops, capacity, late) => {
          run(({ flush }) => {
            const { link, server, connection, client } = lagging(1, capacity, capacity);
            let emitted = 0;
            for (const { at: when, what, key } of ops) {
              at(10 + when, () => {
                if (what === 'fill') link.fill();
                else if (what === 'drain') link.drain();
                else {
                  const n = emitted++;
                  if (what === 'text') connection.notify('text', { item: key, text: `${n}` });
                  else if (what === 'state') connection.notify('state', { key, value: n });
                  else connection.notify(what, { n });
                }
              });
            }
            let events: Watch<unknown> | undefined;
            at(10 + late, () => {
              events = watch(client.events$);
            });
            at(500, () => {
              link.drain();
            });
            flush();

            const told = events?.values ?? [];
            const skipped = told.reduce<number>((sum, event) => sum + (isLagged(event) ? event.skipped : 0), 0);
            const seen = told.filter((event) => !isLagged(event)).length;
            const counts = client.stats().events;
            expect(counts.delivered + counts.skipped + counts.conflated).toBe(counts.emitted);
            expect(seen + skipped + counts.conflated + server.stats().events.conflated).toBe(emitted);
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('in process, when listeners cause more events than the buffer holds', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            method: fc.constantFrom('delta' as const, 'done' as const),
            burst: fc.integer({ min: 0, max: 12 }),
          }),
          {
            minLength: 1,
            maxLength: 20,
            size: 'max',
          },
        ),
        fc.integer({ min: 1, max: 5 }),
        (script, capacity) => {
          const [clientWire, serverWire] = inProcessWires();
          const server = createServer(plain, plainHandlers, { limits: { events: capacity, losslessEvents: 10_000 } });
          const connection = server.attach(serverWire);
          const client = connect(clientWire, plain, { limits: { events: capacity, losslessEvents: 10_000 } });
          let emitted = 0;
          let step = 0;
          const other = watch(client.events$);
          const events = watch(client.events$, () => {
            const next = script[step++];
            for (let n = 0; n < (next?.burst ?? 0); n += 1) connection.notify(next?.method ?? 'done', { n: emitted++ });
          });
          connection.notify('done', { n: emitted++ });
          let cursor = 0;
          for (const event of events.values) {
            if (isLagged(event)) cursor += event.skipped;
            else expect((event as { params: { n: number } }).params.n).toBe(cursor++);
          }
          expect(cursor).toBe(emitted);
          expect(other.values).toEqual(events.values);
          const counts = client.stats().events;
          expect(counts.delivered + counts.skipped + counts.conflated).toBe(counts.emitted);
          expect(counts).toMatchObject({ emitted, waiting: 0 });
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('C5 order', () => {
  it('one scope runs its requests in the order they were sent, exclusive ones alone', () => {
    const job = fc.record({
      at: frame,
      scope: fc.constantFrom('a', 'b'),
      shared: fc.boolean(),
      span,
      giveUp: maybe(span),
    });
    fc.assert(
      fc.property(
        fc.array(job, { maxLength: 30, size: 'max' }),
        fc.integer({ min: 1, max: 4 }),
        (jobs, concurrency) => {
          run(({ flush }) => {
            const [clientWire, serverWire] = inProcessWires();
            const sent: Record<string, number[]> = { a: [], b: [] };
            const started: Record<string, number[]> = { a: [], b: [] };
            const running = new Map<number, { readonly scope: string; readonly shared: boolean }>();
            const broken: string[] = [];
            const start =
              (shared: boolean) =>
              ({ n, scope = '' }: { n: number; scope?: string }): Observable<number> =>
                new Observable<number>((subscriber) => {
                  started[scope]?.push(n);
                  for (const [id, other] of running) {
                    if (other.scope === scope && !(other.shared && shared)) broken.push(`${n} beside ${id}`);
                  }
                  running.set(n, { scope, shared });
                  subscriber.add(() => running.delete(n));
                  if (running.size > concurrency) broken.push(`${running.size} at once`);
                  subscriber.add(
                    timer(jobs[n]?.span ?? 0).subscribe(() => {
                      running.delete(n);
                      subscriber.complete();
                    }),
                  );
                });
            const server = createServer(
              plain,
              { ...plainHandlers, work: start(false), read: start(true) },
              { limits: { concurrency, requests: 100 } },
            );
            server.attach(serverWire);
            const client = connect(clientWire, plain);
            const inTime = jobs.map((each, n) => ({ ...each, n })).sort((left, right) => left.at - right.at);
            for (const { at: when, scope, shared, giveUp, n } of inTime) {
              at(when, () => {
                sent[scope]?.push(n);
                const answer = watch(client.request(shared ? 'read' : 'work', { n, scope }));
                if (giveUp !== undefined) {
                  asyncScheduler.schedule(() => {
                    answer.unsubscribe();
                  }, giveUp);
                }
              });
            }
            flush();
            expect(broken).toEqual([]);
            for (const scope of ['a', 'b']) {
              const order = (started[scope] ?? []).map((n) => sent[scope]?.indexOf(n) ?? -1);
              expect(order).toEqual([...order].sort((left, right) => left - right));
            }
            expectIdleServer(server);
            expectIdleClient(client);
          });
        },
      ),
      { numRuns: 200 },
    );
  });
});
