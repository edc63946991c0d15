import fc from 'fast-check';

import { lagged } from '../../src/backpressure/index.js';
import { emptyThread, reduceThread, type ThreadInput, type ThreadState } from '../../src/thread-state/index.js';
import {
  after,
  answered,
  asked,
  command,
  completed,
  failing,
  message,
  numbered,
  printed,
  resolved,
  said,
  snapshot,
  started,
  status,
  textOf,
  threadOf,
  turnCompleted,
  turnOf,
  turnStarted,
} from './thread-events.js';

const id = fc.constantFrom('a', 'b', 'c');
const turn = fc.constantFrom('u', 'v');
const text = fc.string({ maxLength: 3 });
const item = fc.oneof(
  fc.tuple(id, text).map(([name, said]) => message(name, said)),
  fc.tuple(id, fc.constantFrom('inProgress', 'completed', 'declined', 'odd')).map(([name, how]) => command(name, how)),
);

/** Anything a server may say of thread `t`, in whatever order. */
const event: fc.Arbitrary<ThreadInput> = fc.oneof(
  fc.constantFrom('idle', 'active', 'odd').map((type) => status(type)),
  turn.map((name) => turnStarted(name)),
  fc
    .tuple(turn, fc.constantFrom('completed', 'interrupted', 'failed'), fc.array(item, { maxLength: 1 }))
    .map(([name, how, items]) => turnCompleted(how, { items }, name)),
  fc.tuple(item, turn).map(([it, name]) => started(it, name)),
  fc.tuple(item, turn).map(([it, name]) => completed(it, name)),
  fc.tuple(id, text).map(([name, delta]) => said(name, delta)),
  fc.tuple(id, text).map(([name, delta]) => printed(name, delta)),
  fc.tuple(fc.nat(2), id, turn).map(([request, name, at]) => asked(request, name, at)),
  fc.nat(2).map((request) => resolved(request)),
  text.map((why) => failing(why, true)),
);
const read: fc.Arbitrary<ThreadInput> = fc
  .tuple(
    fc.constantFrom('idle', 'active'),
    fc.array(item, { maxLength: 3 }),
    fc.constantFrom('completed', 'inProgress'),
  )
  .map(([type, items, how]) => snapshot(threadOf([turnOf(items, how)], type)));
const story = fc.array(fc.oneof({ weight: 9, arbitrary: event }, { weight: 1, arbitrary: read }), { maxLength: 30 });
const anything = fc.oneof(
  event,
  read,
  fc.nat(2).map((request) => answered(request)),
  fc.nat(3).map((skipped) => lagged(skipped)),
);

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}

/** Says whether two states are equal, but that parts which are equal are not the same. */
function needlessCopies(before: ThreadState, next: ThreadState): string[] {
  const isEqual = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);
  const parts = (Object.keys(before) as (keyof ThreadState)[]).filter(
    (key) => before[key] !== next[key] && isEqual(before[key], next[key]),
  );
  const items = next.items.filter((it) => {
    const known = before.items.find((other) => other.id === it.id);
    return known !== undefined && known !== it && isEqual(known, it);
  });
  return [...parts, ...items.map((it) => it.id)];
}

describe('whatever a server says, in whatever order', () => {
  it('said again, all of it or a beginning, changes nothing', () => {
    fc.assert(
      fc.property(story, fc.nat(30), (inputs, length) => {
        const events = numbered(inputs);
        const prefix = events.slice(0, length);
        const once = after(prefix);
        expect(after(prefix, once)).toBe(once);
        expect(after(events, once)).toEqual(after(events));
      }),
      { numRuns: 500 },
    );
  });

  it('each of it may come again at any later place', () => {
    fc.assert(
      fc.property(story, fc.array(fc.tuple(fc.nat(29), fc.nat(30)), { maxLength: 20 }), (inputs, copies) => {
        const events = numbered(inputs);
        const doubled: ThreadInput[] = [];
        events.forEach((input, index) => {
          doubled.push(input);
          for (const [which, where] of copies) {
            const copy = events[which];
            if (copy !== undefined && which <= index && where === index) doubled.push(copy);
          }
        });
        expect(after(doubled)).toEqual(after(events));
      }),
      { numRuns: 500 },
    );
  });

  it('nothing that was handed in or out is ever changed', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 30 }), (inputs) => {
        const frozen = freeze(numbered(inputs));
        let state = freeze(emptyThread('t'));
        for (const input of frozen) state = freeze(reduceThread(state, input));
      }),
    );
  });

  it('nothing is copied that stays as it is', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 30 }), (inputs) => {
        let state = emptyThread('t');
        for (const input of inputs) {
          const next = reduceThread(state, input);
          expect(needlessCopies(state, next)).toEqual([]);
          if (JSON.stringify(next) === JSON.stringify(state)) expect(next).toBe(state);
          state = next;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('ids are unique, closed items have no pieces, and what waits belongs to no turn that is over', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 40 }), (inputs) => {
        const state = after(numbered(inputs));
        const ids = state.items.map((it) => it.id);
        expect(new Set(ids).size).toBe(ids.length);
        const over = new Set(state.turns.filter((it) => it.status !== 'inProgress').map((it) => it.id));
        for (const it of state.items) {
          if (!it.isOpen) expect(it.pieces).toEqual({});
          if (over.has(it.turnId ?? '')) expect(it.isOpen).toBe(false);
        }
        expect(state.approvals.some(({ turnId }) => over.has(turnId ?? ''))).toBe(false);
        expect(state.partial).toBe(state.lag.gaps.length > 0);
      }),
      { numRuns: 500 },
    );
  });

  it('it never throws, be it any JSON at all', () => {
    const methods = [
      'turn/started',
      'turn/completed',
      'item/started',
      'item/completed',
      'item/agentMessage/delta',
    ].concat([
      'item/reasoning/summaryTextDelta',
      'error',
      'thread/started',
      'thread/status/changed',
      'serverRequest/resolved',
    ]);
    const members = fc.dictionary(
      fc.constantFrom(
        'turn',
        'item',
        'turnId',
        'itemId',
        'delta',
        'summaryIndex',
        'error',
        'status',
        'requestId',
        'items',
      ),
      fc.oneof(fc.jsonValue(), fc.record({ id: fc.jsonValue(), type: fc.jsonValue(), items: fc.jsonValue() })),
    );
    const odd = fc.oneof(fc.jsonValue(), fc.constantFrom('u', 'inProgress', 'full', 'summary'));
    const oddItem = fc.record({ id: odd, type: odd, status: odd, completedAtMs: odd }, { requiredKeys: [] });
    const items = fc.oneof(fc.jsonValue(), fc.array(oddItem, { maxLength: 3 }));
    const oddTurn = fc.record({ id: odd, status: odd, error: odd, itemsView: odd, items }, { requiredKeys: [] });
    const turns = fc.oneof(fc.jsonValue(), fc.array(oddTurn, { maxLength: 3 }));
    const hostile = fc.oneof(
      fc.jsonValue(),
      fc.record({ type: fc.constant('snapshot'), thread: fc.record({ id: fc.constant('t'), turns }) }),
      fc.record({
        type: fc.constantFrom('notification', 'serverRequest', 'answered'),
        id: fc.jsonValue(),
        method: fc.constantFrom(...methods),
        params: members.map((more) => ({ ...more, threadId: 't' })),
      }),
    );
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 20 }), (inputs) => {
        after(inputs as ThreadInput[]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('text in pieces', () => {
  // Were it copied for each piece, half a terabyte would be, and the spec would not end in its time.
  it('is not copied for each piece', () => {
    const piece = 'x'.repeat(100);
    let state = after(numbered([turnStarted(), started(message('m'))]));
    for (let seq = 3; seq < 100_003; seq += 1) state = reduceThread(state, { ...said('m', piece), seq });
    expect((textOf(state, 'm') as string).length).toBe(10_000_000);
  }, 60_000);
});
