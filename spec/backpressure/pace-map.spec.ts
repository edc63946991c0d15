import { from, map, NEVER, Observable, of, range, Subject, take, throwError } from 'rxjs';
import { lagged, LagError, paceMap } from '../../src/backpressure/index.js';
import type { DropReason, PaceMapOptions } from '../../src/backpressure/index.js';
import { marbles } from '../../src/testing/marbles.js';
import { run } from '../../src/testing/run.js';

const isCapital = (event: string): boolean => /[A-Z]/.test(event);
function refuse(): never {
  throw new Error('no');
}

describe('paceMap', () => {
  describe('when all places to work are taken (E2, E3)', () => {
    it('is a bounded concatMap with drop-newest', () => {
      run(({ cold, hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  abcd------|');
        const work = cold('   ---x|      ');
        const workA = '       ^---!      ';
        const workB = '       ----^---!  ';
        const expected = '    ---a---b2-|';
        const lifetime = '    ^---------!';
        const options = { capacity: 1, overflow: 'drop-newest' } as const;
        const out$ = source.pipe(paceMap((event) => work.pipe(map(() => event)), options));
        expectObservable(out$).toBe(expected, marbles);
        expectSubscriptions(source.subscriptions).toBe(lifetime);
        expectSubscriptions(work.subscriptions).toBe([workA, workB]);
      });
    });

    it('is an exhaustMap that keeps the newest and counts the others, with drop-oldest', () => {
      run(({ cold, hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  abcd------|');
        const work = cold('   ---x|      ');
        const workA = '       ^---!      ';
        const workD = '       ----^---!  ';
        const expected = '    ---a2--d--|';
        const out$ = source.pipe(paceMap((event) => work.pipe(map(() => event)), { capacity: 1 }));
        expectObservable(out$).toBe(expected, marbles);
        expectSubscriptions(work.subscriptions).toBe([workA, workD]);
      });
    });

    it('places the marker in the order of starts, not of results', () => {
      run(({ cold, hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  abcde----------|');
        const work = cold('   ------x|        ');
        const workA = '       ^------!        ';
        const workB = '       -^------!       ';
        const workE = '       -------^------! ';
        const expected = '    ------a(2b)--e-|';
        const options = { concurrency: 2, capacity: 1 };
        const out$ = source.pipe(paceMap((event) => work.pipe(map(() => event)), options));
        expectObservable(out$).toBe(expected, marbles);
        expectSubscriptions(work.subscriptions).toBe([workA, workB, workE]);
      });
    });

    it('gives up everything with drop-all', () => {
      run(({ cold, hot, expectObservable }) => {
        const source = hot('  abcd---------');
        const work = cold('   -----x|      ');
        const expected = '    -----a2----d-';
        const options = { capacity: 2, overflow: 'drop-all' } as const;
        const out$ = source.pipe(paceMap((event) => work.pipe(map(() => event)), options));
        expectObservable(out$).toBe(expected, marbles);
      });
    });

    it('errors with overflow "error" and ends the work', () => {
      run(({ cold, hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  abc---');
        const work = cold('   ------');
        const expected = '    --#   ';
        const lifetime = '    ^-!   ';
        const options = { capacity: 1, overflow: 'error' } as const;
        expectObservable(source.pipe(paceMap(() => work, options))).toBe(expected, undefined, new LagError(1, 1));
        expectSubscriptions(source.subscriptions).toBe(lifetime);
        expectSubscriptions(work.subscriptions).toBe(lifetime);
      });
    });

    it('never drops a lossless event', () => {
      run(({ cold, hot, expectObservable }) => {
        const source = hot('  abZc---------|');
        const work = cold('   --(x|)');
        const expected = '    --a-b-Z-c----|';
        const options = { capacity: 1, lossless: isCapital, overflow: 'drop-newest' } as const;
        const out$ = source.pipe(paceMap((event) => work.pipe(map(() => event)), options));
        expectObservable(out$).toBe(expected, marbles);
      });
    });

    it('folds what waits when told how', () => {
      run(({ cold, hot, expectObservable }) => {
        const source = hot('  abbb-----|');
        const work = cold('   ---(x|)');
        const expected = '    ---a--b--|';
        const options = { capacity: 9, conflate: { key: (event: string) => event } };
        const out$ = source.pipe(paceMap((event) => work.pipe(map(() => event)), options));
        expectObservable(out$).toBe(expected);
      });
    });
  });

  describe('work', () => {
    it('may emit many results, or none', () => {
      run(({ cold, hot, expectObservable }) => {
        const source = hot('     m---n-----|');
        const inners = {
          m: cold('              x-y|       '),
          n: cold('                  --|    '),
        };
        const expected = '       x-y-------|';
        const out$ = source.pipe(paceMap((event) => inners[event as 'm' | 'n']));
        expectObservable(out$).toBe(expected);
      });
    });

    it('receives the event and how many were started before it', () => {
      const calls: unknown[] = [];
      from('abc')
        .pipe(paceMap((event, index) => of([event, index])))
        .subscribe((call) => calls.push(call));
      expect(calls).toEqual([
        ['a', 0],
        ['b', 1],
        ['c', 2],
      ]);
    });

    it('may be a promise', async () => {
      const seen: unknown[] = [];
      const source$ = new Subject<number>();
      const done = new Promise<void>((resolve) => {
        source$
          .pipe(paceMap((n) => Promise.resolve(n * 10), { capacity: 1 }))
          .subscribe({ next: (value) => seen.push(value), complete: resolve });
      });
      for (const n of [1, 2, 3]) source$.next(n);
      source$.complete();
      await done;
      expect(seen).toEqual([10, lagged(1), 30]);
    });

    it('runs without a limit if concurrency is Infinity, and alone if it is 0', () => {
      run(({ cold, hot, expectObservable }) => {
        const source = hot('  abc-------');
        const work = cold('   ---(x|)');
        const all = '         ---abc----';
        const one = '         ---a--b--c';
        const toWork = (event: string): Observable<string> => work.pipe(map(() => event));
        expectObservable(source.pipe(paceMap(toWork, { concurrency: Infinity }))).toBe(all);
        expectObservable(source.pipe(paceMap(toWork, { concurrency: 0 }))).toBe(one);
      });
    });

    it('that ends at once 200,000 times does not grow the stack', () => {
      const source$ = new Subject<number>();
      const gate$ = new Subject<number>();
      let count = 0;
      source$.pipe(paceMap((n) => (n === 0 ? gate$ : of(n)), { capacity: Infinity })).subscribe(() => (count += 1));
      for (let n = 0; n <= 200_000; n += 1) source$.next(n);
      expect(count).toBe(0);
      gate$.complete();
      expect(count).toBe(200_000);
    });

    it('without end stops when the consumer has had enough', () => {
      const seen: unknown[] = [];
      of('a')
        .pipe(
          paceMap(() => range(0, Infinity)),
          take(3),
        )
        .subscribe((value) => seen.push(value));
      expect(seen).toEqual([0, 1, 2]);
    });
  });

  describe('ends', () => {
    it('never, with a source that never does', () => {
      run(({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold(' -----');
        const expected = '    -----';
        expectObservable(source.pipe(paceMap(() => of(1)))).toBe(expected);
        expectSubscriptions(source.subscriptions).toBe('^----');
      });
    });

    it('at once with an empty source', () => {
      run(({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold(' |');
        const expected = '    |';
        expectObservable(source.pipe(paceMap(() => of(1)))).toBe(expected);
        expectSubscriptions(source.subscriptions).toBe('(^!)');
      });
    });

    it('after the work of the one event', () => {
      run(({ cold, hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  a|    ');
        const work = cold('   --x--|');
        const expected = '    --x--|';
        expectObservable(source.pipe(paceMap(() => work))).toBe(expected);
        expectSubscriptions(source.subscriptions).toBe('^!');
      });
    });

    it('after the last loss is told', () => {
      run(({ cold, hot, expectObservable }) => {
        const source = hot('  abc|      ');
        const work = cold('   ---x|     ');
        const expected = '    ---a---b(1|)';
        const options = { capacity: 1, overflow: 'drop-newest' } as const;
        const out$ = source.pipe(paceMap((event) => work.pipe(map(() => event)), options));
        expectObservable(out$).toBe(expected, marbles);
      });
    });

    it('with a source error at once when nothing is at work', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  --#');
        const expected = '    --#';
        expectObservable(source.pipe(paceMap(() => NEVER))).toBe(expected);
      });
    });

    it('with a source error behind what waits and what is at work', () => {
      run(({ cold, hot, expectObservable }) => {
        const source = hot('  ab#      ');
        const work = cold('   ---x|    ');
        const expected = '    ---a---b#';
        expectObservable(source.pipe(paceMap((event) => work.pipe(map(() => event))))).toBe(expected);
      });
    });

    it('with a source error at once if failFast', () => {
      run(({ cold, hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  ab#');
        const work = cold('   ---x|');
        const expected = '    --#';
        expectObservable(source.pipe(paceMap(() => work, { failFast: true }))).toBe(expected);
        expectSubscriptions(work.subscriptions).toBe('^-!');
      });
    });

    it('with an error of the work at once', () => {
      run(({ cold, hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  abc---|');
        const work = cold('   ---#   ');
        const expected = '    ---#   ';
        expectObservable(source.pipe(paceMap(() => work))).toBe(expected);
        expectSubscriptions(source.subscriptions).toBe('^--!');
      });
    });
  });

  it('when unsubscribed ends source and work, and tells onDrop of what waits', () => {
    const onDrop = jest.fn();
    run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  abcd----|');
      const work = cold('   --------|');
      const unsub = '       -----!   ';
      const expected = '    ------   ';
      const lifetime = '    ^----!   ';
      expectObservable(source.pipe(paceMap(() => work, { onDrop })), unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(lifetime);
      expectSubscriptions(work.subscriptions).toBe(lifetime);
    });
    expect(onDrop.mock.calls).toEqual([...'bcd'].map((event) => [event, 'unsubscribed']));
  });

  describe('a callback that throws errors the output', () => {
    const onDrop = (...[, reason]: [string, DropReason]): void => {
      if (reason === 'overflow') refuse();
    };

    it.each<[string, PaceMapOptions<string>, string]>([
      ['lossless', { lossless: refuse }, '--#'],
      ['key', { conflate: { key: refuse } }, '--#'],
      ['merge', { conflate: { key: () => 1, merge: refuse } }, '---#'],
      ['skippedBy', { capacity: 1, skippedBy: refuse }, '---#'],
      ['onDrop', { capacity: 1, onDrop }, '---#'],
    ])('%s', (_, options, expected) => {
      run(({ hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  -abc-');
        const lifetime = expected.replace('-', '^').replace('#', '!');
        expectObservable(source.pipe(paceMap(() => NEVER, options))).toBe(expected, undefined, new Error('no'));
        expectSubscriptions(source.subscriptions).toBe(lifetime);
      });
    });

    it('project, on the way in', () => {
      run(({ hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  -a-');
        const expected = '    -# ';
        expectObservable(source.pipe(paceMap(refuse))).toBe(expected, undefined, new Error('no'));
        expectSubscriptions(source.subscriptions).toBe('^!');
      });
    });

    it('project, out of the buffer', () => {
      run(({ cold, hot, expectObservable }) => {
        const source = hot('  ab--');
        const work = cold('   ---|');
        const expected = '    ---#';
        const project = (event: string): Observable<string> => (event === 'b' ? refuse() : work);
        expectObservable(source.pipe(paceMap(project))).toBe(expected, undefined, new Error('no'));
      });
    });
  });

  it('takes in turn what a source emits while it is subscribed to', () => {
    run(({ cold, expectObservable }) => {
      const work = cold('   --x|');
      const expected = '    --a2-d--e|';
      const out$ = from('abcde').pipe(paceMap((event) => work.pipe(map(() => event)), { capacity: 2 }));
      expectObservable(out$).toBe(expected, marbles);
    });
  });

  it('a consumer that emits from inside next has its events worked on in order, without nesting', () => {
    const source$ = new Subject<number>();
    const log: string[] = [];
    source$.pipe(paceMap((n) => of(n))).subscribe((n) => {
      log.push(`in${String(n)}`);
      if (n === 0) [1, 2].forEach((next) => source$.next(next));
      log.push(`out${String(n)}`);
    });
    source$.next(0);
    expect(log).toEqual(['in0', 'out0', 'in1', 'out1', 'in2', 'out2']);
  });

  it('take ends it in the middle of a drain', () => {
    const onDrop = jest.fn();
    run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  abcd----');
      const gate = cold('   -----|');
      const expected = '    -----(bc|)';
      const project = (event: string): Observable<string> => (event === 'a' ? gate : of(event));
      expectObservable(source.pipe(paceMap(project, { onDrop }), take(2))).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe('^----!');
    });
    expect(onDrop.mock.calls).toEqual([['d', 'unsubscribed']]);
  });

  it('starts nothing more once it has ended, not even while it is being subscribed to', () => {
    const started: string[] = [];
    const gate$ = new Subject<string>();
    const source$ = new Observable<string>((subscriber) => {
      for (const event of 'abc') subscriber.next(event);
      gate$.complete();
    });
    const project = (event: string): Observable<string> => {
      started.push(event);
      return event === 'a' ? gate$ : of(event);
    };
    source$.pipe(paceMap(project), take(1)).subscribe();
    expect(started).toEqual(['a', 'b']);
  });

  it('takes markers that come in as gaps, told where the work would have started', () => {
    run(({ cold, hot, expectObservable }) => {
      const source = hot('  3a-12b---2|', marbles);
      const work = cold('   -----x|  ');
      const expected = '    3-----a3----b(2|)';
      const out$ = source.pipe(paceMap((event) => work.pipe(map(() => event))));
      expectObservable(out$).toBe(expected, marbles);
    });
  });

  it('gives each subscriber its own buffer, work and count', () => {
    run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  abcd----------');
      const work = cold('   -----x|    ');
      const first = '       -----a2----d--';
      const second = '      -------c-----d';
      const out$ = source.pipe(paceMap((event) => work.pipe(map(() => event)), { capacity: 1 }));
      expectObservable(out$).toBe(first, marbles);
      expectObservable(out$, '--^').toBe(second, marbles);
      expectSubscriptions(source.subscriptions).toBe(['^', '--^']);
    });
  });

  it('passes a source error on when it comes at once', () => {
    const errors: unknown[] = [];
    throwError(() => 'gone')
      .pipe(paceMap(() => of(1)))
      .subscribe({ error: (error) => errors.push(error) });
    expect(errors).toEqual(['gone']);
  });
});
