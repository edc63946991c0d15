import { lagged } from '../../src/backpressure/index.js';
import { marbles } from '../../src/testing/marbles.js';
import { run } from '../../src/testing/run.js';

describe('marbles', () => {
  it('are themselves as letters, gaps as digits, and a gap of unknown size as a question mark', () => {
    expect([marbles['a'], marbles['Z'], marbles['3']]).toEqual(['a', 'Z', lagged(3)]);
    expect(marbles['?']).toEqual({ type: 'lagged', skipped: 0, unknown: true });
    expect(Object.keys(marbles)).toHaveLength(63);
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(marbles)).toBe(true);
    expect(Object.values(marbles).every((value) => Object.isFrozen(value))).toBe(true);
  });

  it('go into and come out of diagrams', () => {
    run(({ hot, expectObservable }) => {
      const source = hot('  a-2-(b3)|', marbles);
      const expected = '    a-2-(b3)|';
      expectObservable(source).toBe(expected, marbles);
    });
  });
});
