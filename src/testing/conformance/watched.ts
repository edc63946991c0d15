import { BehaviorSubject, filter, firstValueFrom, lastValueFrom, type Observable, type Subscription } from 'rxjs';

/** What an observable has emitted so far, and how it ended. */
export class Watched<T> {
  readonly values: T[] = [];
  /** How often it ended; more than once is a broken observable. */
  ends = 0;
  error: unknown;
  private readonly count = new BehaviorSubject(0);
  private readonly subscription: Subscription;

  constructor(source: Observable<T>) {
    const end = (): void => {
      this.ends += 1;
      this.count.complete();
    };
    this.subscription = source.subscribe({
      next: (value) => {
        this.values.push(value);
        this.count.next(this.values.length);
      },
      error: (error: unknown) => {
        this.error = error;
        end();
      },
      complete: end,
    });
  }

  /** Waits until it has emitted so many values. Rejects if it ends before. */
  async reaches(count: number): Promise<void> {
    await firstValueFrom(this.count.pipe(filter((reached) => reached >= count)));
  }

  /** Waits until it has ended. */
  async ended(): Promise<void> {
    await lastValueFrom(this.count, { defaultValue: 0 });
  }

  unsubscribe(): void {
    this.subscription.unsubscribe();
  }
}
