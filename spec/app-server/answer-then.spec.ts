import { of, Subject, throwError } from 'rxjs';

import { answerThen } from '../../src/app-server/answer-then.js';

describe('answerThen', () => {
  it('does the rest when the answer is out', () => {
    const order: string[] = [];
    answerThen(of('answer'), () => order.push('rest')).subscribe({
      next: (value) => order.push(value),
      complete: () => order.push('complete'),
    });
    expect(order).toEqual(['answer', 'complete', 'rest']);
  });

  it('does nothing more after an error', () => {
    const order: string[] = [];
    answerThen(
      throwError(() => 'no'),
      () => order.push('rest'),
    ).subscribe({ error: (error: string) => order.push(error) });
    expect(order).toEqual(['no']);
  });

  it('goes on when nobody wants the answer any more', () => {
    const order: string[] = [];
    const work = new Subject<string>();
    answerThen(work, () => order.push('rest'))
      .subscribe((value) => order.push(value))
      .unsubscribe();
    work.next('answer');
    work.complete();
    expect(order).toEqual(['rest']);
  });

  it('does nothing before it is subscribed', () => {
    const work = new Subject<string>();
    answerThen(work, () => undefined);
    expect(work.observed).toBe(false);
  });
});
