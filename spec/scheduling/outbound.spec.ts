import {
  defineContract,
  LAGGED_METHOD,
  type Limits,
  notification,
  resolveLimits,
  type,
} from '../../src/protocol/index.js';
import { Outbound } from '../../src/scheduling/index.js';
import { SessionState } from '../../src/server/session-state.js';
import { fakeWire, type FakeWire } from '../../src/testing/index.js';
import { plain, since } from '../rules/support.js';

interface Made {
  readonly outbound: Outbound;
  readonly wire: FakeWire;
  /** What its owner was told. */
  readonly told: readonly string[];
  /** How much had been sent each time the owner was told that no answer waits any more. */
  readonly answered: readonly number[];
  /** Makes the sink full; what is sent from then on. */
  block(): ReturnType<typeof since>;
}

function makeOutbound(limits: Partial<Limits> = {}, lag = true): Made {
  const wire = fakeWire();
  const session = new SessionState(plain, false);
  session.lag = lag;
  const told: string[] = [];
  const answered: number[] = [];
  const outbound: Outbound = new Outbound(wire, plain, resolveLimits({ limits }, 'server', false), session, {
    answersSent: () => {
      answered.push(wire.sent.length);
    },
    unsendable: (_message, error) => {
      throw error;
    },
    diagnose: () => undefined,
    overflowed: (budget) => {
      told.push(budget);
    },
    drained: () => {
      told.push('drained');
    },
  });
  wire.writable$.subscribe(() => {
    outbound.writable();
  });
  return {
    outbound,
    wire,
    told,
    answered,
    block: () => {
      wire.fill();
      outbound.event(done(0));
      return since(wire);
    },
  };
}

const done = (n: number) => ({ method: 'done', params: { n } });
const delta = (n: number) => ({ method: 'delta', params: { n } });
const text = (item: string, length: number) => ({ method: 'text', params: { item, text: 'x'.repeat(length) } });
const question = (id: number) => ({ id, method: 'ask', params: 'well?' });
const answer = (id: number) => ({ id, result: id });
const lagged = (skipped: number) => ({ method: LAGGED_METHOD, params: { skipped } });

describe('A2 the two lanes of an outbound', () => {
  it('are one while the sink has room: everything passes straight through', () => {
    const { outbound, wire, told } = makeOutbound();
    expect(outbound.event(delta(1))).toBe('sent');
    expect(outbound.answer(answer(1))).toBe(true);
    outbound.serverRequest(question(2));
    expect(wire.sent).toEqual([delta(1), answer(1), question(2)]);
    expect(outbound.counts).toMatchObject({ sent: 1, waiting: 0 });
    expect([outbound.isEmpty, told]).toEqual([true, []]);
  });

  it('give their first message to a sink that says it is full with it, and nothing after it', () => {
    const { outbound, wire } = makeOutbound();
    wire.fill();
    expect(outbound.answer(answer(1))).toBe(true);
    expect(outbound.answer(answer(2))).toBe(false);
    expect(outbound.event(done(3))).toBe('queued');
    expect(wire.sent).toEqual([answer(1)]);
    expect(outbound.unsentAnswers).toBe(1);
  });

  it('come together again with the answers first, each lane in its order', () => {
    const { outbound, wire, told, block } = makeOutbound();
    const after = block();
    outbound.event(done(1));
    outbound.answer(answer(1));
    outbound.event(done(2));
    outbound.answer(answer(2));
    wire.drain();
    expect(after()).toEqual([answer(1), answer(2), done(1), done(2)]);
    expect([outbound.isEmpty, told]).toEqual([true, ['drained']]);
  });

  it('are two also where one has nothing: answers leave alone', () => {
    const { outbound, wire, told, block } = makeOutbound();
    const after = block();
    outbound.answer(answer(1));
    expect(outbound.isEmpty).toBe(false);
    wire.drain();
    expect([after(), outbound.isEmpty, told]).toEqual([[answer(1)], true, ['drained']]);
  });

  it('tell that no answer waits once the last has left, in whichever of them it waited', () => {
    const { outbound, wire, answered, block } = makeOutbound();
    block();
    for (const id of [1, 2]) outbound.answer(answer(id));
    outbound.event(done(1));
    outbound.answer(answer(3), true);
    outbound.answer(answer(4), true);
    outbound.event(done(2));
    wire.drain();
    // The event that filled the sink, both lines of answers with an event between them, and the last event.
    expect([answered, wire.sent.length]).toEqual([[6], 7]);
    block();
    outbound.answer(answer(5));
    outbound.event(done(3));
    wire.drain();
    expect(answered).toEqual([6, 9]);
  });

  it('stop in the middle when the sink is full again, and go on where they were', () => {
    const { outbound, wire, told, block } = makeOutbound();
    const after = block();
    outbound.event(done(1));
    outbound.event(done(2));
    outbound.answer(answer(1));
    const oneAtATime = wire.sent$.subscribe(() => {
      wire.fill();
    });
    wire.drain();
    expect(after()).toEqual([answer(1)]);
    outbound.answer(answer(2));
    wire.drain();
    wire.drain();
    expect(after()).toEqual([answer(1), answer(2), done(1)]);
    oneAtATime.unsubscribe();
    wire.drain();
    expect(after()).toEqual([answer(1), answer(2), done(1), done(2)]);
    expect(told).toEqual(['drained']);
  });

  it('keep their order when more is sent from inside the flush, and when the flush is asked for again in it', () => {
    const { outbound, wire, told, block } = makeOutbound();
    const after = block();
    outbound.event(done(1));
    outbound.event(done(2));
    let reacted = false;
    wire.sent$.subscribe(() => {
      if (reacted || after().length < 2) return;
      reacted = true;
      expect(outbound.event(done(3))).toBe('queued');
      expect(outbound.answer(answer(4))).toBe(false);
      outbound.writable();
    });
    outbound.event(done(5));
    wire.drain();
    expect(reacted).toBe(true);
    expect(after()).toEqual([done(1), done(2), answer(4), done(5), done(3)]);
    expect(told).toEqual(['drained']);
  });
});

describe('E3 and E7 a full event lane', () => {
  it('gives up the oldest best-effort events and says so in band, where they stood', () => {
    const { outbound, wire, block } = makeOutbound({ events: 2 });
    const after = block();
    const fates = [delta(1), done(2), delta(3), delta(4), delta(5)].map((event) => outbound.event(event));
    expect(fates).toEqual(['queued', 'queued', 'queued', 'dropped', 'dropped']);
    outbound.answer(answer(1));
    wire.drain();
    expect(after()).toEqual([answer(1), lagged(1), done(2), lagged(1), delta(4), delta(5)]);
  });

  it('keeps account: sent + waiting + skipped + conflated = emitted', () => {
    const { outbound, wire, block } = makeOutbound({ events: 2 });
    block();
    for (let n = 1; n <= 5; n += 1) outbound.event(delta(n));
    outbound.event({ method: 'state', params: { key: 'a', value: 1 } });
    outbound.event({ method: 'state', params: { key: 'a', value: 2 } });
    expect(outbound.counts).toEqual({ sent: 1, waiting: 2, droppable: 2, lossless: 0, skipped: 4, conflated: 1 });
    wire.drain();
    expect(outbound.counts).toEqual({ sent: 3, waiting: 0, droppable: 0, lossless: 0, skipped: 4, conflated: 1 });
  });

  it('drops nothing of a client that does not understand the marker; the budget decides for how long', () => {
    const { outbound, wire, told, block } = makeOutbound({ events: 1, losslessEvents: 3 }, false);
    const after = block();
    expect([1, 2, 3].map((n) => outbound.event(delta(n)))).toEqual(['queued', 'queued', 'queued']);
    wire.drain();
    expect(after()).toEqual([delta(1), delta(2), delta(3)]);
    block();
    expect([4, 5, 6, 7].map((n) => outbound.event(delta(n)))).toEqual(['queued', 'queued', 'queued', 'closed']);
    expect(told).toEqual(['drained', 'losslessEvents']);
  });

  it('counts the bytes of lossless events, and gives them back as they leave', () => {
    // Each is a key of 1 and a number of 8.
    const { outbound, wire, told, block } = makeOutbound({ bytes: 20 });
    block();
    expect([1, 2].map((n) => outbound.event(done(n)))).toEqual(['queued', 'queued']);
    wire.drain();
    block();
    expect([3, 4, 5].map((n) => outbound.event(done(n)))).toEqual(['queued', 'queued', 'closed']);
    expect(told).toEqual(['drained', 'losslessEvents']);
  });

  it('leaves best-effort events out of the bytes', () => {
    const { outbound, told, block } = makeOutbound({ bytes: 20 });
    block();
    for (let n = 0; n < 50; n += 1) outbound.event(delta(n));
    expect(told).toEqual([]);
  });

  it('sends what was folded, not what was there first, and starts a new place past maxBytes', () => {
    const { outbound, wire, block } = makeOutbound();
    const after = block();
    expect(['queued', 'queued', 'queued', 'queued']).toEqual(
      [text('i', 400), text('i', 500), text('j', 1), text('i', 200)].map((event) => outbound.event(event)),
    );
    wire.drain();
    expect(after()).toEqual([text('i', 900), text('j', 1), text('i', 200)]);
    expect(outbound.counts.conflated).toBe(1);
  });

  it('folds nothing over a lossless event', () => {
    const { outbound, wire, block } = makeOutbound();
    const after = block();
    for (const event of [text('i', 1), done(1), text('i', 1)]) outbound.event(event);
    wire.drain();
    expect(after()).toEqual([text('i', 1), done(1), text('i', 1)]);
  });
});

describe('S2 a server request in a full event lane', () => {
  it('stands in its place and counts in no budget', () => {
    const { outbound, wire, told, block } = makeOutbound({ losslessEvents: 2, bytes: 20, events: 1 });
    const after = block();
    outbound.event(done(1));
    for (const id of [1, 2, 3]) outbound.serverRequest(question(id));
    expect(outbound.event(done(2))).toBe('queued');
    wire.drain();
    expect(after()).toEqual([done(1), question(1), question(2), question(3), done(2)]);
    expect(told).toEqual(['drained']);
  });

  it('is not counted among the events that were sent', () => {
    const { outbound, wire, block } = makeOutbound();
    block();
    outbound.serverRequest(question(1));
    wire.drain();
    expect(outbound.counts.sent).toBe(1);
  });
});

describe('D3 the end of an outbound', () => {
  it('gives up what waits, takes nothing more and stays silent when the sink has room', () => {
    const { outbound, wire, told, block } = makeOutbound({ events: 1 });
    const after = block();
    for (const event of [delta(1), delta(2), done(3)]) outbound.event(event);
    outbound.answer(answer(1));
    outbound.end();
    expect(outbound.isEmpty).toBe(true);
    expect(outbound.event(done(4))).toBe('closed');
    expect(outbound.answer(answer(2))).toBe(true);
    outbound.serverRequest(question(3));
    wire.drain();
    expect([after(), told]).toEqual([[], []]);
    expect(outbound.counts).toMatchObject({ sent: 1, waiting: 0, skipped: 1 });
  });

  it('from inside a flush stops it', () => {
    const { outbound, wire, told, block } = makeOutbound();
    const after = block();
    outbound.event(done(1));
    outbound.event(done(2));
    wire.sent$.subscribe(() => {
      if (after().length === 1) outbound.end();
    });
    wire.drain();
    expect([after(), told]).toEqual([[done(1)], []]);
  });
});

describe('E9 an answer in order', () => {
  it('waits in its place among the events, while others go first', () => {
    const { outbound, wire, block } = makeOutbound();
    const sent = block();
    outbound.event(done(1));
    expect(outbound.answer(answer(2), true)).toBe(false);
    outbound.event(done(3));
    outbound.answer(answer(4));
    expect([outbound.unsentAnswers, outbound.isEmpty]).toEqual([2, false]);
    wire.drain();
    expect(sent()).toEqual([answer(4), done(1), answer(2), done(3)]);
    expect([outbound.unsentAnswers, outbound.isEmpty, outbound.counts.sent]).toEqual([0, true, 3]);
  });

  it('passes straight through while nothing waits', () => {
    const { outbound, wire } = makeOutbound();
    expect(outbound.answer(answer(1), true)).toBe(true);
    expect([wire.sent, outbound.unsentAnswers]).toEqual([[answer(1)], 0]);
  });

  it('is never given up, and comes behind the gap of what was', () => {
    const { outbound, wire, block } = makeOutbound({ events: 1 });
    const sent = block();
    for (const n of [1, 2, 3]) outbound.event(delta(n));
    outbound.answer(answer(4), true);
    for (const n of [5, 6]) outbound.event(delta(n));
    wire.drain();
    expect(sent()).toEqual([lagged(3), answer(4), lagged(1), delta(6)]);
  });

  it('is forgotten with the end', () => {
    const { outbound, block } = makeOutbound();
    block();
    outbound.answer(answer(1), true);
    outbound.end();
    expect(outbound.unsentAnswers).toBe(0);
  });
});

describe('E7 a marker that another end has told', () => {
  it('passes as it came while the sink has room', () => {
    const { outbound, wire } = makeOutbound();
    const told = { ...lagged(3), trace: 'a' };
    outbound.marker(told, 3);
    expect(wire.sent).toEqual([told]);
    expect(outbound.counts).toMatchObject({ sent: 0, skipped: 0 });
  });

  it('is one gap with what is given up beside it, and none of ours', () => {
    const { outbound, wire, block } = makeOutbound({ events: 1 });
    const after = block();
    outbound.event(delta(1));
    outbound.marker(lagged(10), 10);
    outbound.event(delta(2));
    outbound.marker(lagged(20), 20);
    wire.drain();
    expect(after()).toEqual([lagged(11), delta(2), lagged(20)]);
    expect(outbound.counts).toMatchObject({ sent: 2, skipped: 1 });
  });
});

describe('E2 an event the wire cannot carry', () => {
  const refused = { method: 'done', params: { n: 1n } };
  const make = (
    lag: boolean,
  ): Made & { readonly outbound: Outbound; readonly sent: unknown[]; readonly unsendable: unknown[] } => {
    const made = makeOutbound({}, lag);
    const sent: unknown[] = [];
    const unsendable: unknown[] = [];
    const strict = {
      ...made.wire,
      send: (message: object) => {
        sent.push(JSON.parse(JSON.stringify(message)));
        return true;
      },
    };
    const outbound: Outbound = new Outbound(
      strict,
      plain,
      resolveLimits({}, 'server', false),
      { lag },
      {
        answersSent: () => undefined,
        unsendable: (message, error) => {
          unsendable.push(message, error);
        },
        diagnose: () => undefined,
        overflowed: () => undefined,
        drained: () => undefined,
      },
    );
    return { ...made, outbound, sent, unsendable };
  };

  it('is counted as skipped, and told in its place to who understands', () => {
    const { outbound, sent, unsendable } = make(true);
    expect([done(1), refused, done(2)].map((event) => outbound.event(event))).toEqual(['sent', 'dropped', 'sent']);
    expect(sent).toEqual([done(1), lagged(1), done(2)]);
    expect(outbound.counts).toMatchObject({ sent: 2, skipped: 1 });
    expect(unsendable).toEqual([refused, expect.any(TypeError)]);
  });

  it('is counted only, for who does not', () => {
    const { outbound, sent } = make(false);
    outbound.event(refused);
    expect([sent, outbound.counts.skipped]).toEqual([[], 1]);
  });
});

describe('D3 the flush of an outbound', () => {
  it('gives all that waits to a full sink, in the order it would have had', () => {
    const { outbound, wire, block } = makeOutbound({ events: 1 });
    const after = block();
    outbound.event(delta(1));
    outbound.event(delta(2));
    outbound.serverRequest(question(3));
    outbound.answer(answer(4));
    expect(outbound.unsentRequests).toBe(1);
    outbound.flush();
    expect(after()).toEqual([answer(4), lagged(1), delta(2), question(3)]);
    expect([outbound.isEmpty, outbound.unsentRequests, wire.full]).toEqual([true, 0, true]);
    expect(outbound.event(done(5))).toBe('sent');
  });

  it('sends nothing after the end', () => {
    const { outbound, block } = makeOutbound();
    const after = block();
    outbound.serverRequest(question(1));
    outbound.end();
    outbound.flush();
    outbound.marker(lagged(1), 1);
    expect([after(), outbound.unsentRequests]).toEqual([[], 0]);
  });
});

describe('the messages an outbound folds and makes', () => {
  it('keep what else stands in them, and have the header of the contract', () => {
    const wire = fakeWire();
    const contract = { ...plain, header: { jsonrpc: '2.0' } };
    const outbound: Outbound = new Outbound(
      wire,
      contract,
      resolveLimits({ capacity: 1 }, 'server', false),
      { lag: true },
      {
        answersSent: () => undefined,
        unsendable: () => undefined,
        diagnose: () => undefined,
        overflowed: () => undefined,
        drained: () => undefined,
      },
    );
    wire.fill();
    outbound.event(done(0));
    for (const [n, event] of [delta(1), text('i', 1), text('i', 2)].entries())
      outbound.event({ ...event, ...{ trace: n } });
    outbound.flush();
    expect(wire.sent.slice(1)).toEqual([
      { jsonrpc: '2.0', ...lagged(1) },
      { ...text('i', 3), trace: 2 },
    ]);
  });
});

describe('E2 an event whose folding fails', () => {
  it('is given up where it stood, counted and told, and so is the failure', () => {
    const error = new Error('no sum');
    const contract = defineContract({
      serverNotifications: {
        sum: notification({
          params: type<number>(),
          delivery: 'best-effort',
          conflate: {
            key: () => 'all',
            merge: () => {
              throw error;
            },
          },
        }),
      },
    });
    const sum = (n: number) => ({ method: 'sum', params: n });
    const wire = fakeWire();
    const told: unknown[] = [];
    const outbound = new Outbound(
      wire,
      contract,
      resolveLimits({}, 'server', false),
      { lag: true },
      {
        answersSent: () => undefined,
        unsendable: () => undefined,
        diagnose: (diagnostic) => told.push(diagnostic),
        overflowed: () => undefined,
        drained: () => undefined,
      },
    );
    wire.fill();
    expect([0, 1, 2].map((n) => outbound.event(sum(n)))).toEqual(['sent', 'queued', 'dropped']);
    expect(told).toEqual([{ type: 'callbackFailed', method: 'sum', error }]);
    outbound.flush();
    expect(wire.sent).toEqual([sum(0), sum(1), lagged(1)]);
    expect(outbound.counts).toMatchObject({ sent: 2, skipped: 1 });
  });
});

describe('H6 the marker of an outbound', () => {
  it.each([true, false])('has the header of the contract unless its wire is local: %s', (local) => {
    const wire = fakeWire({ local });
    const contract = { ...plain, header: { jsonrpc: '2.0' } };
    const outbound = new Outbound(
      wire,
      contract,
      resolveLimits({ limits: { events: 1 } }, 'server', false),
      { lag: true },
      {
        answersSent: () => undefined,
        unsendable: () => undefined,
        diagnose: () => undefined,
        overflowed: () => undefined,
        drained: () => undefined,
      },
    );
    wire.fill();
    for (const n of [0, 1, 2]) outbound.event(delta(n));
    outbound.flush();
    expect(wire.sent[1]).toStrictEqual(local ? lagged(1) : { jsonrpc: '2.0', ...lagged(1) });
  });
});
