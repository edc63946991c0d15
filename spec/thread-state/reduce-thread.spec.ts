import { lagged } from '../../src/backpressure/index.js';
import {
  emptyThread,
  reduceThread,
  type ThreadInput,
  type ThreadItem,
  type ThreadState,
} from '../../src/thread-state/index.js';
import { expectType } from '../protocol/expect-type.js';
import type { Equal } from '../protocol/expect-type.js';
import {
  after,
  answered,
  asked,
  message,
  numbered,
  said,
  snapshot,
  started,
  status,
  threadOf,
  turnOf,
  turnStarted,
} from './thread-events.js';

describe('reduceThread', () => {
  it('gives back the very same state when nothing changed', () => {
    const state = after(numbered([turnStarted(), started(message('m'))]));
    const other: ThreadInput = {
      type: 'notification',
      method: 'turn/started',
      params: { threadId: 'other', turn: { id: 'x' } },
    };
    const idle: ThreadInput[] = [
      other,
      { type: 'unknown', method: 'thread/of/tomorrow', params: { threadId: 't' }, seq: 9 },
      { type: 'notification', method: 'configWarning', params: { summary: 'x' }, seq: 10 },
      {
        type: 'notification',
        method: 'thread/status/changed',
        params: { threadId: 't', status: { type: 'active', activeFlags: [] } },
        seq: 11,
      },
      answered(7),
      lagged(0),
    ];
    for (const input of idle) expect(reduceThread(state, input)).toBe(state);
  });

  it('takes an event by its method, whether or not the contract knows it', () => {
    const event = started(message('m'));
    expect(after([{ ...event, type: 'unknown' } as ThreadInput])).toEqual(after([event]));
  });

  it('keeps what did not change as it was', () => {
    const before = after(numbered([turnStarted(), started(message('m')), started(message('n'))]));
    const next = reduceThread(before, said('n', 'x'));
    expect(next.items[0]).toBe(before.items[0]);
    expect(next.items[1]).not.toBe(before.items[1]);
    expect(next.turns).toBe(before.turns);
    expect(next.status).toBe(before.status);
    expect(next.approvals).toBe(before.approvals);
    expect(next.lag).toBe(before.lag);
  });

  describe('what has a number', () => {
    it('counts once (E9)', () => {
      const events = numbered([turnStarted(), started(message('m')), said('m', 'a'), said('m', 'a'), asked(1)]);
      const once = after(events);
      expect(after(events, once)).toBe(once);
      expect(after(events.flatMap((event) => [event, event]))).toEqual(once);
    });

    it('counts once even if what undid it has none', () => {
      const question = numbered([asked(1)]);
      const state = after([...question, answered(1)]);
      expect(after(question, state)).toBe(state);
      expect(state.approvals).toEqual([]);
    });

    it('is in a snapshot that came later (E9)', () => {
      const state = after([snapshot(threadOf([turnOf([message('m', 'ab')], 'inProgress')], 'active'), 10)]);
      expect(after(numbered([turnStarted(), started(message('m')), said('m', 'b'), status('idle')], 7), state)).toBe(
        state,
      );
      expect(after(numbered([said('m', 'c')], 11), state).items[0]?.item).toEqual(message('m', 'abc'));
    });
  });

  describe('what has none', () => {
    it('counts each time', () => {
      const state = after([turnStarted(), started(message('m')), said('m', 'a'), said('m', 'a')]);
      expect(state.items[0]?.item).toEqual(message('m', 'aa'));
      expect(state.seq).toBe(-1);
    });
  });

  it('hands the items on with the type the caller knows', () => {
    interface Mine extends ThreadItem {
      readonly mine: true;
    }
    const state = reduceThread(emptyThread<Mine>('t'), turnStarted());
    expectType<Equal<typeof state, ThreadState<Mine>>>();
  });
});
