import { emptyThread } from '../../src/thread-state/index.js';
import { describeThread } from './describe-thread.js';

it('emptyThread has nothing to show and misses nothing', () => {
  const state = emptyThread('t');
  expect(state).toMatchObject({ threadId: 't', seq: -1, lag: { skipped: 0, gaps: [] } });
  expect(describeThread(state)).toEqual({
    items: [],
    turns: [],
    status: 'notLoaded',
    approvals: [],
    skipped: 0,
    partial: false,
  });
});
