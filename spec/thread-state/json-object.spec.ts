import { jsonObject } from '../../src/thread-state/json-object.js';

describe('jsonObject', () => {
  it('is the value if it has members', () => {
    const value = { a: 1 };
    expect(jsonObject(value)).toBe(value);
  });

  it.each([undefined, null, 1, 'text', true])('of %p has none', (value) => {
    expect(Object.keys(jsonObject(value))).toEqual([]);
  });
});
