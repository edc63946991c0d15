import { lagged } from '../../src/backpressure/index.js';
import type { ThreadInput } from '../../src/thread-state/index.js';
import {
  after,
  asked,
  command,
  message,
  numbered,
  said,
  snapshot,
  started,
  threadOf,
  turnOf,
  turnStarted,
} from './thread-events.js';

const gap = (skipped: number, last?: number): ThreadInput => ({
  ...lagged(skipped),
  ...(last === undefined ? {} : { first: 1, last }),
});

describe('a gap', () => {
  it('makes the state partial, and says how much is missing and where (E2)', () => {
    const state = after([gap(2), turnStarted(), started(message('m')), gap(3), said('m', 'x'), gap(4)]);
    expect(state.partial).toBe(true);
    expect(state.lag).toEqual({
      skipped: 9,
      gaps: [
        { skipped: 2, after: undefined, last: undefined },
        { skipped: 7, after: 'm', last: undefined },
      ],
    });
  });

  it('stays until a snapshot, whatever ends meanwhile', () => {
    const state = after([turnStarted(), gap(1), started(message('m')), said('m', 'x')]);
    expect(after([{ type: 'notification', method: 'thread/closed', params: { threadId: 't' } }], state).partial).toBe(
      true,
    );
  });

  it('is repaired by a snapshot, and still counted', () => {
    const state = after([turnStarted(), gap(2), snapshot(threadOf([turnOf([message('m', 'all')])]))]);
    expect(state.partial).toBe(false);
    expect(state.lag).toEqual({ skipped: 2, gaps: [] });
  });

  it('counts once if its numbers are known', () => {
    const state = after([gap(2, 5)]);
    expect(after([gap(2, 5)], state)).toBe(state);
    expect(after([gap(1, 6)], state).lag).toEqual({ skipped: 3, gaps: [{ skipped: 3, after: undefined, last: 6 }] });
  });

  it('that a later snapshot has in it is none', () => {
    const state = after([snapshot(threadOf([]), 9)]);
    expect(after([gap(2, 8)], state)).toBe(state);
    expect(after([gap(2, 10)], state).partial).toBe(true);
  });

  describe('of unknown size, where a connection was lost', () => {
    const broken: ThreadInput = { ...lagged(0), unknown: true };

    it('makes the state partial though nothing is known to be skipped, and says so', () => {
      const state = after([turnStarted(), started(message('m')), broken, gap(2), broken]);
      expect(state.partial).toBe(true);
      expect(state.lag).toEqual({
        skipped: 2,
        gaps: [{ skipped: 2, unknown: true, after: 'm', last: undefined }],
      });
      expect(after([gap(2)]).lag.gaps).toEqual([{ skipped: 2, after: undefined, last: undefined }]);
    });

    it('takes away the questions, which nobody can answer any more: those that are open come again (S4)', () => {
      const state = after([turnStarted(), started(command('c')), asked(1), broken]);
      expect(state.approvals).toEqual([]);
      expect(after([asked(2)], state).approvals).toMatchObject([{ id: 2 }]);
      expect(after([turnStarted(), asked(1), gap(3)]).approvals).toHaveLength(1);
    });

    it('counts once if it has a number', () => {
      const numberedGap: ThreadInput = { ...lagged(0), unknown: true, first: 5, last: 5 };
      const state = after([numberedGap]);
      expect(after([numberedGap], state)).toBe(state);
      expect(after([snapshot(threadOf([]), 6), numberedGap]).partial).toBe(false);
    });
  });

  it.each([0, -1, NaN])('of %p events is none', (skipped) => {
    const state = after(numbered([turnStarted()]));
    expect(after([gap(skipped)], state)).toBe(state);
  });
});
