import { EMPTY, NEVER, of, Subject, throwError } from 'rxjs';
import {
  failOnLag,
  ignoreLagged,
  isLagError,
  isLagged,
  lagged,
  LagError,
  tapLagged,
} from '../../src/backpressure/index.js';
import { marbles } from '../../src/testing/marbles.js';
import { run } from '../../src/testing/run.js';

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

describe('isLagged', () => {
  it.each([
    lagged(1),
    lagged(0),
    { type: 'lagged', skipped: 2, more: true },
    JSON.parse('{"type":"lagged","skipped":1}'),
  ])('is true for %j', (value) => {
    expect(isLagged(value)).toBe(true);
  });

  it.each([null, undefined, 1, 'lagged', [], {}, { type: 'lagged' }, { skipped: 1 }, { type: 'lagged', skipped: '1' }])(
    'is false for %j',
    (value) => {
      expect(isLagged(value)).toBe(false);
    },
  );
});

describe('LagError', () => {
  it('says what was met and what to do', () => {
    expect(new LagError(1, 2)).toMatchObject({ name: 'LagError', skipped: 1, capacity: 2 });
    expect(new LagError(1, 2).message).toMatch(/buffer of 2 events is full: .*raise capacity/);
    expect(new LagError(1, 2, 'lossless').message).toMatch(/2 lossless events is used up: .*losslessCapacity/);
    expect(new LagError(7).message).toMatch(/7 events were lost .*: reload/);
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
});

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
});

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
});

describe.each([
  ['ignoreLagged', ignoreLagged],
  ['tapLagged', () => tapLagged(() => undefined)],
  ['failOnLag', failOnLag],
])('%s', (_, operator) => {
  it('ends as its source does', () => {
    run(({ expectObservable }) => {
      expectObservable(NEVER.pipe(operator())).toBe('-');
      expectObservable(EMPTY.pipe(operator())).toBe('|');
      expectObservable(of('a').pipe(operator())).toBe('(a|)');
      expectObservable(throwError(() => 'error').pipe(operator())).toBe('#');
    });
  });

  it('unsubscribes, and serves each subscriber apart', () => {
    run(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  a-b-c--|', marbles);
      const out$ = source.pipe(operator());
      expectObservable(out$, '^--!').toBe('a-b-');
      expectObservable(out$, '--^').toBe(' --b-c--|');
      expectSubscriptions(source.subscriptions).toBe(['^--!', '--^----!']);
    });
  });

  it('holds nothing: a re-entrant event passes as it does in RxJS', () => {
    const source$ = new Subject<string>();
    const seen: unknown[] = [];
    source$.pipe(operator()).subscribe((event) => {
      seen.push(event);
      if (event === 'a') source$.next('b');
    });
    source$.next('a');
    expect(seen).toEqual(['a', 'b']);
  });
});
