import { Subject, map, take } from 'rxjs';

import { SerialSubject } from '../../src/scheduling/index.js';

/** Two observers, the first of which emits 2 when it sees 1. */
const record = (subject: Subject<number>): string[] => {
  const seen: string[] = [];
  const observe = (name: string): object => ({
    next: (n: number) => {
      seen.push(`${name}${n}`);
      if (name === 'A' && n === 1) subject.next(2);
    },
    complete: () => seen.push(`${name}|`),
    error: () => seen.push(`${name}#`),
  });
  for (const name of ['A', 'B']) subject.subscribe(observe(name));
  return seen;
};

describe('SerialSubject', () => {
  it('E5: shows all observers one order, also when one emits from inside next', () => {
    const subject = new SerialSubject<number>();
    const seen = record(subject);
    subject.next(1);
    expect(seen).toEqual(['A1', 'B1', 'A2', 'B2']);
  });

  it('differs from Subject in just that', () => {
    const subject = new Subject<number>();
    const seen = record(subject);
    subject.next(1);
    expect(seen).toEqual(['A1', 'A2', 'B2', 'B1']);
  });

  it('E5: keeps the stack flat', () => {
    const subject = new SerialSubject<number>();
    let last = 0;
    subject.subscribe((n) => {
      last = n;
      if (n < 50_000) subject.next(n + 1);
    });
    subject.next(1);
    expect(last).toBe(50_000);
  });

  it.each([
    ['completion', '|', (subject: Subject<number>) => subject.complete()],
    ['an error', '#', (subject: Subject<number>) => subject.error(new Error('planned'))],
  ])('ends by %s after the values emitted before it', (_name, mark, end) => {
    const subject = new SerialSubject<number>();
    subject.pipe(take(1)).subscribe(() => {
      subject.next(2);
      end(subject);
      subject.next(3);
    });
    const seen: string[] = [];
    subject.subscribe({
      next: (n) => seen.push(`${n}`),
      complete: () => seen.push('|'),
      error: () => seen.push('#'),
    });
    subject.next(1);
    expect(seen).toEqual(['1', '2', mark]);
  });

  it('E5: shows a listener that is subscribed during a delivery only what comes after it', () => {
    const subject = new SerialSubject<number>();
    const late: number[] = [];
    subject.pipe(take(1)).subscribe(() => {
      subject.next(2);
      subject.subscribe((n) => late.push(n));
    });
    subject.next(1);
    expect(late).toEqual([2]);
  });

  it('does not deliver to an observer that left while the value waited', () => {
    const subject = new SerialSubject<number>();
    const seen: number[] = [];
    subject.pipe(take(1)).subscribe(() => {
      subject.next(2);
      subscription.unsubscribe();
    });
    const subscription = subject.subscribe((n) => seen.push(n));
    subject.next(1);
    expect(seen).toEqual([]);
  });

  it('is a Subject to everyone else: operators, observed, late completion', () => {
    const subject = new SerialSubject<number>();
    const seen: (number | string)[] = [];
    subject.pipe(map((n) => n * 2)).subscribe({ next: (n) => seen.push(n), complete: () => seen.push('|') });
    expect(subject.observed).toBe(true);
    subject.next(1);
    subject.complete();
    subject.subscribe({ complete: () => seen.push('late |') });
    expect(seen).toEqual([2, '|', 'late |']);
  });
});
