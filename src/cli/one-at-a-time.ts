import { concatMap, EMPTY, Observable, Subject, takeUntil, tap } from 'rxjs';

/** Lets one work be done after the other, in the order in which it is subscribed to; who has gone is passed over. */
export class OneAtATime {
  private readonly line = new Subject<Observable<unknown>>();

  constructor() {
    this.line.pipe(concatMap((work) => work)).subscribe();
  }

  /** The same work, which waits for its turn. It must not error. */
  inTurn<T>(work: Observable<T>): Observable<T> {
    return new Observable<T>((subscriber) => {
      const gone = new Subject<void>();
      const turn = new Observable<T>((next) =>
        (subscriber.closed ? EMPTY : work).pipe(tap(subscriber), takeUntil(gone)).subscribe(next),
      );
      this.line.next(turn);
      return () => gone.next();
    });
  }
}
