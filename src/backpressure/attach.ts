import { defer, Subscriber } from 'rxjs';
import type { ObservableInput, Observer, Subscription } from 'rxjs';

/**
 * Subscribes to `input` for as long as `output` lives.
 *
 * The tie is made before the first value: an input that emits while it is being subscribed to, even one without end,
 * stops when the consumer has had enough.
 *
 * @internal
 */
export function attach<T>(output: Subscriber<unknown>, input: ObservableInput<T>, observer: Observer<T>): Subscription {
  const link = new Link(output, observer);
  // What is no input at all is an error of the output, like any other.
  if (!link.closed) defer(() => input).subscribe(link);
  return link;
}

/**
 * The subscriber that RxJS's own operators use, in small. Subscribing with an observer makes two objects more, and when
 * a thousand streams are read in turn, each object on the way of an event is a miss in the processor's cache.
 */
class Link<T> extends Subscriber<T> {
  constructor(
    output: Subscriber<unknown>,
    private readonly observer: Observer<T>,
  ) {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- RxJS 7 has no other way; 8 names it `operate`
    super(output as Subscriber<T>);
  }

  protected override _next(value: T): void {
    this.observer.next(value);
  }

  protected override _error(error: unknown): void {
    try {
      this.observer.error(error);
    } finally {
      this.unsubscribe();
    }
  }

  protected override _complete(): void {
    try {
      this.observer.complete();
    } finally {
      this.unsubscribe();
    }
  }
}
