import fc from 'fast-check';

import { isRequestId } from '../../src/protocol/index.js';

describe('isRequestId', () => {
  it.each([0, 1, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, '', '1', 'a b'])('C2: takes %p', (id) => {
    expect(isRequestId(id)).toBe(true);
  });

  it.each([1.5, NaN, Infinity, 2 ** 53, -(2 ** 53), null, undefined, true, {}, [1], 1n, Symbol('id')])(
    'C2: refuses %p',
    (id) => {
      expect(isRequestId(id)).toBe(false);
    },
  );

  it('C2: takes what JSON gives back unchanged, and only that', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.integer(), fc.string(), fc.jsonValue()), (value) => {
        const expected = typeof value === 'string' || (typeof value === 'number' && Number.isSafeInteger(value));
        expect(isRequestId(value)).toBe(expected);
      }),
    );
  });
});
