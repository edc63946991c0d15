import { lagged } from '../../src/backpressure/index.js';
import { describeThread } from './describe-thread.js';
import {
  after,
  asked,
  command,
  completed,
  message,
  numbered,
  printed,
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

/** Amid a turn, after a loss. */
const torn = after([
  ...numbered([turnStarted(), started(command('c')), printed('c', 'a'), started(message('m')), said('m', 'Hel')]),
  lagged(3),
]);

describe('a snapshot', () => {
  it('puts the thread as it is in place of what is known', () => {
    const thread = threadOf([turnOf([command('c', 'completed', 'ab'), message('m', 'Hello'), message('n', 'Bye')])]);
    const state = after([snapshot(thread, 9)], torn);
    expect(describeThread(state)).toEqual({
      items: ['$ ls [completed]ab', 'Hello', 'Bye'],
      turns: ['completed'],
      status: 'idle',
      approvals: [],
      skipped: 3,
      partial: false,
    });
    expect(state.seq).toBe(9);
  });

  it('comes to the state that an unbroken stream comes to', () => {
    const end = [completed(command('c', 'completed', 'ab')), completed(message('m', 'Hello')), turnCompleted()];
    const whole = after(
      numbered(end, 6),
      after(numbered([turnStarted(), started(command('c')), started(message('m'))])),
    );
    const thread = threadOf([
      turnOf([command('c', 'completed', 'ab'), message('m', 'Hello')], 'completed', { durationMs: 5 }),
    ]);
    const { lag, ...state } = after([snapshot(thread, 8)], torn);
    expect({ ...state, lag: whole.lag }).toEqual(whole);
    expect(lag).toEqual({ skipped: 3, gaps: [] });
  });

  it('keeps the identity of what it says again', () => {
    const known = after([turnStarted(), completed(message('m', 'x')), completed(message('n', 'y')), status('idle')]);
    const copy = structuredClone(threadOf([turnOf([message('m', 'x'), message('n', 'z')], 'inProgress')]));
    const state = after([snapshot(copy)], known);
    expect(state.items[0]).toBe(known.items[0]);
    expect(state.turns).toBe(known.turns);
    expect(state.status).toBe(known.status);
    expect(after([snapshot(structuredClone(copy))], state)).toBe(state);
  });

  it('leaves open what may still grow, and what follows is appended', () => {
    const items = [
      { ...message('done', 'x'), completedAtMs: 5 },
      command('ran', 'failed'),
      command('runs'),
      { ...message('speaks', 'Hel'), completedAtMs: null },
    ];
    const state = after([snapshot(threadOf([turnOf(items, 'inProgress')], 'active'), 5)]);
    expect(state.items.map(({ isOpen }) => isOpen)).toEqual([false, false, true, true]);
    expect(textOf(after(numbered([said('speaks', 'lo')], 6), state), 'speaks')).toBe('Hello');
  });

  it('does not open again what is closed', () => {
    const known = after([turnStarted(), completed(message('m', 'x'))]);
    const state = after([snapshot(threadOf([turnOf([message('m', 'x')], 'inProgress')], 'active'))], known);
    expect(state.items[0]?.isOpen).toBe(false);
  });

  it('that is older than an event here changes nothing', () => {
    const old = threadOf([turnOf([message('m', 'old')])]);
    for (const seq of [4, 5]) expect(after([snapshot(old, seq)], torn)).toBe(torn);
    expect(after([snapshot(old, 6)], torn)).not.toBe(torn);
  });

  it('that comes twice repairs once', () => {
    const thread = threadOf([turnOf([message('m', 'x')])]);
    const state = after([snapshot(thread, 6), lagged(1)], torn);
    expect(after([snapshot(thread, 6)], state)).toBe(state);
    expect(state.partial).toBe(true);
  });

  it('of another thread, or of none, changes nothing', () => {
    for (const thread of [{ ...threadOf([]), id: 'other' }, undefined, null, 't']) {
      expect(after([snapshot(thread)], torn)).toBe(torn);
    }
  });

  it('shows each id once, however often it is in it', () => {
    const turn = turnOf([message('m', 'a'), message('n'), message('m', 'b')]);
    const state = after([snapshot(threadOf([turn, { ...turn, id: 'v', items: [message('m', 'c')] }, turn]))]);
    expect(describeThread(state).items).toEqual(['c', '']);
    expect(state.turns.map(({ id }) => id)).toEqual(['u', 'v']);
  });
});

describe('a snapshot that does not tell all', () => {
  it('without turns tells the status and repairs nothing', () => {
    for (const thread of [threadOf([]), { id: 't', status: { type: 'idle' } }]) {
      const state = after([snapshot(thread, 9)], torn);
      expect(state).toEqual({ ...torn, status: { type: 'idle', activeFlags: [] } });
    }
  });

  it('of a turn that is past keeps the items known here', () => {
    const known = after([turnStarted(), completed(message('m', 'x')), turnCompleted(), lagged(1)]);
    const state = after(
      [snapshot(threadOf([turnOf([], 'completed', { itemsView: 'notLoaded', durationMs: 5 })]))],
      known,
    );
    expect(state.items).toBe(known.items);
    expect(state.partial).toBe(false);
  });

  it('of a turn that was not over when events were lost repairs nothing', () => {
    const thread = threadOf([turnOf([message('m', 'Hello')], 'completed', { itemsView: 'summary' })]);
    const state = after([snapshot(thread)], torn);
    expect(describeThread(state)).toMatchObject({ items: ['$ ls [inProgress]a', 'Hello'], partial: true });
    expect(state.items.map(({ isOpen }) => isOpen)).toEqual([false, false]);
    const running = threadOf([turnOf([message('n', 'new')], 'inProgress', { itemsView: 'summary' })], 'active');
    expect(describeThread(after([snapshot(running)], torn)).items).toEqual([
      '$ ls [inProgress]a...',
      'Hel...',
      'new...',
    ]);
  });
});

it('a snapshot that says nothing of a running turn leaves it as it is', () => {
  const running = after([turnStarted(), started(message('m')), said('m', 'x')]);
  const thread = threadOf([turnOf([], 'inProgress', { itemsView: 'notLoaded' })], 'active');
  expect(after([snapshot(thread)], running)).toBe(running);
});

describe('the questions', () => {
  const waiting = after([turnStarted('v'), asked(1, 'a', 'u'), asked(2, 'b', 'v')]);

  it('of a turn that the snapshot shows as over are settled', () => {
    const turns = [turnOf([]), { id: 'v', status: 'inProgress', items: [] }];
    expect(describeThread(after([snapshot(threadOf(turns, 'active'))], waiting)).approvals).toEqual(['2 for b']);
  });

  it('are all settled in a thread that does nothing', () => {
    const turns = [{ id: 'v', status: 'inProgress', items: [] }];
    expect(after([snapshot(threadOf(turns, 'idle'))], waiting).approvals).toEqual([]);
  });
});
