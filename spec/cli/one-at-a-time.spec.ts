import { NEVER, of, Subject, tap } from 'rxjs';

import { OneAtATime } from '../../src/cli/one-at-a-time.js';

describe('OneAtATime', () => {
  it('begins one work when the one before it is done, in the order of subscription', () => {
    const line = new OneAtATime();
    const seen: unknown[] = [];
    const works = [new Subject<string>(), new Subject<string>()] as const;
    for (const work of works) {
      line.inTurn(work).subscribe({ next: (value) => seen.push(value), complete: () => seen.push('done') });
    }
    expect(works.map(({ observed }) => observed)).toEqual([true, false]);
    works[0].next('a');
    works[0].complete();
    expect(works.map(({ observed }) => observed)).toEqual([false, true]);
    works[1].next('b');
    works[1].complete();
    expect(seen).toEqual(['a', 'done', 'b', 'done']);
  });

  it('goes on when somebody leaves in the middle of his work', () => {
    const line = new OneAtATime();
    const work = new Subject<void>();
    const mine = line.inTurn(work).subscribe();
    const seen: string[] = [];
    line.inTurn(of('next')).subscribe((value) => seen.push(value));
    expect(seen).toEqual([]);
    mine.unsubscribe();
    expect(work.observed).toBe(false);
    expect(seen).toEqual(['next']);
  });

  it('passes over whoever has left the line', () => {
    const line = new OneAtATime();
    const first = line.inTurn(NEVER).subscribe();
    const seen: string[] = [];
    const begun = (name: string) => of(name).pipe(tap({ subscribe: () => seen.push(name) }));
    line.inTurn(begun('left')).subscribe().unsubscribe();
    line.inTurn(begun('stayed')).subscribe();
    first.unsubscribe();
    expect(seen).toEqual(['stayed']);
  });
});
