import { closeItems, indexOfItem, itemOf, itemState, withItem } from '../../src/thread-state/item-list.js';
import { message } from './thread-events.js';

const open = itemState(undefined, message('m', 'x'), 'u', true);
const closed = itemState(undefined, message('n'), 'u', false);

it('itemOf takes any value with a type and an id', () => {
  const item = { type: 'x', id: 'y', z: 1 };
  expect(itemOf(item)).toBe(item);
  for (const value of [null, 'x', { type: 'x' }, { id: 'y' }, { type: 1, id: 'y' }])
    expect(itemOf(value)).toBeUndefined();
});

describe('itemState', () => {
  it('is the known one if nothing is new', () => {
    expect(itemState(open, message('m', 'x'), 'u', true)).toBe(open);
  });

  it.each([
    ['text', itemState(open, message('m', 'y'), 'u', true)],
    ['turn', itemState(open, message('m', 'x'), 'v', true)],
    ['end', itemState(open, message('m', 'x'), 'u', false)],
  ])('is another one if its %s is', (_what, state) => {
    expect(state).not.toEqual(open);
  });
});

it('indexOfItem finds an item, or says -1', () => {
  expect(indexOfItem([open, closed], 'm')).toBe(0);
  expect(indexOfItem([open, closed], 'n')).toBe(1);
  expect(indexOfItem([open, closed], 'o')).toBe(-1);
});

it('withItem adds, changes in place, and keeps the list if nothing changed', () => {
  const list = [open, closed];
  expect(withItem(list, -1, open)).toEqual([open, closed, open]);
  expect(withItem(list, 1, open)).toEqual([open, open]);
  expect(withItem(list, 0, open)).toBe(list);
  expect(list).toEqual([open, closed]);
});

it('closeItems closes what is open and asked for', () => {
  const grown = { ...open, pieces: { some: 3 } };
  const list = [grown, closed];
  expect(closeItems(list, ({ id }) => id === 'm')).toEqual([{ ...open, isOpen: false }, closed]);
  expect(closeItems(list, ({ id }) => id === 'n')).toBe(list);
  expect(closeItems(list, () => true)[1]).toBe(closed);
});
