import {
  isSameThreadStatus,
  reduceThreadActivity,
  type ThreadHappening,
  type ThreadActivity,
  toThreadStatus,
  noActivity,
} from '../../src/app-server/thread-activity.js';

const after = (...happenings: readonly ThreadHappening[]): ThreadActivity =>
  happenings.reduce(reduceThreadActivity, noActivity);
const statusAfter = (...happenings: readonly ThreadHappening[]): ReturnType<typeof toThreadStatus> =>
  toThreadStatus(after(...happenings));

describe('thread status (U-R11.10)', () => {
  it('is notLoaded for a thread nobody has told of', () => {
    expect(statusAfter()).toEqual({ type: 'notLoaded' });
  });

  it('is idle once the thread is loaded', () => {
    expect(statusAfter('loaded')).toEqual({ type: 'idle' });
  });

  it('follows one thread through a turn, an approval and an input', () => {
    expect(statusAfter('loaded', 'turnStarted')).toEqual({ type: 'active', activeFlags: [] });
    expect(statusAfter('loaded', 'turnStarted', 'approvalAsked')).toEqual({
      type: 'active',
      activeFlags: ['waitingOnApproval'],
    });
    expect(statusAfter('loaded', 'turnStarted', 'approvalAsked', 'inputAsked')).toEqual({
      type: 'active',
      activeFlags: ['waitingOnApproval', 'waitingOnUserInput'],
    });
    expect(statusAfter('loaded', 'turnStarted', 'approvalAsked', 'inputAsked', 'approvalSettled')).toEqual({
      type: 'active',
      activeFlags: ['waitingOnUserInput'],
    });
    expect(statusAfter('loaded', 'turnStarted', 'inputAsked', 'inputSettled', 'turnEnded')).toEqual({ type: 'idle' });
  });

  it('counts questions: two asked and one settled is still waiting', () => {
    const state = after('loaded', 'turnStarted', 'approvalAsked', 'approvalAsked', 'approvalSettled');
    expect(toThreadStatus(state)).toEqual({ type: 'active', activeFlags: ['waitingOnApproval'] });
    expect(toThreadStatus(reduceThreadActivity(state, 'approvalSettled'))).toEqual({ type: 'active', activeFlags: [] });
  });

  it('is active for a running turn, even of a thread that was never loaded', () => {
    expect(statusAfter('turnStarted')).toEqual({ type: 'active', activeFlags: [] });
  });

  it('is active while a question is open, even without a turn', () => {
    expect(statusAfter('approvalAsked')).toEqual({ type: 'active', activeFlags: ['waitingOnApproval'] });
    expect(statusAfter('inputAsked')).toEqual({ type: 'active', activeFlags: ['waitingOnUserInput'] });
  });

  it('holds systemError until the next turn starts', () => {
    expect(statusAfter('loaded', 'turnStarted', 'turnFailed')).toEqual({ type: 'systemError' });
    expect(statusAfter('loaded', 'turnStarted', 'turnFailed', 'loaded')).toEqual({ type: 'systemError' });
    expect(statusAfter('loaded', 'turnStarted', 'turnFailed', 'turnStarted')).toEqual({
      type: 'active',
      activeFlags: [],
    });
    expect(statusAfter('loaded', 'turnStarted', 'turnFailed', 'turnStarted', 'turnEnded')).toEqual({ type: 'idle' });
  });

  it('settles all questions with the end of the turn', () => {
    expect(statusAfter('loaded', 'turnStarted', 'approvalAsked', 'inputAsked', 'turnEnded')).toEqual({ type: 'idle' });
    expect(statusAfter('loaded', 'turnStarted', 'approvalAsked', 'turnFailed')).toEqual({ type: 'systemError' });
  });

  it('is notLoaded again after unloading', () => {
    expect(statusAfter('loaded', 'turnStarted', 'unloaded')).toEqual({ type: 'notLoaded' });
  });

  it('is the same object when nothing changed', () => {
    const idle = after('loaded');
    expect(reduceThreadActivity(idle, 'loaded')).toBe(idle);
    expect(reduceThreadActivity(idle, 'approvalSettled')).toBe(idle);
    expect(reduceThreadActivity(idle, 'inputSettled')).toBe(idle);
    expect(reduceThreadActivity(noActivity, 'unloaded')).toBe(noActivity);
  });

  it('differs by type and by flags only', () => {
    expect(isSameThreadStatus({ type: 'idle' }, { type: 'idle' })).toBe(true);
    expect(isSameThreadStatus({ type: 'idle' }, { type: 'notLoaded' })).toBe(false);
    expect(isSameThreadStatus({ type: 'active', activeFlags: [] }, { type: 'active', activeFlags: [] })).toBe(true);
    expect(
      isSameThreadStatus({ type: 'active', activeFlags: [] }, { type: 'active', activeFlags: ['waitingOnApproval'] }),
    ).toBe(false);
  });
});
