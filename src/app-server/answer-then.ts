import { Observable } from 'rxjs';

/**
 * Answers with what the work comes to, and does the rest only when the answer is out: what the rest emits comes after it.
 *
 * Once subscribed it goes on whoever loses interest: others are to hear of what has been done.
 *
 * @internal
 */
export function answerThen<R>(work: Observable<R>, rest: () => void): Observable<R> {
  return new Observable((subscriber) => {
    work.subscribe({
      next: (result) => {
        subscriber.next(result);
      },
      error: (error: unknown) => {
        subscriber.error(error);
      },
      complete: () => {
        subscriber.complete();
        rest();
      },
    });
  });
}
