import { catchError, EMPTY, from, NEVER, of, range, Subject, take, throwError } from 'rxjs';
import type { Observable } from 'rxjs';
import { lagged, resyncOnLag } from '../../src/backpressure/index.js';
import type { Lagged } from '../../src/backpressure/index.js';
import { marbles } from '../../src/testing/marbles.js';
import { run } from '../../src/testing/run.js';

function refuse(): never {
  throw new Error('no');
}

describe('resyncOnLag', () => {
  it('passes events on as long as nothing is lost', () => {
    run(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  a-bc--|', marbles);
      const expected = '    a-bc--|';
      expectObservable(source.pipe(resyncOnLag(() => NEVER))).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe('^-----!');
    });
  });

  describe('on a gap', () => {
    it('emits the snapshot, then the held events it does not cover', () => {
      run(({ cold, hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  ab-1-cd------', marbles);
        const snap = cold('      ----s|     ');
        const asked = '       ---^----!    ';
        const expected = '    ab------(sd) ';
        const out$ = source.pipe(resyncOnLag(() => snap, { covers: (_, event) => event === 'c' }));
        expectObservable(out$).toBe(expected);
        expectSubscriptions(snap.subscriptions).toBe(asked);
      });
    });

    it('delivers every held event without covers', () => {
      run(({ cold, hot, expectObservable }) => {
        const source = hot('  ab-1-cd------', marbles);
        const snap = cold('      ----s|     ');
        const expected = '    ab------(scd)';
        expectObservable(source.pipe(resyncOnLag(() => snap))).toBe(expected);
      });
    });

    it('asks covers until the first event that is newer, however late the covered ones come', () => {
      run(({ hot, expectObservable }) => {
        // As behind a pace, where events wait that are older than the snapshot.
        const source = hot('  1-a-b-c-a-|', marbles);
        const expected = '    s-----c-a-|';
        const covers = (_: string, event: string): boolean => event !== 'c';
        expectObservable(source.pipe(resyncOnLag(() => of('s'), { covers }))).toBe(expected);
      });
    });

    it('asks covers about every event that came while the snapshot was on its way', () => {
      run(({ cold, hot, expectObservable }) => {
        const source = hot('  1-abc----a-|', marbles);
        const snap = cold('   -----(s|)');
        const expected = '    -----(sb)a-|';
        const covers = (_: string, event: string): boolean => event !== 'b';
        expectObservable(source.pipe(resyncOnLag(() => snap, { covers }))).toBe(expected);
      });
    });

    it('emits only the last value of the snapshot, when it has ended', () => {
      run(({ cold, hot, expectObservable }) => {
        const source = hot('  1--------|', marbles);
        const snap = cold('   r-s-|     ');
        const expected = '    ----s----|';
        expectObservable(source.pipe(resyncOnLag(() => snap))).toBe(expected);
      });
    });

    it('tells what was lost', () => {
      const gaps: Lagged[] = [];
      const gap = { type: 'lagged', skipped: 2, skippedBy: { k: 2 }, first: 4, last: 5 } as const;
      of<(string | Lagged)[]>('a', gap, 'b')
        .pipe(
          resyncOnLag((lost) => {
            gaps.push(lost);
            return of('s');
          }),
        )
        .subscribe();
      expect(gaps).toEqual([gap]);
    });

    it('does nothing for a marker of nothing', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  a0b|', marbles);
        const expected = '    a-b|';
        expectObservable(source.pipe(resyncOnLag(() => of('s')))).toBe(expected);
      });
    });

    it('takes a promise', async () => {
      const seen: unknown[] = [];
      const source$ = new Subject<unknown>();
      source$.pipe(resyncOnLag(() => Promise.resolve('s'))).subscribe((value) => seen.push(value));
      source$.next(lagged(1));
      source$.next('a');
      await Promise.resolve();
      await Promise.resolve();
      expect(seen).toEqual(['s', 'a']);
    });
  });

  describe('on another gap while the snapshot is on its way', () => {
    it('asks again when it has ended, and emits only the newer', () => {
      const gaps: number[] = [];
      run(({ cold, hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  a-1-c-2-d---------e|', marbles);
        const snap = cold('     -----s|           ');
        const first = '       --^-----!           ';
        const second = '      --------^-----!     ';
        const expected = '    a-------------(sd)e|';
        const out$ = source.pipe(
          resyncOnLag(({ skipped }) => {
            gaps.push(skipped);
            return snap;
          }),
        );
        expectObservable(out$).toBe(expected);
        expectSubscriptions(snap.subscriptions).toBe([first, second]);
      });
      expect(gaps).toEqual([1, 3]);
    });

    it('asks again when more than capacity had to be held', () => {
      run(({ cold, hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  1-abc--d--------|', marbles);
        const snap = cold('   -----s|         ');
        const first = '       ^-----!         ';
        const second = '      ------^-----!   ';
        const expected = '    ------------(sd)|';
        expectObservable(source.pipe(resyncOnLag(() => snap, { capacity: 2 }))).toBe(expected);
        expectSubscriptions(snap.subscriptions).toBe([first, second]);
      });
    });

    it('asks again for the same loss then: events that were held are not lost', () => {
      const source$ = new Subject<string | Lagged>();
      const asked: Lagged[] = [];
      const snap$ = new Subject<string>();
      const ask = (gap: Lagged): Observable<string> => {
        asked.push(gap);
        return snap$.pipe(take(1));
      };
      source$.pipe(resyncOnLag(ask, { capacity: 1 })).subscribe();
      for (const value of [lagged(3), 'a', 'b']) source$.next(value);
      snap$.next('s');
      expect(asked).toEqual([lagged(3), lagged(3)]);
    });

    it('holds 1,024 unless told otherwise', () => {
      const source$ = new Subject<unknown>();
      const snaps: Subject<string>[] = [];
      const seen: unknown[] = [];
      const ask = (): Subject<string> => {
        const snap$ = new Subject<string>();
        snaps.push(snap$);
        return snap$;
      };
      source$.pipe(resyncOnLag(ask)).subscribe((value) => seen.push(value));
      source$.next(lagged(1));
      for (let n = 0; n < 1_024; n += 1) source$.next(n);
      snaps[0]?.next('s');
      snaps[0]?.complete();
      expect(seen).toHaveLength(1_025);
      source$.next(lagged(1));
      for (let n = 0; n < 1_025; n += 1) source$.next(n);
      snaps[1]?.next('s');
      snaps[1]?.complete();
      expect([seen.length, snaps.length]).toEqual([1_025, 3]);
    });
  });

  describe('ends', () => {
    it('never, with a source that never does', () => {
      run(({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold(' -----');
        const expected = '    -----';
        expectObservable(source.pipe(resyncOnLag(() => EMPTY))).toBe(expected);
        expectSubscriptions(source.subscriptions).toBe('^----');
      });
    });

    it('at once with an empty source', () => {
      run(({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold(' |');
        const expected = '    |';
        expectObservable(source.pipe(resyncOnLag(() => EMPTY))).toBe(expected);
        expectSubscriptions(source.subscriptions).toBe('(^!)');
      });
    });

    it('after the snapshot and what is held', () => {
      run(({ cold, hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  1a|       ', marbles);
        const snap = cold('   ----s|    ');
        const expected = '    -----(sa|)';
        expectObservable(source.pipe(resyncOnLag(() => snap))).toBe(expected);
        expectSubscriptions(source.subscriptions).toBe('^-!');
      });
    });

    it('after the second snapshot, if the first was outdated', () => {
      run(({ cold, hot, expectObservable }) => {
        const source = hot('  1a2|       ', marbles);
        const snap = cold('   ----s|     ');
        const expected = '    ----------(s|)';
        expectObservable(source.pipe(resyncOnLag(() => snap))).toBe(expected);
      });
    });

    it('with a source error at once when nothing is held', () => {
      run(({ hot, expectObservable }) => {
        const source = hot('  a#');
        const expected = '    a#';
        expectObservable(source.pipe(resyncOnLag(() => EMPTY))).toBe(expected);
      });
    });

    it('with a source error behind the snapshot and what is held', () => {
      run(({ cold, hot, expectObservable }) => {
        const source = hot('  1a#       ', marbles);
        const snap = cold('   ----s|    ');
        const expected = '    -----(sa#)';
        expectObservable(source.pipe(resyncOnLag(() => snap))).toBe(expected);
      });
    });

    it('with the error of the snapshot at once', () => {
      run(({ cold, hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  1a------', marbles);
        const snap = cold('   ----#   ');
        const expected = '    ----#   ';
        expectObservable(source.pipe(resyncOnLag(() => snap))).toBe(expected);
        expectSubscriptions(source.subscriptions).toBe('^---!');
      });
    });

    it('with an EmptyError if the snapshot has no value', () => {
      run(({ hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  a1b   ', marbles);
        const expected = '    a(e|) ';
        const out$ = source.pipe(
          resyncOnLag(() => EMPTY),
          catchError((error: Error) => of(error.name)),
        );
        expectObservable(out$).toBe(expected, { a: 'a', e: 'EmptyError' });
        expectSubscriptions(source.subscriptions).toBe('^!');
      });
    });

    it('with the error of snapshot or covers when they throw', () => {
      run(({ hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  1-a-', marbles);
        const snap = hot('    ---(s|)');
        const early = '       #';
        const late = '        ---(s#)';
        expectObservable(source.pipe(resyncOnLag(refuse))).toBe(early, undefined, new Error('no'));
        const out$ = source.pipe(resyncOnLag(() => snap, { covers: refuse }));
        expectObservable(out$).toBe(late, undefined, new Error('no'));
        expectSubscriptions(source.subscriptions).toBe(['(^!)', '^--!']);
      });
    });
  });

  it('when unsubscribed gives up the snapshot', () => {
    run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  a1b-----', marbles);
      const snap = cold('    -----s| ');
      const unsub = '       ----!   ';
      const expected = '    a----   ';
      expectObservable(source.pipe(resyncOnLag(() => snap)), unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe('^---!');
      expectSubscriptions(snap.subscriptions).toBe('  -^--!');
    });
  });

  describe('re-entrancy', () => {
    it('an event emitted during delivery waits behind those held', () => {
      const source$ = new Subject<string | Lagged>();
      const snap$ = new Subject<string>();
      const log: string[] = [];
      source$.pipe(resyncOnLag(() => snap$)).subscribe((event) => {
        log.push(`in ${event}`);
        if (event === 's') source$.next('c');
        log.push(`out ${event}`);
      });
      for (const value of [lagged(1), 'a', 'b']) source$.next(value);
      snap$.next('s');
      snap$.complete();
      expect(log.filter((line) => line.startsWith('in'))).toEqual(['in s', 'in a', 'in b', 'in c']);
      expect(log.slice(0, 2)).toEqual(['in s', 'out s']);
    });

    it('a gap opened during delivery stands behind those held, which are delivered first', () => {
      const source$ = new Subject<string | Lagged>();
      const seen: string[] = [];
      let count = 0;
      source$.pipe(resyncOnLag(() => of(`s${(count += 1)}`))).subscribe((event) => {
        seen.push(event);
        if (event === 'a') ['b', lagged(1), 'c'].forEach((value) => source$.next(value));
      });
      source$.next('a');
      expect(seen).toEqual(['a', 'b', 's1', 'c']);
    });

    it('ten thousand gaps with snapshots that end at once do not grow the stack', () => {
      const source$ = new Subject<number | Lagged>();
      let count = 0;
      source$.pipe(resyncOnLag(() => of(-1))).subscribe(() => {
        count += 1;
        if (count < 10_000) source$.next(lagged(1));
      });
      source$.next(lagged(1));
      expect(count).toBe(10_000);
    });

    it('a gap opened by asking is asked about again, never nested', () => {
      const source$ = new Subject<string | Lagged>();
      const seen: string[] = [];
      let depth = 0;
      let count = 0;
      const snapshot = (): Observable<string> => {
        expect((depth += 1)).toBe(1);
        count += 1;
        if (count < 3) source$.next(lagged(1));
        depth -= 1;
        return of(`s${count}`);
      };
      source$.pipe(resyncOnLag(snapshot)).subscribe((event) => seen.push(event));
      source$.next(lagged(1));
      expect(seen).toEqual(['s3']);
    });

    it('take ends it in the middle of what is held', () => {
      run(({ cold, hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  1ab-------', marbles);
        const snap = cold('   -----s|   ');
        const expected = '    ------(sa|)';
        expectObservable(
          source.pipe(
            resyncOnLag(() => snap),
            take(2),
          ),
        ).toBe(expected);
        expectSubscriptions(source.subscriptions).toBe('^-----!');
      });
    });
  });

  it('stops a source that emits without end while it is subscribed to', () => {
    const seen: unknown[] = [];
    range(0, Infinity)
      .pipe(
        resyncOnLag(() => EMPTY),
        take(2),
      )
      .subscribe((value) => seen.push(value));
    expect(seen).toEqual([0, 1]);
  });

  it('repairs a source that is over at once', () => {
    const seen: unknown[] = [];
    from(['a', lagged(2), 'b'])
      .pipe(resyncOnLag(() => of('s')))
      .subscribe((value) => seen.push(value));
    expect(seen).toEqual(['a', 's', 'b']);
  });

  it('passes on an error that comes at once', () => {
    const errors: unknown[] = [];
    throwError(() => 'gone')
      .pipe(resyncOnLag(() => EMPTY))
      .subscribe({ error: (error) => errors.push(error) });
    expect(errors).toEqual(['gone']);
  });

  it('asks separately for each subscriber', () => {
    run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  1--2---', marbles);
      const snap = cold('   -(s|)  ');
      const first = '       -s--s--';
      const second = '      ----s--';
      const out$ = source.pipe(resyncOnLag(() => snap));
      expectObservable(out$).toBe(first);
      expectObservable(out$, '--^').toBe(second);
      expectSubscriptions(source.subscriptions).toBe(['^', '--^']);
      expectSubscriptions(snap.subscriptions).toBe(['^!', '---^!', '---^!']);
    });
  });
});
