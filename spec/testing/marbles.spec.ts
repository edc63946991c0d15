import { lagged } from '../../src/backpressure/index.js';
import { marbles } from '../../src/testing/marbles.js';
import { run } from '../../src/testing/run.js';

describe('marbles', () => {
  it('are themselves as letters, and gaps as digits', () => {
    expect([marbles['a'], marbles['Z'], marbles['3']]).toEqual(['a', 'Z', lagged(3)]);
    expect(Object.keys(marbles)).toHaveLength(62);
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
