import { lagged } from '../../src/backpressure/index.js';

describe('lagged', () => {
  it('makes a marker of exactly a type and a count (E6)', () => {
    expect(lagged(3)).toStrictEqual({ type: 'lagged', skipped: 3 });
  });

  it('survives structuredClone and JSON', () => {
    const marker = { ...lagged(3), skippedBy: { a: 3 }, first: 1, last: 3 };
    expect(structuredClone(marker)).toEqual(marker);
    expect(JSON.parse(JSON.stringify(marker))).toEqual(marker);
  });
});
