import { isEnded, turnError, turnOf, withTurn } from '../../src/thread-state/turn-list.js';

const running = { id: 'u', status: 'inProgress', error: undefined, durationMs: undefined };
const over = { ...running, status: 'completed', durationMs: 3 };

describe('turnOf', () => {
  it('reads what is there', () => {
    const error = { message: 'no', codexErrorInfo: 'other' };
    expect(turnOf({ id: 'u', status: 'failed', error, durationMs: 3 })).toEqual({
      id: 'u',
      status: 'failed',
      error,
      durationMs: 3,
    });
    expect(turnOf({ id: 'u', error: null, durationMs: null })).toEqual(running);
  });

  it.each([undefined, 'u', { id: 1 }])('makes nothing of %p', (value) => {
    expect(turnOf(value)).toBeUndefined();
  });
});

it('turnError has a message', () => {
  expect(turnError({ message: 'x' })).toEqual({ message: 'x' });
  expect(turnError({ message: 1 })).toBeUndefined();
  expect(turnError('x')).toBeUndefined();
});

describe('withTurn', () => {
  it('adds, changes in place, and keeps the list if nothing changed', () => {
    const list = [{ ...running, id: 'a' }, running];
    expect(withTurn(list, { ...running, id: 'b' }).map(({ id }) => id)).toEqual(['a', 'u', 'b']);
    expect(withTurn(list, over)).toEqual([list[0], over]);
    expect(withTurn(list, { ...running })).toBe(list);
  });
});

it('isEnded is true of a turn that is known to be over', () => {
  expect(isEnded([running], 'u')).toBe(false);
  expect(isEnded([over], 'u')).toBe(true);
  expect(isEnded([over], 'v')).toBe(false);
});
