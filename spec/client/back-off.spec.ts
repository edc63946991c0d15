import { backOff } from '../../src/client/back-off.js';

const exact = { delay: 250, maxDelay: 30_000, jitter: 0, random: () => 0.5 };
const first = (count: number, options = exact): number[] =>
  Array.from({ length: count }, (_, index) => backOff(options, index + 1));

describe('backOff', () => {
  it('doubles the delay up to the longest', () => {
    expect(first(9)).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('takes away a random part of the delay, which may be all of it', () => {
    expect(first(3, { ...exact, jitter: 0.5 })).toEqual([187.5, 375, 750]);
    expect(first(3, { ...exact, jitter: 1, random: () => 1 })).toEqual([0, 0, 0]);
  });

  it('is a number however many attempts were made', () => {
    expect(backOff({ ...exact, delay: 0 }, 1e9)).toBe(0);
    expect(backOff({ ...exact, maxDelay: Infinity }, 1e9)).toBeLessThan(Infinity);
  });
});
