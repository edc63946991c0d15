import fc from 'fast-check';

import type { Message, RequestId } from '../../src/protocol/index.js';
import type { FakeWire } from '../../src/testing/index.js';
import { answer, ask, type BridgePair, bridgePair, delta, done, question, skipped, text } from './bridge-pair.js';

/** What happens on either side, one thing after another. */
type Step =
  | { readonly type: 'ask' | 'log' | 'delta' | 'done' | 'text' | 'question' }
  /** One of the requests, or questions, that are open is answered. */
  | { readonly type: 'answer' | 'reply'; readonly which: number }
  /** The server itself has skipped some. */
  | { readonly type: 'gap'; readonly count: number }
  | { readonly type: 'fill' | 'drain'; readonly side: 'client' | 'server' };

const step = (kinds: readonly ('delta' | 'done' | 'text')[]): fc.Arbitrary<Step> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ type: fc.constantFrom('ask' as const, 'log' as const, 'question' as const) }) },
    { weight: 8, arbitrary: fc.record({ type: fc.constantFrom(...kinds) }) },
    {
      weight: 4,
      arbitrary: fc.record({ type: fc.constantFrom('answer' as const, 'reply' as const), which: fc.nat() }),
    },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('gap' as const), count: fc.integer({ min: 1, max: 5 }) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        type: fc.constantFrom('fill' as const, 'drain' as const),
        side: fc.constantFrom('client' as const, 'server' as const),
      }),
    },
  );
const steps = (...kinds: readonly ('delta' | 'done' | 'text')[]): fc.Arbitrary<readonly Step[]> =>
  fc.array(step(kinds), { maxLength: 120, size: 'max' });

const few = fc.integer({ min: 1, max: 4 });
const limits = fc.record({ requests: few, events: few, unsentAnswers: few, serverRequests: few });
/** Which sinks take one message at a time. */
const narrow = fc.record({ client: fc.boolean(), server: fc.boolean() });

const requestsIn = ({ sent }: FakeWire): readonly RequestId[] =>
  sent.flatMap((message) => ('method' in message && 'id' in message ? [message.id] : []));
const answersIn = ({ sent }: FakeWire): readonly (RequestId | null)[] =>
  sent.flatMap((message) => ('method' in message || !('id' in message) ? [] : [message.id]));
const tells = (message: Message): number =>
  'method' in message && message.method === '$/lagged' ? (message.params as { readonly skipped: number }).skipped : 0;
const isEvent = (message: Message): boolean => 'method' in message && !('id' in message) && tells(message) === 0;

/** Both sides of a bridge, played. */
class Play {
  readonly fromClient: Message[] = [];
  readonly fromServer: Message[] = [];
  readonly pair: BridgePair;
  private count = 0;
  private readonly narrowing: { unsubscribe(): void }[] = [];

  constructor(
    options: Parameters<typeof bridgePair>[0],
    isNarrow: { readonly client: boolean; readonly server: boolean },
  ) {
    this.pair = bridgePair(options);
    this.skipped = this.pair.client.sent.length;
    for (const side of ['client', 'server'] as const) {
      const wire = this.pair[side];
      if (isNarrow[side]) this.narrowing.push(wire.sent$.subscribe(() => wire.fill()));
    }
  }

  /** Messages of the handshake. */
  private readonly skipped: number;

  get received(): readonly Message[] {
    return this.pair.client.sent.slice(this.skipped);
  }

  play(given: readonly Step[]): void {
    for (const one of given) this.do(one);
  }

  /** Everybody reads all there is and answers all there is. */
  settle(): void {
    const { client, server } = this.pair;
    for (const narrowing of this.narrowing) narrowing.unsubscribe();
    client.drain();
    server.drain();
    for (const id of this.open('server')) this.serverSays(answer(id as number));
    for (const id of this.open('client')) this.clientSays(answer(id as number));
  }

  /** Requests that have reached a side and have not been answered there. */
  private open(side: 'client' | 'server'): readonly RequestId[] {
    const said = new Set(
      (side === 'client' ? this.fromClient : this.fromServer).map((it) => ('id' in it ? it.id : null)),
    );
    return requestsIn(this.pair[side]).filter((id) => id !== 'hello' && !said.has(id));
  }

  private do(one: Step): void {
    this.count += 1;
    const n = this.count;
    switch (one.type) {
      case 'ask': {
        this.clientSays(ask(2 * n));
        return;
      }
      case 'log': {
        this.clientSays({ method: 'log', params: String(n) });
        return;
      }
      case 'question': {
        this.serverSays(question(2 * n + 1));
        return;
      }
      case 'delta': {
        this.serverSays(delta(n));
        return;
      }
      case 'done': {
        this.serverSays(done(n));
        return;
      }
      case 'text': {
        this.serverSays(text('i', 'x'));
        return;
      }
      case 'gap': {
        this.serverSays(skipped(one.count));
        return;
      }
      case 'answer': {
        this.settleOne('server', one.which);
        return;
      }
      case 'reply': {
        this.settleOne('client', one.which);
        return;
      }
      case 'fill': {
        this.pair[one.side].fill();
        return;
      }
      case 'drain': {
        this.pair[one.side].drain();
        return;
      }
    }
  }

  private settleOne(side: 'client' | 'server', which: number): void {
    const open = this.open(side);
    const id = open[which % Math.max(open.length, 1)];
    if (id === undefined) return;
    if (side === 'server') this.serverSays(answer(id as number));
    else this.clientSays(answer(id as number));
  }

  private clientSays(message: Message): void {
    this.fromClient.push(message);
    this.pair.client.receive(message);
  }

  private serverSays(message: Message): void {
    this.fromServer.push(message);
    this.pair.server.receive(message);
  }
}

describe('a bridge, whoever stalls and whenever', () => {
  it('passes every command on, in order, and every request is answered once (A1, C4, S1)', () => {
    fc.assert(
      fc.property(steps('delta', 'done', 'text'), limits, narrow, (given, bounds, isNarrow) => {
        const play = new Play({ lag: true, limits: { ...bounds, losslessEvents: 1_000 } }, isNarrow);
        play.play(given);
        play.settle();
        const { client, server, ends } = play.pair;
        expect(server.sent.slice(1)).toEqual(play.fromClient);
        expect(answersIn(client).slice(1)).toEqual(play.fromServer.flatMap((it) => ('result' in it ? [it.id] : [])));
        expect([...answersIn(client).slice(1)].sort()).toEqual([...requestsIn(server).slice(1)].sort());
        expect([...answersIn(server)].sort()).toEqual([...requestsIn(client)].sort());
        expect([client.paused, server.paused, ends]).toEqual([false, false, []]);
      }),
    );
  });

  it('leaves a gap exactly where events are missing, and everything else in its order (A2, E2, E7)', () => {
    fc.assert(
      fc.property(steps('delta', 'done'), limits, narrow, (given, bounds, isNarrow) => {
        const play = new Play({ lag: true, limits: { ...bounds, losslessEvents: 1_000 } }, isNarrow);
        play.play(given);
        play.settle();
        // Blanks in the place of what is missing, on both sides: what is left stands where it stood.
        const blanks = (count: number): readonly undefined[] => Array.from({ length: count }, () => undefined);
        const whole = play.fromServer.flatMap((message) => (tells(message) > 0 ? blanks(tells(message)) : [message]));
        const seen = play.received.flatMap((message) => (tells(message) > 0 ? blanks(tells(message)) : [message]));
        expect(seen).toHaveLength(whole.length);
        expect(seen.map((message, i) => message ?? whole[i])).toEqual(whole);
        // Only best-effort events may be missing.
        const missing = whole.filter((message, i) => message !== undefined && seen[i] === undefined);
        expect(
          missing.every((message) => message !== undefined && 'method' in message && message.method === 'delta'),
        ).toBe(true);
      }),
    );
  });

  it('keeps account, within its bounds, at every moment (E2)', () => {
    fc.assert(
      fc.property(steps('delta', 'done', 'text'), limits, narrow, (given, bounds, isNarrow) => {
        const play = new Play({ lag: true, limits: { ...bounds, losslessEvents: 1_000 } }, isNarrow);
        for (const one of given) {
          play.play([one]);
          const { events, commands, answers, serverRequests } = play.pair.bridge.stats();
          expect(events.delivered + events.skipped + events.conflated + events.waiting).toBe(events.emitted);
          expect(commands.waiting).toBeLessThanOrEqual(bounds.requests);
          expect(answers.waiting).toBeLessThanOrEqual(bounds.unsentAnswers);
          expect(serverRequests.waiting).toBeLessThanOrEqual(bounds.serverRequests);
        }
        play.settle();
        const { events } = play.pair.bridge.stats();
        expect(events).toMatchObject({ waiting: 0, delivered: play.received.filter(isEvent).length });
        const own = play.fromServer.reduce((sum, message) => sum + tells(message), 0);
        expect(play.received.reduce((sum, message) => sum + tells(message), 0)).toBe(events.skipped + own);
        expect(events.emitted).toBe(play.fromServer.filter(isEvent).length);
      }),
    );
  });

  it('ends both sides for one reason, and keeps account to the end (D3, E3)', () => {
    const endings = fc.constantFrom('client', 'server', 'bridge', 'none');
    const tight = fc.record({
      requests: few,
      events: few,
      losslessEvents: few,
      unsentAnswers: few,
      serverRequests: few,
    });
    fc.assert(
      fc.property(
        steps('delta', 'done', 'text'),
        tight,
        narrow,
        fc.record({ client: fc.boolean(), server: fc.boolean() }),
        fc.boolean(),
        endings,
        (given, bounds, isNarrow, pausable, lag, ending) => {
          const options = { client: { pausable: pausable.client }, server: { pausable: pausable.server } };
          const play = new Play({ ...options, lag, limits: bounds }, isNarrow);
          const { bridge, client, server, ends } = play.pair;
          play.play(given);
          const isOver = ends.length > 0;
          const taken = server.sent.length + bridge.stats().commands.waiting;
          if (ending === 'bridge') bridge.close();
          else if (ending !== 'none') play.pair[ending].end({ reason: ending, orderly: false });
          const { events, commands } = bridge.stats();
          expect(events.delivered + events.skipped + events.conflated + events.waiting).toBe(events.emitted);
          if (ends.length === 0) return;
          expect(ends).toHaveLength(1);
          expect([client.closedWith, server.closedWith]).toEqual([ends[0], ends[0]]);
          if (isOver) expect(ends[0]).toEqual({ reason: 'slow-consumer', orderly: false });
          else if (ending !== 'server') {
            // What the bridge had taken, and what the client still held because it was paused.
            expect(commands.waiting).toBe(0);
            expect(server.sent.length).toBeGreaterThanOrEqual(taken);
          }
        },
      ),
    );
  });
});
