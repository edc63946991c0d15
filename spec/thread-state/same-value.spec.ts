import fc from 'fast-check';

import { sameValue } from '../../src/thread-state/same-value.js';

/** A list in a list in a list ... */
function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i += 1) value = [value];
  return value;
}

describe('sameValue', () => {
  it('is true of a copy, and false of a copy with one change', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(sameValue(value, structuredClone(value))).toBe(true);
        expect(sameValue({ a: value }, { a: value, b: 1 })).toBe(false);
        expect(sameValue({ a: value, b: 1 }, { a: value, c: 1 })).toBe(false);
        expect(sameValue([value, 1], [structuredClone(value), 2])).toBe(false);
      }),
    );
  });

  it.each([
    [null, {}],
    [[], {}],
    ['1', 1],
    [{ a: undefined }, {}],
    [{ a: [1] }, { a: { 0: 1 } }],
  ])('tells %p from %p', (left, right) => {
    expect(sameValue(left, right)).toBe(false);
    expect(sameValue(right, left)).toBe(false);
  });

  it('does not ask the stack how deep a value is, and gives up on one without an end', () => {
    expect(sameValue(nested(5_000), nested(5_000))).toBe(true);
    expect(sameValue(nested(100_000), nested(100_000))).toBe(false);
    const [left, right]: { self?: unknown }[] = [{}, {}];
    if (left !== undefined) left.self = left;
    if (right !== undefined) right.self = right;
    expect(sameValue(left, right)).toBe(false);
  });
});
