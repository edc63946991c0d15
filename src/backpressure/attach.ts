import { from, Observable } from 'rxjs';
import type { ObservableInput, Observer, Subscriber, Subscription } from 'rxjs';

/**
 * Subscribes to `input` for as long as `output` lives.
 *
 * The tie is made before the first value: an input that emits while it is being subscribed to, even one without end,
 * stops when the consumer has had enough.
 *
 * @internal
 */
export function attach<T>(output: Subscriber<unknown>, input: ObservableInput<T>, observer: Observer<T>): Subscription {
  return new Observable<T>((inner) => {
    output.add(inner);
    return inner.closed ? undefined : from(input).subscribe(inner);
  }).subscribe(observer);
}
