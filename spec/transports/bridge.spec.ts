import { Subject } from 'rxjs';

import { connect } from '../../src/client/index.js';
import { inProcessWires } from '../../src/in-process/index.js';
import {
  decodeMessage,
  defineContract,
  type Message,
  notification,
  request,
  type,
  type Wire,
} from '../../src/protocol/index.js';
import { createServer } from '../../src/server/index.js';
import { bridge } from '../../src/transports/index.js';
import { fakeWire, run } from '../../src/testing/index.js';
import { formal, formalHandlers, plain } from '../rules/support.js';
import { answer, ask, block, bridgePair, delta, done, hello, question, skipped, text, welcome } from './bridge-pair.js';

/** Extra members stand in what came over a wire, whatever its type says. */
const odd = (message: object): Message => decodeMessage(message) as Message;

describe('a bridge', () => {
  describe('passes on', () => {
    it('what both sides say, at once and as it came, down to what nobody here knows', () => {
      const { client, server, bridge: bridged } = bridgePair();
      const up = [
        odd({ jsonrpc: '2.0', id: 7, method: 'no/such/method', params: [1], trace: { span: 'a' } }),
        odd({ method: 'no/such/word', emittedAtMs: 5 }),
        { id: 'seven', method: 'echo' },
        odd({ id: 1, result: null, extra: true }),
        { id: 2, error: { code: -5, message: 'no', data: { why: 'not' } } },
      ];
      const down = [
        odd({ id: 7, result: { deep: [{}] }, trace: 'b' }),
        { id: 'seven', error: { code: 1, message: 'no' } },
        { id: null, error: { code: -32600, message: 'duplicate' } },
        odd({ id: 1, method: 'unheard/of', emittedAtMs: 6 }),
        odd({ method: 'delta', params: { n: 1 }, emittedAtMs: 7 }),
        { method: 'old/thing' },
        { method: 'unknown/event', params: null },
      ];
      client.receive(...up);
      server.receive(...down);
      expect(server.sent).toEqual(up);
      expect(client.sent).toEqual(down);
      expect([...server.sent, ...client.sent].every((message, i) => message === [...up, ...down][i])).toBe(true);
      expect(bridged.stats()).toEqual({
        commands: { sent: 5, waiting: 0 },
        answers: { sent: 3, waiting: 0 },
        serverRequests: { sent: 1, waiting: 0 },
        events: { emitted: 3, delivered: 3, skipped: 0, conflated: 0, waiting: 0 },
      });
    });

    it('what was said before it was there, and says nothing of its own', () => {
      const [client, server] = [fakeWire(), fakeWire()];
      client.receive(ask(1));
      server.receive(done(1));
      bridge(client, server, formal);
      expect([server.sent, client.sent]).toEqual([[ask(1)], [done(1)]]);
    });

    it('a handshake, and what a client and a server of this library say', () => {
      run(({ flush, expectObservable }) => {
        const client = fakeWire();
        const server = createServer(formal, formalHandlers);
        const [near, far] = inProcessWires();
        server.attach(far);
        bridge(client, near, formal);
        client.receive({ id: 0, method: 'echo', params: 1 }, hello(true), { method: 'initialized' }, ask(1));
        expectObservable(client.sent$).toBe('(nwa)', {
          n: { id: 0, error: { code: -32600, message: 'Not initialized' } },
          w: welcome,
          a: answer(1),
        });
        flush();
        client.end();
      });
    });

    it('messages in one order, without a stack, when each is answered from inside the other', () => {
      const [client, near] = inProcessWires();
      const [far, server] = inProcessWires();
      const last = 20_000;
      server.inbound$.subscribe((message) => {
        if ('id' in message && 'method' in message) server.send({ id: message.id as number, result: null });
      });
      let seen = 0;
      client.inbound$.subscribe(() => {
        seen += 1;
        if (seen < last) client.send(ask(seen));
      });
      bridge(near, far, formal);
      client.send(ask(0));
      expect(seen).toBe(last);
    });
  });

  describe('E7 with a client that does not keep pace', () => {
    it('gives up the oldest best-effort events, and says so in their place', () => {
      const { client, server, bridge: bridged } = bridgePair({ lag: true, limits: { events: 2 } });
      const after = block(client, () => server.receive(done(0)));
      server.receive(delta(1), done(2), delta(3), delta(4), delta(5), answer(6));
      expect(after()).toEqual([]);
      expect(bridged.stats().events).toEqual({ emitted: 6, delivered: 1, skipped: 2, conflated: 0, waiting: 3 });
      client.drain();
      expect(after()).toEqual([skipped(1), done(2), skipped(1), delta(4), delta(5), answer(6)]);
      expect(bridged.stats().events).toEqual({ emitted: 6, delivered: 4, skipped: 2, conflated: 0, waiting: 0 });
    });

    it('folds as the contract says, and keeps what else stands in the message', () => {
      const { client, server, bridge: bridged } = bridgePair({ lag: true });
      const after = block(client, () => server.receive(done(0)));
      server.receive(odd({ jsonrpc: '2.0', ...text('i', 'a'), emittedAtMs: 1 }));
      server.receive(odd({ jsonrpc: '2.0', ...text('i', 'b'), emittedAtMs: 2 }), text('j', 'c'));
      client.drain();
      expect(after()).toEqual([{ jsonrpc: '2.0', ...text('i', 'ab'), emittedAtMs: 2 }, text('j', 'c')]);
      expect(bridged.stats().events).toMatchObject({ emitted: 4, delivered: 3, conflated: 1 });
    });

    it('passes the server’s own markers on, and tells neighbouring gaps as one', () => {
      const { client, server, bridge: bridged } = bridgePair({ lag: true, limits: { events: 1 } });
      server.receive(odd({ ...skipped(3), emittedAtMs: 1 }));
      expect(client.sent.at(-1)).toEqual({ ...skipped(3), emittedAtMs: 1 });
      const after = block(client, () => server.receive(done(0)));
      server.receive(delta(1), skipped(10), delta(2), skipped(20), done(3), skipped(5), delta(4));
      client.drain();
      // 1 and 2 gave way, and so their places touch what the server told.
      expect(after()).toEqual([skipped(32), done(3), skipped(5), delta(4)]);
      expect(bridged.stats().events).toMatchObject({ emitted: 5, delivered: 3, skipped: 2 });
    });

    it('takes a marker that says nothing for an event like any other', () => {
      const { client, server } = bridgePair({ lag: true });
      const after = block(client, () => server.receive(done(0)));
      server.receive({ method: '$/lagged' });
      client.drain();
      expect(after()).toEqual([{ method: '$/lagged' }]);
    });

    it('puts the contract’s header on its own words only', () => {
      const contract = defineContract({ ...formal, header: { jsonrpc: '2.0' } });
      const { client, server } = bridgePair({ contract, lag: true, limits: { events: 1 } });
      const after = block(client, () => server.receive(done(0)));
      server.receive(delta(1), delta(2), answer(3));
      client.drain();
      expect(after()).toEqual([{ jsonrpc: '2.0', ...skipped(1) }, delta(2), answer(3)]);
      client.receive({ malformed: new SyntaxError('oops') });
      expect(client.sent.at(-1)).toEqual({ jsonrpc: '2.0', id: null, error: { code: -32700, message: 'oops' } });
    });

    it.each([
      ['did not say that it understands', undefined],
      ['said that it does not', false],
    ])('drops nothing of one that %s, until the budget is full', (_, lag) => {
      const pair = bridgePair({ ...(lag !== undefined && { lag }), limits: { events: 1, losslessEvents: 3 } });
      const { client, server, ends, diagnostics, bridge: bridged } = pair;
      const after = block(client, () => server.receive(done(0)));
      server.receive(delta(1), skipped(9), delta(2));
      client.drain();
      expect(after()).toEqual([delta(1), skipped(9), delta(2)]);
      block(client, () => server.receive(done(3)));
      server.receive(...[4, 5, 6, 7].map(delta));
      const slow = { reason: 'slow-consumer', orderly: false };
      expect([client.closedWith, server.closedWith, ends]).toEqual([slow, slow, [slow]]);
      expect(diagnostics).toEqual([{ type: 'budgetExceeded', budget: 'losslessEvents', from: 'server' }]);
      expect(bridged.stats().events).toEqual({ emitted: 8, delivered: 5, skipped: 0, conflated: 0, waiting: 3 });
    });

    it('drops nothing when the server refused the handshake, or the capabilities cannot be read', () => {
      const refused = bridgePair({ limits: { events: 1 } });
      refused.client.receive(hello(true));
      refused.server.receive({ id: 'hello', error: { code: -32600, message: 'no' } });
      const contract = {
        ...formal,
        handshake: {
          request: 'initialize',
          capabilities: () => {
            throw new TypeError('oops');
          },
        },
      };
      const unreadable = bridgePair({ contract, lag: true, limits: { events: 1 } });
      for (const { client, server } of [refused, unreadable]) {
        const after = block(client, () => server.receive(done(0)));
        server.receive(delta(1), delta(2));
        client.drain();
        expect(after()).toEqual([delta(1), delta(2)]);
      }
      expect(unreadable.diagnostics).toMatchObject([{ type: 'callbackFailed', method: 'initialize', from: 'client' }]);
    });

    it('lets a client try its handshake again, and goes by the one that was taken', () => {
      const { client, server } = bridgePair({ limits: { events: 1 } });
      client.receive(hello(false));
      server.receive({ id: 'hello', error: { code: -32600, message: 'no' } });
      client.receive(hello(true));
      server.receive(welcome);
      const after = block(client, () => server.receive(done(0)));
      server.receive(delta(1), delta(2));
      client.drain();
      expect(after()).toEqual([skipped(1), delta(2)]);
    });

    it('goes by the first of two handshakes at once, as a server does', () => {
      const { client, server } = bridgePair({ limits: { events: 1 } });
      client.receive(hello(true), { id: 'again', method: 'initialize', params: {} });
      server.receive(welcome, { id: 'again', error: { code: -32600, message: 'Already initialized' } });
      const after = block(client, () => server.receive(done(0)));
      server.receive(delta(1), delta(2));
      client.drain();
      expect(after()).toEqual([skipped(1), delta(2)]);
    });

    it('needs no handshake to drop events of a client in this process', () => {
      const { client, server } = bridgePair({ limits: { events: 1 }, client: { local: true } });
      const after = block(client, () => server.receive(done(0)));
      server.receive(delta(1), delta(2));
      client.drain();
      expect(after()).toEqual([skipped(1), delta(2)]);
    });

    it('stays within its bounds under 100,000 events and an answer in a thousand, and loses no answer', () => {
      const { client, server, bridge: bridged } = bridgePair({ lag: true });
      const after = block(client, () => server.receive(done(0)));
      let most = 0;
      for (let n = 1; n <= 100_000; n += 1) {
        server.receive(delta(n));
        if (n % 1_000 === 0) server.receive(answer(n));
        most = Math.max(most, bridged.stats().events.waiting);
      }
      expect([most, bridged.stats().answers.waiting]).toEqual([128, 100]);
      client.drain();
      expect(after().filter((message) => 'result' in message)).toHaveLength(100);
      const told = after().flatMap((message) =>
        'method' in message && message.method === '$/lagged' ? (message.params as { skipped: number }).skipped : [],
      );
      expect(told.reduce((sum, count) => sum + count)).toBe(100_000 - 128);
      expect(bridged.stats().events).toEqual({
        emitted: 100_001,
        delivered: 129,
        skipped: 99_872,
        conflated: 0,
        waiting: 0,
      });
    });

    it('A2 keeps an answer where the server put it, since it may be a snapshot of what came before', () => {
      const { client, server } = bridgePair({ lag: true });
      const after = block(client, () => server.receive(done(0)));
      const order = [delta(1), answer(2), question(3), delta(4), answer(5)];
      server.receive(...order);
      client.drain();
      expect(after()).toEqual(order);
    });
  });

  describe('C4 with an end that takes nothing', () => {
    it('pauses the client while too many of its commands wait for the server', () => {
      const { client, server, bridge: bridged } = bridgePair({ limits: { requests: 2 } });
      const after = block(server, () => client.receive(ask(0)));
      client.receive(ask(1));
      expect(client.paused).toBe(false);
      client.receive({ id: 1, result: 'an answer' }, { method: 'log', params: 'a word' }, ask(4));
      expect([client.paused, server.paused, bridged.stats().commands]).toEqual([true, false, { sent: 1, waiting: 2 }]);
      server.drain();
      expect(after()).toEqual([ask(1), { id: 1, result: 'an answer' }, { method: 'log', params: 'a word' }, ask(4)]);
      expect([client.paused, bridged.stats().commands]).toEqual([false, { sent: 5, waiting: 0 }]);
    });

    it('says nothing twice to a client that it has paused, and goes on when all was sent', () => {
      const { client, server } = bridgePair({ limits: { requests: 2 } });
      block(server, () => client.receive(ask(0)));
      client.receive(ask(1), ask(2), ask(3));
      const oneAtATime = server.sent$.subscribe(() => server.fill());
      server.drain();
      expect(client.paused).toBe(true);
      oneAtATime.unsubscribe();
      server.drain();
      expect(server.sent).toEqual([ask(0), ask(1), ask(2), ask(3)]);
      expect(client.paused).toBe(false);
    });

    it('closes one that cannot be paused', () => {
      const { client, server, diagnostics, ends } = bridgePair({
        limits: { requests: 2 },
        client: { pausable: false },
      });
      block(server, () => client.receive(ask(0)));
      client.receive(ask(1), ask(2), ask(3));
      const slow = { reason: 'slow-consumer', orderly: false };
      expect([client.closedWith, server.closedWith, ends]).toEqual([slow, slow, [slow]]);
      expect(diagnostics).toEqual([{ type: 'budgetExceeded', budget: 'requests', from: 'client' }]);
      expect(server.sent).toEqual([ask(0)]);
    });

    it.each([
      ['answers', answer, { unsentAnswers: 2 }, 'unsentAnswers'],
      ['questions', question, { serverRequests: 2 }, 'serverRequests'],
    ])('pauses the server while too many of its %s wait for the client', (_, make, limits, budget) => {
      const { client, server } = bridgePair({ limits, lag: true });
      const after = block(client, () => server.receive(done(0)));
      server.receive(make(1));
      expect(server.paused).toBe(false);
      server.receive(make(2), make(3), done(4));
      expect([client.paused, server.paused]).toEqual([false, true]);
      client.drain();
      expect(after()).toEqual([make(1), make(2), make(3), done(4)]);
      expect(server.paused).toBe(false);

      const rigid = bridgePair({ limits, lag: true, server: { pausable: false } });
      block(rigid.client, () => rigid.server.receive(done(0)));
      rigid.server.receive(make(1), make(2));
      expect(rigid.ends).toEqual([{ reason: 'slow-consumer', orderly: false }]);
      expect(rigid.diagnostics).toEqual([{ type: 'budgetExceeded', budget, from: 'server' }]);
    });
  });

  describe('with what is no message', () => {
    it('answers a client as a server does, tells a diagnostic, and lives on', () => {
      const { client, server, diagnostics } = bridgePair();
      const error = new SyntaxError('not JSON');
      client.receive({ malformed: error }, ask(1));
      expect(client.sent).toEqual([{ id: null, error: { code: -32700, message: 'not JSON' } }]);
      expect(server.sent).toEqual([ask(1)]);
      expect(diagnostics).toEqual([{ type: 'malformed', error, from: 'client' }]);
    });

    it('says nothing to a server: a client would not', () => {
      const { client, server, diagnostics } = bridgePair();
      const error = new SyntaxError('not JSON');
      server.receive({ malformed: error }, done(1));
      expect([server.sent, client.sent]).toEqual([[], [done(1)]]);
      expect(diagnostics).toEqual([{ type: 'malformed', error, from: 'server' }]);
    });

    it('answers no flood of it that a client does not read', () => {
      const { client, server } = bridgePair({ limits: { unsentAnswers: 2 } });
      const after = block(client, () => server.receive(done(0)));
      for (let n = 0; n < 10; n += 1) client.receive({ malformed: new SyntaxError(String(n)) });
      client.drain();
      expect(after()).toHaveLength(2);
    });

    it('shows the last diagnostics to whoever comes late', () => {
      const { client, bridge: bridged } = bridgePair();
      for (let n = 0; n < 65; n += 1) client.receive({ malformed: new SyntaxError(String(n)) });
      const seen: unknown[] = [];
      bridged.diagnostics$.subscribe((diagnostic) => seen.push(diagnostic));
      expect(seen).toHaveLength(64);
    });
  });

  describe('A1 with what a wire cannot carry', () => {
    const cyclic = (): object => {
      const value: Record<string, unknown> = {};
      return (value['self'] = value);
    };
    /** Takes what JSON can say. */
    const strict = (wire: ReturnType<typeof fakeWire>): typeof wire =>
      Object.assign(Object.create(wire) as typeof wire, {
        send: (message: Message) => {
          JSON.stringify(message);
          return wire.send(message);
        },
      });
    const pair = (): { client: ReturnType<typeof fakeWire>; server: ReturnType<typeof fakeWire>; told: unknown[] } => {
      const [client, server] = [fakeWire(), fakeWire()];
      const told: unknown[] = [];
      bridge(strict(client), strict(server), formal).diagnostics$.subscribe(({ type: kind, from }) =>
        told.push([kind, from]),
      );
      client.receive(hello(true));
      server.receive(welcome);
      return { client, server, told };
    };
    const problem = (id: number): unknown => ({
      id,
      error: { code: -32603, message: expect.stringContaining('cannot be sent: ') },
    });

    it('answers a request of either side by itself', () => {
      const { client, server, told } = pair();
      client.receive({ id: 1, method: 'echo', params: cyclic() });
      server.receive({ id: 2, method: 'ask', params: cyclic() });
      expect([client.sent.at(-1), server.sent.at(-1)]).toEqual([problem(1), problem(2)]);
      expect(told).toEqual([
        ['unsendable', 'client'],
        ['unsendable', 'server'],
      ]);
    });

    it('puts an error in the place of an answer of either side', () => {
      const { client, server } = pair();
      client.receive({ id: 1, result: cyclic() });
      server.receive({ id: 2, result: cyclic() });
      expect([server.sent.at(-1), client.sent.at(-1)]).toEqual([problem(1), problem(2)]);
      client.receive({ id: 3, error: { code: 1, message: '', data: cyclic() } });
      server.receive({ id: 4, error: { code: 1, message: '', data: cyclic() } });
      expect([server.sent.at(-1), client.sent.at(-1)]).toEqual([problem(3), problem(4)]);
    });

    it('gives up a word, and tells of an event', () => {
      const { client, server, told } = pair();
      client.receive({ method: 'log', params: cyclic() });
      server.receive({ method: 'done', params: cyclic() }, done(1));
      expect(server.sent).toEqual([hello(true)]);
      expect(client.sent).toEqual([welcome, skipped(1), done(1)]);
      expect(told).toHaveLength(2);
    });
  });

  describe('D3 ends', () => {
    it.each([
      ['client', { reason: 'peer went away', orderly: true }],
      ['server', { reason: 'peer exited with code 1', orderly: false, error: new Error('1') }],
    ] as const)('with the %s, whose reason the other side is told', (side, info) => {
      const pair = bridgePair();
      pair[side].end(info);
      expect([pair.client.closedWith, pair.server.closedWith, pair.ends]).toEqual([info, info, [info]]);
    });

    it('after what the server said last, though the client was slow', () => {
      const { client, server, bridge: bridged } = bridgePair({ lag: true, limits: { events: 1 } });
      const after = block(client, () => server.receive(done(0)));
      server.receive(delta(1), delta(2), answer(3), done(4));
      server.end({ reason: 'peer exited with code 0' });
      expect(after()).toEqual([skipped(1), delta(2), answer(3), done(4)]);
      expect(client.closedWith?.reason).toBe('peer exited with code 0');
      expect(bridged.stats().events).toEqual({ emitted: 4, delivered: 3, skipped: 1, conflated: 0, waiting: 0 });
    });

    it('after what the client said last, though the server was slow', () => {
      const { client, server } = bridgePair();
      const after = block(server, () => client.receive(ask(0)));
      client.receive(ask(1), { method: 'log' });
      client.end();
      expect(after()).toEqual([ask(1), { method: 'log' }]);
    });

    it('after what a side said that was held up', () => {
      const { client, server } = bridgePair({ limits: { unsentAnswers: 1 } });
      const after = block(client, () => server.receive(done(0)));
      server.receive(answer(1), answer(2), done(3));
      expect(server.paused).toBe(true);
      server.end();
      expect(after()).toEqual([answer(1), answer(2), done(3)]);
    });

    it('after what was said in the same turn as the end', () => {
      const { client, server } = bridgePair();
      client.sent$.subscribe((message) => {
        if ('id' in message) return;
        server.receive(answer(1));
        server.end();
      });
      server.receive(done(0));
      expect(client.sent).toEqual([done(0), answer(1)]);
      expect(client.closedWith?.reason).toBe('peer closed');
    });

    it('after what was caused from inside a message, with the end', () => {
      const client = fakeWire();
      const [near, server] = inProcessWires();
      bridge(client, near, formal);
      client.sent$.subscribe((message) => {
        if ('id' in message) return;
        server.send(answer(1));
        server.send(answer(2));
        server.close({ reason: 'done', orderly: true });
      });
      server.send(done(0));
      expect([client.sent, client.closedWith?.reason]).toEqual([[done(0), answer(1), answer(2)], 'done']);
    });

    it('when it is told to, in order and once', () => {
      const { client, server, bridge: bridged, ends } = bridgePair({ lag: true });
      const after = block(client, () => server.receive(done(0)));
      server.receive(done(1));
      bridged.close();
      bridged.close('again');
      const info = { reason: 'bridge closed', orderly: true };
      expect(after()).toEqual([done(1)]);
      expect([client.closedWith, server.closedWith, ends]).toEqual([info, info, [info]]);
    });

    it('at once when a side has ended already, and with a word to the other', () => {
      for (const dead of [0, 1]) {
        const wires = [fakeWire(), fakeWire()] as const;
        wires[dead]?.end({ reason: 'could not start', orderly: false });
        const seen: unknown[] = [];
        bridge(...wires, formal).closed$.subscribe(({ reason }) => seen.push(reason));
        expect([seen, wires.map(({ closedWith }) => closedWith?.reason)]).toEqual([
          ['could not start'],
          ['could not start', 'could not start'],
        ]);
      }
    });

    it('and hears nothing more', () => {
      run(({ hot, expectSubscriptions, flush }) => {
        const [fromClient, fromServer] = [hot<Message>('--'), hot<Message>('--')];
        const client = fakeWire({ inbound$: fromClient });
        const bridged = bridge(client, fakeWire({ inbound$: fromServer }), formal);
        hot('---x').subscribe(() => bridged.close());
        expectSubscriptions(fromClient.subscriptions).toBe('^--!');
        expectSubscriptions(fromServer.subscriptions).toBe('^--!');
        flush();
        const seen: unknown[] = [];
        bridged.diagnostics$.subscribe({ complete: () => seen.push('complete') });
        expect(seen).toEqual(['complete']);
      });
    });

    it('from inside the last message', () => {
      const { client, server, bridge: bridged } = bridgePair({ lag: true });
      const after = block(client, () => server.receive(done(0)));
      server.receive(done(1), done(2));
      client.sent$.subscribe(() => {
        if (after().length === 1) bridged.close();
      });
      client.drain();
      expect(after()).toEqual([done(1), done(2)]);
    });
  });

  describe('in time', () => {
    it('holds what came while a sink was full, and only then', () => {
      run(({ cold, hot, expectObservable }) => {
        const contract = defineContract({
          requests: { echo: request({ params: type<number>(), result: type<number>() }) },
          serverNotifications: { news: notification({ params: type<number>(), delivery: 'best-effort' }) },
        });
        const words = Object.fromEntries([...'abcdef'].map((letter) => [letter, { method: 'news', params: letter }]));
        const values = { ...words, q: ask(1), r: answer(1), 2: skipped(2) };
        // As if in this process, so that it understands gaps without a handshake.
        const client = fakeWire({ local: true, inbound$: cold('   q-----------------', values) });
        const server = fakeWire({ inbound$: cold('                a-bcde-r------f--|', values) });
        const sink = hot('                                        -x------o---------');
        sink.subscribe((state) => (state === 'x' ? client.fill() : client.drain()));
        bridge(client, server, contract, { limits: { events: 1 } });
        expectObservable(client.sent$).toBe('                     a-b-----(2er)-f--|', values);
      });
    });
  });
});

describe('a client of this library behind a bridge', () => {
  it('sees the server as if there were none', () => {
    const [near, far] = inProcessWires();
    const [left, right] = inProcessWires();
    const server = createServer(formal, formalHandlers);
    server.attach(right);
    bridge(far, left, formal);
    const client = connect(near, formal);
    const seen: unknown[] = [];
    client.handle('ask', (question) => `${question} yes`);
    client.request('add', { a: 1, b: 2 }).subscribe((sum) => seen.push(sum));
    client.notifications('done').subscribe((event) => seen.push(event));
    server.broadcast('done', { n: 1 });
    server.request(server.everyone, 'ask', 'well?').subscribe((said) => seen.push(said));
    client.closed$.subscribe(({ reason }) => seen.push(reason));
    left.close({ reason: 'cut', orderly: true });
    expect(seen).toEqual([3, { n: 1 }, 'well? yes', 'cut']);
  });

  it('counts the events that are missing', () => {
    const [near, far] = inProcessWires();
    const server = fakeWire();
    let isFull = false;
    // The sink of the bridge's own end, which in this process is never full.
    const writable = new Subject<void>();
    const slow: Wire = {
      local: true,
      inbound$: far.inbound$,
      writable$: writable,
      closed$: far.closed$,
      send: (message) => far.send(message) && !isFull,
      close: (info) => far.close(info),
    };
    bridge(slow, server, plain, { limits: { events: 1 } });
    const client = connect(near, plain);
    const seen: unknown[] = [];
    client.notifications('delta').subscribe((event) => seen.push(event));
    isFull = true;
    server.receive(delta(1), delta(2), delta(3), delta(4));
    isFull = false;
    writable.next();
    expect(seen).toEqual([{ n: 1 }, { type: 'lagged', skipped: 2, first: 2, last: 3 }, { n: 4 }]);
    expect(client.stats().seq).toBe(4);
    near.close();
  });
});
