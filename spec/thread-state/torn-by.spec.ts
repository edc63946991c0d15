import type { ThreadInput } from '../../src/thread-state/index.js';
import { tornBy } from '../../src/thread-state/torn-by.js';
import { after, message, said, snapshot, textOf, threadOf, turnOf } from './thread-events.js';

const folded = { ...said('m', 'bc'), first: 4, seq: 8 } as ThreadInput;

describe('tornBy', () => {
  it.each([
    [3, undefined],
    [4, { type: 'lagged', skipped: 1, first: 4, last: 8 }],
    [7, { type: 'lagged', skipped: 1, first: 4, last: 8 }],
    [8, undefined],
  ])('says of pieces 4 to 8 and a snapshot up to %p: %p', (covered, loss) => {
    expect(tornBy(covered, folded)).toEqual(loss);
  });

  it('says nothing of what is no fold', () => {
    for (const event of [said('m', 'x'), { ...said('m', 'x'), seq: 9 }, undefined, { first: 1 }]) {
      expect(tornBy(5, event)).toBeUndefined();
    }
  });
});

describe('text that a snapshot has tore apart (E3, E9)', () => {
  const covered = (seq: number) =>
    after([snapshot(threadOf([turnOf([message('m', 'ab')], 'inProgress')], 'active'), seq)]);

  it('is not said twice: the state is partial until another snapshot', () => {
    const state = after([folded], covered(6));
    expect([textOf(state, 'm'), state.partial]).toEqual(['ab', true]);
    expect(after([folded], state)).toBe(state);
    const next = after([snapshot(threadOf([turnOf([message('m', 'abc')], 'inProgress')], 'active'), 9)], state);
    expect([textOf(next, 'm'), next.partial]).toEqual(['abc', false]);
  });

  it('is added where the snapshot has none of it', () => {
    const state = after([folded], covered(3));
    expect([textOf(state, 'm'), state.partial]).toEqual(['abbc', false]);
  });
});
