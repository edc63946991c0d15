import { emptyThread } from '../../src/thread-state/index.js';
import { patchThread } from '../../src/thread-state/patch-thread.js';

describe('patchThread', () => {
  const state = emptyThread('t');

  it('gives back the state if every member is what it was', () => {
    expect(patchThread(state, {})).toBe(state);
    expect(patchThread(state, { items: state.items, seq: -1 })).toBe(state);
  });

  it('makes another one if a member is not', () => {
    expect(patchThread(state, { items: state.items, seq: 4 })).toEqual({ ...state, seq: 4 });
  });
});
