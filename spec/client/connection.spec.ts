import { catchError, filter, NEVER, retry, throwError, VirtualTimeScheduler } from 'rxjs';

import { resyncOnLag } from '../../src/backpressure/index.js';
import { connect } from '../../src/client/index.js';
import type { Message } from '../../src/protocol/index.js';
import { fakeWire, type FakeWire, run } from '../../src/testing/index.js';
import { at, formal, latest, named, plain, type Plain, watch } from '../rules/support.js';
import { insideDelivery } from './inside-delivery.js';
import { ask, atOnce, broken, done, formalClient, ReconnectingClient } from './reconnecting-client.js';

/** A client without a handshake that is back as soon as its wire is lost. */
const plainClient = (options: object = {}): ReconnectingClient<Plain> =>
  new ReconnectingClient(plain, { ...atOnce, ...options });

/** A wire that, as most do, puts what it sends into JSON. */
const strictWire = (): FakeWire => {
  const wire = fakeWire();
  const { send } = wire;
  return Object.assign(wire, { send: (message: Message) => send.call(wire, JSON.parse(JSON.stringify(message))) });
};

const cut = { reason: 'cut', orderly: false };
const ids = (messages: readonly Message[]): unknown[] =>
  messages.map((message) => ('id' in message ? message.id : '-'));

describe('Connection', () => {
  describe('A1 a request', () => {
    it('that was sent errors when its wire is lost, and is not sent again', () => {
      const { client, wires, wire } = plainClient();
      const [echo, work] = [watch(client.request('echo', 'x')), watch(client.request('work', { n: 1 }))];
      const error = new Error('EPIPE');
      wire.end({ reason: 'broken pipe', orderly: false, error });
      for (const { error: seen, ends } of [echo, work]) {
        expect(ends).toBe(1);
        expect(seen).toMatchObject({ name: 'TransportError', reason: 'closed', cause: error });
      }
      expect(echo.error).toMatchObject({ method: 'echo', message: 'echo: broken pipe' });
      expect(wires).toHaveLength(2);
      expect(wires[1]?.sent).toEqual([]);
    });

    it('that waited for its place on the wire waits on, and is sent in its order with notifications', () => {
      const set = formalClient({ ...atOnce, client: { limits: { inFlight: 1 } } });
      set.greet();
      const [sent, waiting] = [watch(set.client.request('echo', 'a')), watch(set.client.request('echo', 'b'))];
      expect(set.client.notify('log', 'c')).toBe('queued');
      set.wire.end(cut);
      expect([sent.end, waiting.end]).toEqual(['error', 'open']);
      expect(set.client.stats().requests).toEqual({ inFlight: 1, waiting: 2, sent: 3, answered: 1 });
      set.greet();
      expect(set.wire.sent.slice(2)).toEqual([
        { id: 2, method: 'echo', params: 'b' },
        { method: 'log', params: 'c' },
      ]);
      set.wire.receive({ id: 2, result: 'b' });
      expect(waiting).toMatchObject({ values: ['b'], end: 'complete' });
    });

    it('made while there is no wire waits for the next session, within its time limit and the bound', () => {
      run(({ cold, expectObservable, flush }) => {
        const steps = '   -g-x---ga---s';
        const answered = '--------(a|)';
        const expired = ' -----#';
        const full = '    ---#';
        const set = formalClient({ client: { limits: { requests: 2 } } });
        const { client } = set;
        set.play(cold, steps, { a: () => set.wire.receive({ id: 1, result: 'a' }) });
        const reason = catchError(({ reason: why }: { readonly reason: string }) => throwError(() => why));
        const later = '   ---^';
        expectObservable(client.request('echo', 'x'), later).toBe(answered);
        expectObservable(client.request('echo', 'y', { timeout: 2 }).pipe(reason), later).toBe(expired, {}, 'timeout');
        expectObservable(client.request('echo', 'z').pipe(reason), later).toBe(full, {}, 'full');
        flush();
        expect(
          named(
            'echo',
            set.wires.flatMap(({ sent }) => sent),
          ),
        ).toHaveLength(1);
      });
    });

    it('C6 that is given up while it waits frees its place and is never sent', () => {
      const set = formalClient(atOnce);
      set.greet();
      set.wire.end(cut);
      watch(set.client.request('echo', 'x')).unsubscribe();
      expect(set.client.stats().requests.waiting).toBe(0);
      set.greet();
      expect(named('echo', set.wire.sent)).toEqual([]);
    });

    it('C6 that was cancelled before the loss leaves neither a place taken nor a deadline', () => {
      const scheduler = new VirtualTimeScheduler();
      const { client, wire } = plainClient({ client: { scheduler } });
      watch(client.request('echo', 'x', { timeout: 50 })).unsubscribe();
      expect(client.stats().requests.inFlight).toBe(1);
      wire.end(cut);
      expect(client.stats().requests.inFlight).toBe(0);
      expect(scheduler.actions).toEqual([]);
    });

    it('C2 has an id that no wire has seen', () => {
      const set = plainClient();
      for (let n = 0; n < 3; n += 1) {
        watch(set.client.request('echo', n));
        set.wire.end(cut);
      }
      expect(set.wires.map(({ sent }) => ids(sent))).toEqual([[0], [1], [2], []]);
    });

    it('that its caller repeats goes to the next wire, once', () => {
      const set = formalClient(atOnce);
      set.greet();
      const seen = watch(set.client.request('echo', 'x').pipe(retry(1)));
      set.wire.end(cut);
      set.greet();
      expect(named('echo', set.wire.sent)).toEqual([{ id: 2, method: 'echo', params: 'x' }]);
      set.wire.receive({ id: 2, result: 'x' });
      expect(seen).toMatchObject({ values: ['x'], ends: 1 });
    });

    it('finds the sink of the new wire free', () => {
      const set = plainClient();
      set.wire.fill();
      set.client.notify('log', 'x');
      set.wire.end(cut);
      expect(set.client.notify('log', 'y')).toBe('sent');
    });
  });

  describe('E2 the gap', () => {
    it('stands between the events of two wires, in every view that has room for it', () => {
      const { client, wire, wires } = plainClient();
      const views = [watch(client.events$), watch(client.scoped('a')), watch(client.scoped('b'))];
      const [lossy, lossless] = [watch(client.notifications('delta')), watch(client.notifications('done'))];
      wire.receive(done(1));
      wire.end(cut);
      wires[1]?.receive(done(2));
      const [all, ...scopes] = views.map(({ values }) => values.map((event) => ('seq' in event ? event.seq : event)));
      expect(all).toEqual([1, broken(2), 3]);
      expect(scopes).toEqual([[1, broken(2), 3], [broken(2)]]);
      expect(lossy.values).toEqual([broken(2)]);
      expect(lossless.values).toEqual([
        { n: 1, scope: 'a' },
        { n: 2, scope: 'a' },
      ]);
    });

    it('is told when the session opens, or before the first event if that comes earlier, and once for all attempts', () => {
      run(({ cold, flush }) => {
        const steps = '-g-x----x-------g--x---dg-s';
        const set = formalClient();
        const told: unknown[] = [];
        set.client.events$.subscribe((event) => {
          told.push([event.type, latest(set.states)]);
        });
        set.play(cold, steps);
        flush();
        expect(told).toEqual([
          ['lagged', 'r'],
          ['lagged', '1'],
          ['notification', '1'],
        ]);
      });
    });

    it('is none before the first session', () => {
      const set = formalClient(atOnce);
      const events = watch(set.client.events$);
      set.wire.end(cut);
      set.greet();
      expect(events.values).toEqual([]);
    });

    it('is told where something was heard before the first session', () => {
      const set = formalClient(atOnce);
      const events = watch(set.client.events$);
      set.wire.receive(done(1));
      set.wire.end(cut);
      set.greet();
      expect(events.values).toMatchObject([{ seq: 1 }, broken(2)]);
    });

    it('is told though the session before it was silent', () => {
      const { client, wire } = plainClient();
      const events = watch(client.events$);
      wire.end(cut);
      expect(events.values).toEqual([broken(1)]);
    });

    it('has one number, however many attempts it takes', () => {
      const set = formalClient(atOnce);
      const events = watch(set.client.events$);
      set.greet();
      for (let n = 0; n < 3; n += 1) set.wire.end(cut);
      set.greet();
      expect(events.values).toEqual([broken(2)]);
      expect(set.client.stats().seq).toBe(3);
    });

    it('E4 waits in the backlog with the events around it', () => {
      const { client, wire, wires } = plainClient();
      wire.receive(done(1));
      wire.end(cut);
      wires[1]?.receive(done(2));
      expect(watch(client.events$).values).toMatchObject([{ seq: 1 }, broken(2), { seq: 3 }]);
    });

    it('adds nothing to the account: delivered + skipped + conflated = emitted', () => {
      const { client, wire, wires } = plainClient();
      watch(client.events$);
      wire.receive(done(1), { method: '$/lagged', params: { skipped: 4 } });
      wire.end(cut);
      wires[1]?.receive(done(2));
      const { emitted, delivered, skipped, conflated } = client.stats().events;
      expect([emitted, delivered, skipped, conflated]).toEqual([6, 2, 4, 0]);
    });

    it('E9 has a number of its own, between what was received before it and after', () => {
      const { client, wire, wires } = plainClient();
      const first = watch(client.exchange('echo', 'x'));
      wire.receive({ id: 0, result: 'x' });
      wire.end(cut);
      const second = watch(client.exchange('echo', 'x'));
      wires[1]?.receive({ id: 1, result: 'x' });
      expect([first.values[0]?.seq, second.values[0]?.seq, client.stats().seq]).toEqual([1, 3, 3]);
    });

    it('makes resyncOnLag ask the new wire, and fill in what was missed', () => {
      const set = formalClient(atOnce);
      set.greet();
      const seen: unknown[] = [];
      set.client.events$
        .pipe(
          resyncOnLag(() => set.client.exchange('read', { n: 0 }), {
            covers: (snapshot, { seq }) => seq <= snapshot.seq,
          }),
        )
        .subscribe((value) => seen.push('result' in value ? value.result : value.seq));
      set.wire.receive(done(1));
      set.wire.end(cut);
      set.greet();
      expect(named('read', set.wire.sent)).toHaveLength(1);
      set.wire.receive(done(2), { id: 2, result: 42 }, done(3));
      expect(seen).toEqual([2, 42, 7]);
    });
  });

  describe('D3 what was received before the loss', () => {
    it('is delivered first, answers too, though the wire is lost inside a delivery', () => {
      const set = formalClient(atOnce);
      set.greet();
      const { client, wire } = set;
      const order: unknown[] = [];
      client.request('echo', 'answered').subscribe(() => order.push('answer'));
      client.request('echo', 'lost').subscribe({ error: () => order.push('lost') });
      set.states.subscribe((state) => order.push(state));
      insideDelivery(set, () => {
        client.events$.subscribe((event) => order.push(event.type === 'lagged' ? 'gap' : event.method));
        wire.receive(done(1), { id: 1, result: 'x' }, done(2));
        wire.end(cut);
        order.push(client.notify('log', 'x'));
      });
      set.greet();
      expect(order).toEqual(['r', 'queued', 'done', 'answer', 'done', 'lost', '1', 'r', 'gap']);
    });
  });

  describe('S1 an open question', () => {
    it('is settled as closed when its wire is lost, and its handler is stopped', () => {
      const set = formalClient(atOnce);
      set.greet();
      const { client, wire } = set;
      const aborted: boolean[] = [];
      client.handle('ask', (_params, { signal }) => {
        signal.addEventListener('abort', () => aborted.push(true));
        return NEVER;
      });
      const questions = watch(client.serverRequests$);
      wire.receive(ask(7));
      const settled = watch(questions.values[0]?.settled$ ?? NEVER);
      wire.end(cut);
      expect(aborted).toEqual([true]);
      expect(settled.end).toBe('complete');
      expect(client.openRequests()).toEqual([]);
      expect([questions.values[0]?.respond('x' as never), client.respond(7, 'x')]).toEqual(['closed', 'closed']);
      set.greet();
      expect([questions.values[0]?.respond('x' as never), client.respond(7, 'x')]).toEqual(['closed', 'closed']);
      expect(client.respond(8, 'x')).toBe('unknown');
      expect(client.stats().serverRequests).toEqual({ open: 0, settled: 1 });
      expect(set.wires.flatMap(({ sent }) => sent).filter((message) => 'result' in message)).toEqual([]);
    });

    it('that the server asks again is a new one, and the old one cannot answer it', () => {
      const set = formalClient(atOnce);
      set.greet();
      const questions = watch(set.client.serverRequests$);
      set.wire.receive(ask(7, 'ls?'));
      set.wire.end(cut);
      set.greet();
      set.wire.receive(ask(7, 'rm?'));
      expect(questions.values.map(({ params }) => params)).toEqual(['ls?', 'rm?']);
      expect(questions.values.map((request) => request.respond('yes' as never))).toEqual(['closed', 'sent']);
      expect(set.client.respond(7, 'no')).toBe('alreadySettled');
      expect(set.wire.sent.at(-1)).toEqual({ id: 7, result: 'yes' });
    });

    it('goes to the handler that was there before', () => {
      const set = formalClient(atOnce);
      set.client.handle('ask', (params) => `to ${params}`);
      set.greet();
      set.wire.end(cut);
      set.greet();
      set.wire.receive(ask(1));
      expect(set.wire.sent.at(-1)).toEqual({ id: 1, result: 'to well?' });
    });

    it('that arrived inside the delivery in which its wire was lost is shown, and closed', () => {
      const set = formalClient(atOnce);
      set.greet();
      const { wire, client } = set;
      const said: unknown[] = [];
      client.serverRequests$.subscribe((request) => said.push(request.respond('x' as never)));
      insideDelivery(set, () => {
        wire.receive(ask(1));
        wire.end(cut);
      });
      set.greet();
      expect(said).toEqual(['closed']);
      expect(client.openRequests()).toEqual([]);
    });
  });

  describe('the end for good', () => {
    it('H1 is a handshake that the server refuses, and what waits errors with its words', () => {
      const set = formalClient(atOnce);
      set.greet();
      set.wire.end(cut);
      const waiting = watch(set.client.request('echo', 'x'));
      set.wire.receive({ id: 1, error: { code: -32000, message: 'not you' } });
      expect(waiting.error).toMatchObject({ name: 'RpcError', code: -32000, method: 'echo' });
      expect(latest(set.states)).toBe('x');
      expect(latest(set.client.closed$)).toMatchObject({ reason: 'handshake failed: not you' });
      expect(set.wires).toHaveLength(2);
      expect(set.wire.closedWith).toMatchObject({ reason: 'handshake failed: not you' });
    });

    it('H1 is a handshake that cannot be sent: the next one could not be either', () => {
      const hello: Record<string, unknown> = {};
      hello['self'] = hello;
      const set = formalClient({ ...atOnce, attempts: 3, make: strictWire, client: { handshake: hello } });
      expect(watch(set.client.ready$).error).toMatchObject({ reason: 'protocol', method: 'initialize' });
      expect(latest(set.client.closed$)).toMatchObject({ reason: expect.stringMatching('^handshake failed: ') });
      expect(set.wires).toHaveLength(1);
    });

    it('H1 is a handshake without an answer, where there is no other wire', () => {
      const clock = new VirtualTimeScheduler();
      const wire = fakeWire();
      const client = connect(wire, formal, { timeout: 10, scheduler: clock });
      const ready = watch(client.ready$);
      clock.flush();
      expect(ready.error).toMatchObject({ reason: 'timeout', method: 'initialize' });
      const end = { reason: 'handshake failed: initialize: no answer in time', orderly: false };
      expect(latest(client.closed$)).toMatchObject(end);
      expect(wire.closedWith).toMatchObject(end);
    });

    it('D3 of the only wire, amid the handshake, is what the handshake failed of', () => {
      const wire = fakeWire();
      const ready = watch(connect(wire, formal).ready$);
      wire.end(cut);
      expect(ready.error).toMatchObject({ reason: 'closed', method: 'initialize', message: 'initialize: cut' });
    });

    it('E3 is a budget of this client s that is used up', () => {
      const set = plainClient({ client: { limits: { losslessEvents: 1 } } });
      insideDelivery(set, () => {
        watch(set.client.events$);
        set.wire.receive(done(1), done(2));
      });
      expect(latest(set.client.closed$)).toEqual({ reason: 'slow-consumer', orderly: false });
      expect(set.wires).toHaveLength(1);
    });

    it('D1 is a shutdown, also if the wire is lost while it waits for answers', () => {
      const set = plainClient();
      watch(set.client.request('echo', 'x'));
      const report = watch(set.client.shutdown());
      expect(report.end).toBe('open');
      set.wire.end({ reason: 'gone' });
      expect(report.end).toBe('complete');
      expect(latest(set.client.closed$)).toEqual({ reason: 'gone', orderly: true });
      expect(set.wires).toHaveLength(1);
    });

    it.each(['state$', 'diagnostics$', 'request'] as const)(
      'is a shutdown by a listener of %s that hears of the loss',
      (who) => {
        const scheduler = new VirtualTimeScheduler();
        const set = new ReconnectingClient(plain, { client: { scheduler } });
        const { client } = set;
        const listeners = {
          state$: () =>
            client.state$.pipe(filter(({ type }) => type === 'reconnecting')).subscribe(() => client.shutdown()),
          diagnostics$: () => client.diagnostics$.subscribe(() => client.shutdown()),
          request: () => client.request('echo', 'x').subscribe({ error: () => client.shutdown() }),
        };
        listeners[who]();
        const events = watch(client.events$);
        set.wire.end(cut);
        expect(latest(client.closed$)).toEqual({ reason: 'shutdown', orderly: true });
        expect(set.wires).toHaveLength(1);
        expect(scheduler.actions).toEqual([]);
        expect(events).toMatchObject({ values: [], ends: 1, end: 'complete' });
      },
    );

    it('D1 of a shutdown while a handshake is under way waits for it no longer than the time limit', () => {
      run(({ cold, expectObservable }) => {
        const set = formalClient();
        set.play(cold, '-g-x');
        at(8, () => set.client.shutdown({ timeout: 4 }));
        expectObservable(set.states).toBe('cr-1--------(x|)');
      });
    });
  });

  describe('what it tells', () => {
    it('ready$ is the first session s, closed$ the end s', () => {
      const set = formalClient(atOnce);
      const [ready, closed] = [watch(set.client.ready$), watch(set.client.closed$)];
      set.greet('first');
      set.wire.end(cut);
      set.greet('second');
      expect(ready).toMatchObject({ values: [{ name: 'first' }], end: 'complete' });
      expect(closed.end).toBe('open');
      set.client.shutdown();
      expect(closed.values).toEqual([{ reason: 'shutdown', orderly: true }]);
      expect(set.client.stats().reconnects).toBe(1);
    });

    it('ready$ is that of a later attempt if the first fails', () => {
      const set = formalClient(atOnce);
      const ready = watch(set.client.ready$);
      set.wire.end(cut);
      set.greet('second');
      expect(ready).toMatchObject({ values: [{ name: 'second' }], end: 'complete' });
      expect(set.client.stats().reconnects).toBe(0);
    });

    it('a diagnostic for each wire that was lost, with what broke', () => {
      const set = plainClient();
      const found = watch(set.client.diagnostics$);
      const error = new Error('EPIPE');
      set.wire.end({ ...cut, error });
      set.wire.end(cut);
      expect(found.values).toStrictEqual([
        { type: 'connectionLost', reason: 'cut', attempt: 1, error },
        { type: 'connectionLost', reason: 'cut', attempt: 2 },
      ]);
    });

    it('a request s error before the state, as at the end', () => {
      const set = plainClient();
      const order: unknown[] = [];
      set.states.subscribe((state) => order.push(state));
      set.client.request('echo', 'x').subscribe({ error: () => order.push('request') });
      set.wire.end(cut);
      expect(order).toEqual(['r', 'request', '1', 'r']);
    });
  });

  it('the contract s header stands on the messages of every wire', () => {
    const set = new ReconnectingClient({ ...plain, header: { jsonrpc: '2.0' } }, atOnce);
    set.client.notify('log', 'a');
    set.wire.end(cut);
    set.client.notify('log', 'b');
    expect(set.wires.map(({ sent }) => sent)).toEqual([
      [{ jsonrpc: '2.0', method: 'log', params: 'a' }],
      [{ jsonrpc: '2.0', method: 'log', params: 'b' }],
    ]);
  });
});
