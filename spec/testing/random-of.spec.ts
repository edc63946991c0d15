import { randomOf } from '../../src/testing/random-of.js';

describe('randomOf', () => {
  const some = (seed: number): readonly number[] => Array.from({ length: 2_000 }, randomOf(seed));

  it('gives the same numbers for the same seed, and others for another', () => {
    expect(some(1)).toEqual(some(1));
    expect(some(1)[0]).not.toBe(some(2)[0]);
    expect(some(-3)).not.toEqual(some(3));
  });

  it('spreads over all from 0 up to 1', () => {
    for (const seed of [0, 1, 2, 1e9]) {
      const tenths = Array<number>(10).fill(0);
      for (const n of some(seed)) tenths[Math.floor(n * 10)]! += 1;
      expect(Math.min(...tenths)).toBeGreaterThan(140);
      expect(Math.max(...tenths)).toBeLessThan(260);
    }
  });
});
