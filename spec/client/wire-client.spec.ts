import type { Message } from '../../src/protocol/index.js';
import { connect } from '../../src/client/index.js';
import { fakeWire, run, scriptedServer } from '../../src/testing/index.js';
import { at, connectPlain, formal, latest, named, plain, watch } from '../rules/support.js';
import { insideDelivery } from './inside-delivery.js';

const hello: Message = { id: 0, result: { name: 'formal' } };

describe('WireClient', () => {
  describe('H1 the handshake', () => {
    it('opens the session: initialized first, then what waits; ready$ and state$ tell', () => {
      run(({ cold, expectObservable }) => {
        const wire = fakeWire({ inbound$: cold('--h', { h: hello }) });
        const client = connect(wire, formal, { handshake: { capabilities: { lag: true } } });
        watch(client.request('echo', 'x'));
        client.notify('log', 'y');
        expectObservable(client.ready$).toBe('  --(h|)', { h: { name: 'formal' } });
        expectObservable(client.state$).toBe('  c-r', { c: { type: 'connecting' }, r: { type: 'ready' } });
        expectObservable(wire.sent$).toBe('     i-(der)', {
          i: { id: 0, method: 'initialize', params: { capabilities: { lag: true } } },
          d: { method: 'initialized' },
          e: { id: 1, method: 'echo', params: 'x' },
          r: { method: 'log', params: 'y' },
        });
      });
    });

    it('that is refused ends all with the server s words, and the wire with a reason', () => {
      const wire = fakeWire();
      const client = connect(wire, formal);
      const waiting = watch(client.request('echo', 'x'));
      const events = watch(client.events$);
      wire.receive({ id: 0, error: { code: -32000, message: 'not you', data: 1 } });
      expect(waiting.error).toMatchObject({ name: 'RpcError', code: -32000, data: 1, method: 'echo' });
      expect(watch(client.ready$).error).toMatchObject({ name: 'RpcError', message: 'not you', method: 'initialize' });
      expect(events.error).toMatchObject({ name: 'TransportError', message: 'handshake failed: not you' });
      expect(wire.closedWith).toMatchObject({ reason: 'handshake failed: not you', orderly: false });
      expect(named('initialized', wire.sent)).toEqual([]);
    });

    it('that takes too long fails the same way; what waited names the cause', () => {
      run(({ flush }) => {
        const wire = fakeWire();
        const client = connect(wire, formal, { timeout: 10 });
        const waiting = watch(client.request('echo', 'x', { timeout: 1_000 }));
        flush();
        expect(latest(client.closed$)).toMatchObject({ reason: 'handshake failed: initialize: no answer in time' });
        expect(waiting.error).toMatchObject({ reason: 'closed', cause: { reason: 'timeout', method: 'initialize' } });
        expect(client.stats().requests).toMatchObject({ inFlight: 0, waiting: 0 });
      });
    });

    it('is not made for a contract without one', () => {
      const { client, wire } = connectPlain();
      expect(wire.sent).toEqual([]);
      expect(watch(client.ready$)).toMatchObject({ values: [undefined], end: 'complete' });
    });

    it('sends no notification where the contract has none', () => {
      const wire = fakeWire();
      connect(wire, { ...formal, handshake: { request: 'initialize' } });
      wire.receive(hello);
      expect(wire.sent).toHaveLength(1);
    });

    it('that a shutdown cuts short ends for the shutdown s reason', () => {
      run(({ expectObservable }) => {
        const wire = fakeWire();
        const client = connect(wire, formal);
        client.shutdown({ timeout: 3 });
        expectObservable(client.closed$).toBe('---(c|)', { c: { reason: 'shutdown', orderly: true } });
      });
    });

    it('that is answered before the end, and whose answer is delivered after it, never becomes ready', () => {
      const wire = fakeWire();
      const client = connect(wire, formal);
      const states = watch(client.state$);
      wire.receive({ method: 'done', params: { n: 1 } });
      client.events$.subscribe(() => {
        wire.receive(hello);
        wire.end();
      });
      expect(states.values.map(({ type }) => type)).toEqual(['connecting', 'closed']);
      expect(watch(client.ready$)).toMatchObject({ values: [], end: 'error' });
    });

    it('that ends inside the delivery of its answer never becomes ready', () => {
      const wire = fakeWire();
      const client = connect(wire, formal, {
        listen: ({ events$ }) => {
          events$.subscribe(() => {
            wire.receive(hello);
            wire.end();
          });
        },
      });
      const states = watch(client.state$);
      wire.receive({ method: 'done', params: { n: 1 } });
      expect(states.values.map(({ type }) => type)).toEqual(['connecting', 'closed']);
    });
  });

  describe('its limits', () => {
    it('C4 differ where both ends share a process: no bound on the wire there', () => {
      const send = (local: boolean): number => {
        const { client, wire } = connectPlain({}, { local });
        for (let n = 0; n < 100; n += 1) watch(client.request('echo', n));
        return wire.sent.length;
      };
      expect([send(false), send(true)]).toEqual([64, 100]);
    });

    it('C10 so does validation', () => {
      const result = (local: boolean): string => {
        const { client, wire } = connectPlain({}, { local });
        const sum = watch(client.request('add', { a: 1, b: 2 }));
        wire.receive({ id: 0, result: 'three' });
        return sum.end;
      };
      expect([result(false), result(true)]).toEqual(['error', 'complete']);
    });
  });

  describe('E3 a listener that causes events faster than it takes them', () => {
    it('ends the connection with a reason both ends see, after what it was still owed', () => {
      const set = connectPlain({ limits: { losslessEvents: 2 } });
      const { client, wire } = set;
      const seen: unknown[] = [];
      const [found, states] = [watch(client.diagnostics$), watch(client.state$)];
      insideDelivery(set, () => {
        client.notifications('done').subscribe({ next: ({ n }) => seen.push(n), error: () => seen.push('#') });
        for (let n = 1; n <= 4; n += 1) wire.receive({ method: 'done', params: { n } });
      });
      expect(seen).toEqual([1, 2, '#']);
      expect(found.values).toEqual([{ type: 'budgetExceeded', budget: 'losslessEvents' }]);
      expect(wire.closedWith).toEqual({ reason: 'slow-consumer', orderly: false });
      expect(states.values.at(-1)).toEqual({ type: 'closed', reason: 'slow-consumer' });
    });
  });

  describe('D3 the end of the wire', () => {
    it('ends each stream exactly once', () => {
      run(({ cold, expectObservable }) => {
        const { client, wire } = connectPlain();
        cold('                                  --x').subscribe(() => wire.end({ reason: 'gone' }));
        const c = { reason: 'gone', orderly: true };
        const closed = { type: 'closed', reason: 'gone' };
        expectObservable(client.events$).toBe('       --|');
        expectObservable(client.scoped('a')).toBe('   --|');
        expectObservable(client.serverRequests$).toBe('--|');
        expectObservable(client.commands$).toBe('     --|');
        expectObservable(client.diagnostics$).toBe('  --|');
        expectObservable(client.closed$).toBe('       --(c|)', { c });
        expectObservable(client.state$).toBe('        r-(x|)', { r: { type: 'ready' }, x: closed });
      });
    });

    it('by a broken pipe errors events with its cause, and requests with it too', () => {
      const { client, wire } = connectPlain();
      const [events, request] = [watch(client.events$), watch(client.request('echo', 'x'))];
      const error = new Error('EPIPE');
      wire.end({ reason: 'broken pipe', orderly: false, error });
      for (const seen of [events, request]) {
        expect(seen).toMatchObject({ ends: 1, error: { reason: 'closed', cause: error } });
      }
      expect(events.error).toMatchObject({ message: 'broken pipe' });
      expect(request.error).toMatchObject({ message: 'echo: broken pipe', method: 'echo' });
    });

    it('is heard by requests before the questions and the events are over, and by state$ last', () => {
      const { client, wire } = connectPlain();
      const order: string[] = [];
      const note = (what: string) => (): unknown => order.push(what);
      client.closed$.subscribe(note('closed$'));
      client.state$.subscribe({ complete: note('state$') });
      client.events$.subscribe({ complete: note('events$') });
      client.serverRequests$.subscribe({ complete: note('serverRequests$') });
      client.request('echo', 'x').subscribe({ error: note('request') });
      wire.end();
      expect(order).toEqual(['request', 'serverRequests$', 'events$', 'state$', 'closed$']);
    });

    it('is the first one, though another comes before what was received is delivered', () => {
      const set = connectPlain();
      insideDelivery(set, () => {
        set.wire.end({ reason: 'peer exited', orderly: false });
        set.client.shutdown();
      });
      expect(latest(set.client.closed$)).toEqual({ reason: 'peer exited', orderly: false });
    });

    it('without a cause gives its error none', () => {
      const { client, wire } = connectPlain();
      const events = watch(client.events$);
      wire.end({ orderly: false });
      expect(events.error).toMatchObject({ name: 'TransportError' });
      expect('cause' in (events.error as object)).toBe(false);
    });

    it('leaves no deadline behind', () => {
      run(({ flush }) => {
        const { client, wire } = connectPlain({ timeout: 1_000 });
        const seen = watch(client.request('echo', 'x'));
        watch(client.request('echo', 'y')).unsubscribe();
        at(1, () => wire.end());
        flush();
        expect(seen).toMatchObject({ ends: 1, error: { reason: 'closed' } });
        expect(wire.sent).toHaveLength(3);
      });
    });
  });

  describe('what it tells of itself', () => {
    it('stats are counts of now and of all time', () => {
      const { client, wire } = connectPlain({ limits: { inFlight: 1 } });
      for (const n of [0, 1]) watch(client.request('echo', n));
      wire.receive({ id: 'q', method: 'ask', params: 'well?' }, { method: 'done', params: { n: 1 } });
      expect(client.stats()).toEqual({
        seq: 2,
        requests: { inFlight: 1, waiting: 1, sent: 1, answered: 0 },
        events: { emitted: 2, delivered: 0, skipped: 0, conflated: 0, waiting: 2, peak: 2 },
        serverRequests: { open: 1, settled: 0 },
        reconnects: 0,
      });
      wire.receive({ id: 0, result: 0 }, { id: 1, result: 1 });
      client.respond('q', 'yes');
      watch(client.events$);
      expect(client.stats()).toEqual({
        seq: 4,
        requests: { inFlight: 0, waiting: 0, sent: 2, answered: 2 },
        events: { emitted: 2, delivered: 2, skipped: 0, conflated: 0, waiting: 0, peak: 2 },
        serverRequests: { open: 0, settled: 1 },
        reconnects: 0,
      });
    });

    it('commands$ shows cancels as well, and nothing that waits', () => {
      const { client, wire } = connectPlain({ limits: { inFlight: 1 } });
      const seen = watch(client.commands$);
      const first = watch(client.request('echo', 'x'));
      watch(client.request('echo', 'y')).unsubscribe();
      first.unsubscribe();
      expect(seen.values).toEqual([
        { id: 0, method: 'echo', params: 'x' },
        { method: 'cancel', params: { id: 0 } },
      ]);
      wire.end();
    });

    it('scoped and notifications are views of what events$ shows', () => {
      const server = scriptedServer(plain);
      const client = connect(server.wire, plain);
      const [all, scoped, done] = [
        watch(client.events$),
        watch(client.scoped('a')),
        watch(client.notifications('done')),
      ];
      server.notify('done', { n: 1, scope: 'a' });
      server.notify('done', { n: 2, scope: 'b' });
      server.wire.receive({ method: '$/lagged', params: { skipped: 2 } });
      expect(all.values).toHaveLength(3);
      expect(scoped.values).toEqual([all.values[0], all.values[2]]);
      expect(done.values).toEqual([
        { n: 1, scope: 'a' },
        { n: 2, scope: 'b' },
      ]);
    });
  });

  it('sends without the member what has no params', () => {
    const wire = fakeWire();
    const client = connect(wire, { ...formal, handshake: { request: 'initialize' } });
    wire.receive(hello);
    client.notify('initialized');
    expect(wire.sent.at(-1)).toStrictEqual({ method: 'initialized' });
    watch(client.request('echo', undefined));
    expect(wire.sent.at(-1)).toStrictEqual({ id: 1, method: 'echo' });
  });
});
