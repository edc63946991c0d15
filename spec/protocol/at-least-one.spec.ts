import fc from 'fast-check';
import { atLeastOne } from '../../src/protocol/at-least-one.js';

describe('atLeastOne (E8)', () => {
  it.each([0.99, 0, -0, -1, -Infinity, NaN])('takes %p, which lets nothing through, for 1', (limit) => {
    expect(atLeastOne(limit)).toBe(1);
  });

  it.each([1, 2, Number.MAX_SAFE_INTEGER, Infinity])('leaves %p as it is', (limit) => {
    expect(atLeastOne(limit)).toBe(limit);
  });

  it('rounds down: a limit is never more than the caller meant', () => {
    const limits = fc.record({ whole: fc.integer({ min: 1, max: 1e9 }), rest: fc.integer({ min: 0, max: 999 }) });
    fc.assert(
      fc.property(limits, ({ whole, rest }) => {
        expect(atLeastOne(whole + rest / 1_000)).toBe(whole);
      }),
    );
  });
});
