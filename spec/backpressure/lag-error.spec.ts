import { isLagError, LagError } from '../../src/backpressure/index.js';

describe('LagError', () => {
  it('says what was met and what to do', () => {
    expect(new LagError(1, 2)).toMatchObject({ name: 'LagError', skipped: 1, capacity: 2 });
    expect(new LagError(1, 2).message).toMatch(/buffer of 2 events is full: .*raise capacity/);
    expect(new LagError(1, 2, 'lossless').message).toMatch(/2 lossless events is used up: .*losslessCapacity/);
    expect(new LagError(7).message).toMatch(/7 events were lost .*: reload/);
    expect(new LagError(0).message).toMatch(/some events were lost .*: reload/);
  });

  it('is recognised by its brand, across copies of the package', () => {
    const foreign: Record<symbol, unknown> = { [Symbol.for('rx-sluice.LagError')]: true };
    expect([new LagError(1), foreign].map(isLagError)).toEqual([true, true]);
    expect([null, 'LagError', new Error('x'), { name: 'LagError' }].map(isLagError)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('has no enumerable members but what it says', () => {
    expect(Object.keys(new LagError(1, 2)).sort()).toEqual(['capacity', 'name', 'skipped']);
  });
});
