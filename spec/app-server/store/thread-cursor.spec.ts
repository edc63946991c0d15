import { comparePlaces, fromCursor, placeOf, toCursor } from '../../../src/app-server/store/thread-cursor.js';
import { summaryOf } from './thread-samples.js';

describe('a cursor', () => {
  it.each(['plain', 'with "quotes" and [brackets]', 'ß ✓', ''])('comes back as the place it was made of: %s', (id) => {
    expect(fromCursor('createdAt', toCursor('createdAt', { time: 1.5, id }))).toEqual({ time: 1.5, id });
  });

  it.each([
    ['of another order', toCursor('updatedAt', { time: 1, id: 'a' })],
    ['that is no JSON', 'abc'],
    ['that is no array', '{}'],
    ['without a time', '["createdAt","1","a"]'],
    ['without an id', '["createdAt",1]'],
    ['that is empty', ''],
  ])('%s is refused', (_, cursor) => {
    expect(() => fromCursor('createdAt', cursor)).toThrow(
      new TypeError(`not a cursor of a list by createdAt: ${cursor}`),
    );
  });
});

describe('a place', () => {
  it('is told by time first, then by id', () => {
    const places = [
      { time: 2, id: 'a' },
      { time: 1, id: 'b' },
      { time: 1, id: 'a' },
    ];
    expect(places.sort(comparePlaces).map(({ time, id }) => `${time}${id}`)).toEqual(['1a', '1b', '2a']);
    expect(comparePlaces({ time: 1, id: 'a' }, { time: 1, id: 'a' })).toBe(0);
  });

  it('is that of the time in question', () => {
    const summary = summaryOf('t', { createdAt: 1, updatedAt: 2 });
    expect([placeOf(summary, 'createdAt').time, placeOf(summary, 'updatedAt').time]).toEqual([1, 2]);
  });
});
