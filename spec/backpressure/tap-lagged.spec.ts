import { of } from 'rxjs';
import { isLagged, lagged, tapLagged } from '../../src/backpressure/index.js';
import { marbles } from '../../src/testing/marbles.js';
import { run } from '../../src/testing/run.js';
import { holdsNothing } from './holds-nothing.js';

describe('tapLagged', () => {
  it('tells of markers, before they pass', () => {
    const log: unknown[] = [];
    of<unknown[]>('a', lagged(2), 'b', lagged(1))
      .pipe(tapLagged(({ skipped }) => log.push(skipped)))
      .subscribe((value) => log.push(isLagged(value) ? 'marker' : value));
    expect(log).toEqual(['a', 2, 'marker', 'b', 1, 'marker']);
  });

  it('changes nothing', () => {
    run(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  a-2-b--3|', marbles);
      const expected = '    a-2-b--3|';
      const lifetime = '    ^-------!';
      expectObservable(source.pipe(tapLagged(() => undefined))).toBe(expected, marbles);
      expectSubscriptions(source.subscriptions).toBe(lifetime);
    });
  });

  it('errors the output if the function throws', () => {
    run(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  a-2-b--|', marbles);
      const expected = '    a-#     ';
      const out$ = source.pipe(
        tapLagged(() => {
          throw new Error('no');
        }),
      );
      expectObservable(out$).toBe(expected, undefined, new Error('no'));
      expectSubscriptions(source.subscriptions).toBe('^-!');
    });
  });

  holdsNothing(() => tapLagged(() => undefined));
});
