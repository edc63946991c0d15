import { failOnLag, LagError } from '../../src/backpressure/index.js';
import { marbles } from '../../src/testing/marbles.js';
import { run } from '../../src/testing/run.js';
import { holdsNothing } from './holds-nothing.js';

describe('failOnLag', () => {
  it('errors at the first marker, with its count', () => {
    run(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  a-2-b--3|', marbles);
      const expected = '    a-#      ';
      expectObservable(source.pipe(failOnLag())).toBe(expected, undefined, new LagError(2));
      expectSubscriptions(source.subscriptions).toBe('^-!');
    });
  });

  it('passes a stream without loss', () => {
    run(({ hot, expectObservable }) => {
      const source = hot('  a-b--|', marbles);
      const expected = '    a-b--|';
      expectObservable(source.pipe(failOnLag())).toBe(expected);
    });
  });

  holdsNothing(() => failOnLag());
});
