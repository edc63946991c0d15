import { EMPTY, NEVER, of, Subject, throwError } from 'rxjs';
import type { OperatorFunction } from 'rxjs';
import { run } from '../../src/testing/run.js';

/** The cases of every operator that looks at each value once and keeps none. */
export function holdsNothing(operator: () => OperatorFunction<string, string>): void {
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
      const source = hot('  a-b-c--|');
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
}
