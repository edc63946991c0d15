import { asyncScheduler, Observable, of, Subject, type Subscription, VirtualTimeScheduler } from 'rxjs';

import { type Client, type ClientOptions, connect } from '../../src/client/index.js';
import { reconnecting } from '../../src/transports/index.js';
import { inProcessWires } from '../../src/in-process/index.js';
import type { Message, RequestId, RequestMessage, Wire } from '../../src/protocol/index.js';
import { plain, type Plain } from '../rules/support.js';
import { endlessWire } from './endless-wire.js';
import { countHeld, stillHeld, type Watch } from './still-held.js';

/** A client, and the far end of its wire. Nothing here keeps what was sent. */
interface Pair {
  readonly client: Client<Plain>;
  readonly far: Wire;
  /** The id of the request that was sent last. */
  lastId(): RequestId;
}

function pairOf(options: ClientOptions<Plain> = {}): Pair {
  const [near, far] = inProcessWires();
  let last: RequestId = -1;
  far.inbound$.subscribe((message) => {
    if ('method' in message && 'id' in message) last = message.id;
  });
  const client = connect(near, plain, { scheduler: new VirtualTimeScheduler(), ...options });
  return { client, far, lastId: () => last };
}

/** An observer that can be seen to be let go. */
function observerOf(watch: Watch, name = 'observer'): { next(): void; error(): void } {
  return watch(name, { next: () => undefined, error: () => undefined });
}

function question(id: RequestId, params: object): RequestMessage {
  return { id, method: 'approve', params };
}

describe('A1, C6: a request that is over, while its client goes on', () => {
  const ends: Readonly<Record<string, (pair: Pair, watch: Watch) => unknown>> = {
    answered: ({ client, far, lastId }, watch) => {
      const subscription = client.request('echo', watch('params', {})).subscribe(observerOf(watch));
      far.send({ id: lastId(), result: watch('result', {}) });
      return subscription;
    },
    'answered with its place': ({ client, far, lastId }, watch) => {
      const subscription = client.exchange('echo', watch('params', {})).subscribe(observerOf(watch));
      far.send({ id: lastId(), result: watch('result', {}) });
      return subscription;
    },
    'refused by the server': ({ client, far, lastId }, watch) => {
      const subscription = client.request('echo', watch('params', {})).subscribe(observerOf(watch));
      far.send({ id: lastId(), error: { code: -32_603, message: 'no', data: watch('data', {}) } });
      return subscription;
    },
    'given up, and answered late': ({ client, far, lastId }, watch) => {
      const subscription = client.request('echo', watch('params', {})).subscribe(observerOf(watch));
      subscription.unsubscribe();
      far.send({ id: lastId(), result: watch('result', {}) });
      return subscription;
    },
    'given up in the line': ({ client }, watch) => {
      const first = client.request('echo').subscribe();
      const subscription = client.request('echo', watch('params', {})).subscribe(observerOf(watch));
      subscription.unsubscribe();
      return [first, subscription];
    },
    'refused, since the line is full': ({ client }, watch) => {
      const before = [client.request('echo').subscribe(), client.request('echo').subscribe()];
      const subscription = client.request('echo', watch('params', {})).subscribe(observerOf(watch));
      return [before, subscription];
    },
  };

  it.each(Object.keys(ends))('%s: holds neither its observer nor what was said', async (name) => {
    const found = await stillHeld((watch) => {
      const pair = pairOf({ limits: { inFlight: 1, requests: 1 } });
      return [pair, ends[name]?.(pair, watch)];
    });
    expect(found).toEqual({});
  });

  it('given up and never answered: the observer goes at once, the rest with cancelHold', async () => {
    const scheduler = new VirtualTimeScheduler();
    const found = await stillHeld((watch) => {
      const pair = pairOf({ scheduler });
      pair.client.request('echo', {}).subscribe(observerOf(watch)).unsubscribe();
      return pair;
    });
    expect(found).toEqual({});

    const later = await stillHeld((watch) => {
      const pair = pairOf({ scheduler });
      pair.client.request('echo', watch('params', {})).subscribe().unsubscribe();
      scheduler.flush();
      return pair;
    });
    expect(later).toEqual({});
  });

  it('timed out: the same', async () => {
    const scheduler = new VirtualTimeScheduler();
    const found = await stillHeld((watch) => {
      const pair = pairOf({ scheduler, timeout: 10 });
      pair.client.request('echo', watch('params', {})).subscribe(observerOf(watch));
      scheduler.flush();
      return pair;
    });
    expect(found).toEqual({});
  });

  it.each(['answered', 'aborted'])('awaited and %s: a signal that lives on holds nothing of it', async (end) => {
    const forever = new AbortController();
    const found = await stillHeld(async (watch) => {
      const { client, far, lastId } = watch('pair', pairOf());
      const own = new AbortController();
      const signal = end === 'aborted' ? own.signal : forever.signal;
      const promise = client.call('echo', watch('params', {}), { signal });
      if (end === 'aborted') own.abort();
      // Late if it was given up.
      far.send({ id: lastId(), result: watch('result', {}) });
      await promise.catch(() => undefined);
      return signal;
    });
    expect(found).toEqual({});
  });
});

describe('E4, E5: a view that was left, while its client goes on', () => {
  const views: Readonly<Record<string, (client: Client<Plain>, observer: { next(): void }) => Subscription>> = {
    'all events': (client, observer) => client.events$.subscribe(observer),
    'one scope': (client, observer) => client.scoped('a').subscribe(observer),
    'one method': (client, observer) => client.notifications('done').subscribe(observer),
    'server requests': (client, observer) => client.serverRequests$.subscribe(observer),
    commands: (client, observer) => client.commands$.subscribe(observer),
    state: (client, observer) => client.state$.subscribe(observer),
    'the end': (client, observer) => client.closed$.subscribe(observer),
    diagnostics: (client, observer) => client.diagnostics$.subscribe(observer),
  };

  it.each(Object.entries(views))('%s: its observer is let go', async (_, subscribe) => {
    const found = await stillHeld((watch) => {
      const pair = pairOf();
      const subscription = watch('subscription', subscribe(pair.client, observerOf(watch)));
      pair.client.request('echo').subscribe();
      pair.far.send({ method: 'done', params: { n: 1, scope: 'a' } });
      subscription.unsubscribe();
      return pair;
    });
    expect(found).toEqual({});
  });

  it('holds no event it has delivered, neither at once nor out of the backlog nor after waiting its turn', async () => {
    const found = await stillHeld((watch) => {
      const { client, far } = pairOf();
      far.send({ method: 'done', params: watch('from the backlog', { n: 1 }) });
      const subscription = client.events$.subscribe((event) => {
        if ('params' in event && (event.params as { n: number }).n !== 2) return;
        far.send({ method: 'delta', params: watch('waited', { n: 3 }) });
        far.send({ method: 'done', params: watch('waited', { n: 3 }) });
      });
      far.send({ method: 'done', params: watch('at once', { n: 2 }) });
      return [client, far, subscription];
    });
    expect(found).toEqual({});
  });

  it('holds no answer that waited until a delivery was over', async () => {
    const found = await stillHeld((watch) => {
      const { client, far, lastId } = pairOf();
      client.request('echo').subscribe(observerOf(watch));
      const subscription = client.events$.subscribe(() => {
        far.send({ id: lastId(), result: watch('result', {}) });
      });
      far.send({ method: 'done', params: { n: 1 } });
      return [client, far, subscription];
    });
    expect(found).toEqual({});
  });

  it('holds no event that its backlog has given up', async () => {
    const found = await stillHeld((watch) => {
      const { client, far } = pairOf({ limits: { events: 1 } });
      far.send({ method: 'delta', params: { n: 1 } });
      far.send({ method: 'delta', params: watch('given up', { n: 2 }) });
      return [client, far];
    });
    expect(found).toEqual({});
  });
});

describe('S1, S2: a question that is settled, while its client goes on', () => {
  const answers: Readonly<Record<string, (pair: Pair) => unknown>> = {
    'answered by id': ({ client }) => client.respond(7, { decision: 'accept' }),
    'failed by id': ({ client }) => client.fail(7, new Error('no')),
    'answered by a handler': ({ client }) => client.handle('approve', () => ({ decision: 'accept' as const })),
    'withdrawn by the server': ({ far }) => far.send({ method: 'resolved', params: { id: 7 } }),
  };

  it.each(Object.keys(answers))('%s: holds no params', async (name) => {
    const found = await stillHeld((watch) => {
      const pair = pairOf();
      const looking = pair.client.serverRequests$.subscribe();
      const listening = pair.client.events$.subscribe();
      pair.far.send(question(7, watch('params', { command: 'ls' })));
      return [pair, looking, listening, answers[name]?.(pair)];
    });
    expect(found).toEqual({});
  });

  it('holds neither the handler that was taken back nor the work it had begun', async () => {
    const never$ = new Subject<never>();
    const found = await stillHeld((watch) => {
      const pair = pairOf();
      const handler = watch('handler', (_: unknown, context: object) => {
        watch('context', context);
        return never$;
      });
      const handling = pair.client.handle('approve', handler);
      pair.far.send(question(7, { command: 'ls' }));
      handling.unsubscribe();
      return [pair, handling];
    });
    expect(found).toEqual({});
    expect(never$.observed).toBe(false);
  });
});

describe('diagnostics$', () => {
  it('replays 64, and holds no more than that', async () => {
    const { client, far } = pairOf();
    const rounds = await countHeld((watch) => {
      for (let i = 0; i < 4; i += 1)
        far.send({ malformed: watch(`error ${i}`, new Error('bad')) } as unknown as Message);
    });
    const error = Object.values(rounds).reduce((sum, held) => sum + held);
    expect(error).toBeGreaterThanOrEqual(64);
    expect(error).toBeLessThanOrEqual(66);
    client.shutdown();
  });
});

/** Uses everything a client has, and leaves all of it in use. */
function useAll({ client, far, lastId }: Pair, watch: Watch, signal: AbortSignal): void {
  far.send({ method: 'delta', params: { n: 1 } });
  far.send({ malformed: new Error('bad') } as unknown as Message);
  client.request('echo').subscribe(observerOf(watch, 'answered'));
  far.send({ id: lastId(), result: {} });
  client.request('echo').subscribe(observerOf(watch, 'given up')).unsubscribe();
  for (const name of ['state$', 'ready$', 'closed$', 'commands$', 'diagnostics$'] as const) {
    client[name].subscribe(observerOf(watch, name));
  }
  far.send(question(7, watch('question', { command: 'ls' })));
  far.send(question(8, watch('question', { command: 'ls' })));
  client.serverRequests$.subscribe(observerOf(watch, 'serverRequests$'));
  client.handle(
    'approve',
    watch('handler', () => new Subject<never>()),
  );
  client.events$.subscribe(observerOf(watch, 'events$'));
  client.scoped('a').subscribe(observerOf(watch, 'scoped'));
  client.notifications('delta').subscribe(observerOf(watch, 'notifications'));
  client.request('echo', watch('params', {}), { timeout: 60_000 }).subscribe(observerOf(watch, 'sent'));
  client.request('echo', watch('params', {})).subscribe(observerOf(watch, 'waiting'));
  client.call('echo', watch('params', {}), { signal }).catch(watch('caught', () => undefined));
  client.notify('log', 'queued');
}

describe('D1, D2: a client that has ended', () => {
  const endings: Readonly<Record<string, (pair: Pair) => unknown>> = {
    'by its own shutdown': ({ client }) => client.shutdown({ timeout: 0 }),
    'since the other side hung up': ({ far }) => far.close({ reason: 'gone', orderly: true }),
    'since the wire broke': ({ far }) => far.close({ reason: 'broken', orderly: false, error: new Error('EPIPE') }),
  };
  const options = { limits: { inFlight: 2 } };

  it.each(Object.keys(endings))('%s, and is kept: it has let go of everybody who listened', async (name) => {
    const scheduler = new VirtualTimeScheduler();
    const forever = new AbortController();
    const found = await stillHeld(async (watch) => {
      const pair = pairOf({ ...options, scheduler });
      useAll(pair, watch, forever.signal);
      const report$ = endings[name]?.(pair);
      scheduler.flush();
      await Promise.resolve();
      return [pair.client, report$];
    });
    expect(found).toEqual({});
  });

  it.each(Object.keys(endings))('%s: neither clock nor signal nor wire hold it', async (name) => {
    const forever = new AbortController();
    const found = await stillHeld(async (watch) => {
      const pair = pairOf({ ...options, scheduler: asyncScheduler });
      watch('client', pair.client);
      useAll(pair, watch, forever.signal);
      endings[name]?.(pair);
      if (name === 'by its own shutdown') await new Promise((resolve) => pair.client.closed$.subscribe(resolve));
      return pair.far;
    });
    expect(found).toEqual({});
  });

  it('is not held by a closed wire whose streams go on', async () => {
    const found = await stillHeld((watch) => {
      const wire = endlessWire();
      watch('client', connect(wire, plain)).shutdown();
      return wire;
    });
    expect(found).toEqual({});
  });
});

describe('D3: a wire that was lost, while its client goes on over the next one', () => {
  it('is let go, with the requests it owed an answer and the rejoin it was lost in', async () => {
    const forever = new Subject<never>();
    let far: Wire | undefined;
    let watching: Watch = (_name, object) => object;
    const source = reconnecting(
      () => {
        const [near, other] = inProcessWires();
        far = watching('far end', other);
        return watching('wire', near);
      },
      { delay: () => of(1), random: () => 0 },
    );
    const client = connect(source, plain, {
      scheduler: new VirtualTimeScheduler(),
      rejoin: (session) => {
        session.request('echo', 'lost').subscribe(observerOf(watching, 'request of rejoin'));
        return new Observable((subscriber) => forever.subscribe(watching('rejoin', subscriber)));
      },
    });
    client.events$.subscribe();
    client.serverRequests$.subscribe();
    const held = await stillHeld((watch) => {
      watching = watch;
      far?.close({ reason: 'cut', orderly: false });
    });
    expect(held).toEqual({});
    client.shutdown();
  });
});
