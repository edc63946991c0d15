import { ignoreLagged } from '../../src/backpressure/index.js';
import { marbles } from '../../src/testing/marbles.js';
import { run } from '../../src/testing/run.js';
import { holdsNothing } from './holds-nothing.js';

describe('ignoreLagged', () => {
  it('removes markers', () => {
    run(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  a-2-b--3|', marbles);
      const expected = '    a---b---|';
      const lifetime = '    ^-------!';
      expectObservable(source.pipe(ignoreLagged())).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(lifetime);
    });
  });

  holdsNothing(() => ignoreLagged());
});
