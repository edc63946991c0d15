import { Observable, of, Subject, type ObservableInput, type Observer, type Subscriber } from 'rxjs';
import { attach } from '../../src/backpressure/attach.js';
import { run } from '../../src/testing/run.js';

/** An output to tie inputs to, and what its consumer and an observer see. */
function setUp(): { output: Subscriber<string>; seen: string[]; observer: Observer<string> } {
  const seen: string[] = [];
  let output: Subscriber<string> | undefined;
  new Observable<string>((subscriber) => {
    output = subscriber;
  }).subscribe({ complete: () => seen.push('output |'), error: () => seen.push('output #') });
  const observer: Observer<string> = {
    next: (value) => seen.push(value),
    error: (error) => seen.push(`# ${String(error)}`),
    complete: () => seen.push('|'),
  };
  return { output: output as unknown as Subscriber<string>, seen, observer };
}

/** Passes all of the input on, but not its end. */
const passing = (output: Subscriber<string>): Observer<string> => ({
  next: (value) => output.next(value),
  error: () => undefined,
  complete: () => undefined,
});

describe('attach (E8)', () => {
  it('gives the observer what the input emits, and leaves the output alone', () => {
    const { output, seen, observer } = setUp();
    attach(output, ['a', 'b'], observer);
    attach(output, new Observable<string>((inner) => inner.error('no')), observer);
    expect(seen).toEqual(['a', 'b', '|', '# no']);
    expect(output.closed).toBe(false);
  });

  it.each<[string, ObservableInput<string>]>([
    ['an observable', of('a')],
    ['a promise', Promise.resolve('a')],
    ['an iterable', new Set('a')],
  ])('takes %s', async (_, input) => {
    const { output, seen, observer } = setUp();
    attach(output, input, observer);
    await Promise.resolve();
    expect(seen).toEqual(['a', '|']);
  });

  it('makes an error of what is no input', () => {
    const { output, seen, observer } = setUp();
    attach(output, undefined as never, observer);
    expect(seen).toEqual([expect.stringMatching(/^# TypeError: .*undefined/)]);
  });

  it('unsubscribes from the input with the output, whoever ends it', () => {
    run(({ hot, expectObservable, expectSubscriptions }) => {
      const input = hot('   abcdef-|');
      const unsub = '       --!     ';
      const left = '        ab-     ';
      const ended = '       abc(d|) ';
      const out$ = new Observable<string>((output) => void attach(output, input, passing(output)));
      const upToD$ = new Observable<string>((output) => {
        const next = (value: string): void => {
          output.next(value);
          if (value === 'd') output.complete();
        };
        attach(output, input, { ...passing(output), next });
      });
      expectObservable(out$, unsub).toBe(left);
      expectObservable(upToD$).toBe(ended);
      expectSubscriptions(input.subscriptions).toBe(['^-!', '^--!']);
    });
  });

  it('stops an input that emits without end while it is subscribed to, once the consumer has had enough', () => {
    const { output, seen, observer } = setUp();
    let made = 0;
    // Not quite without end: a failure should not hang.
    const input$ = new Observable<string>((inner) => {
      for (; !inner.closed && made < 1_000; made += 1) inner.next('x');
    });
    const next = (value: string): void => {
      observer.next(value);
      if (seen.length === 3) output.complete();
    };
    attach(output, input$, { ...observer, next });
    expect(made).toBe(3);
    expect(seen).toEqual(['x', 'x', 'x', 'output |']);
  });

  it('does not touch the input of an output that has ended', () => {
    const { output, seen, observer } = setUp();
    output.complete();
    let subscribed = 0;
    const input$ = new Observable<string>(() => void (subscribed += 1));
    const subscription = attach(output, input$, observer);
    expect(subscribed).toBe(0);
    expect(subscription.closed).toBe(true);
    expect(seen).toEqual(['output |']);
  });

  it('returns a subscription that ends the input alone', () => {
    const { output, seen, observer } = setUp();
    const input$ = new Subject<string>();
    attach(output, input$, observer).unsubscribe();
    expect(input$.observed).toBe(false);
    expect(output.closed).toBe(false);
    expect(seen).toEqual([]);
  });

  it.each(['error', 'complete'] as const)('tears the input down on %s, though the output goes on', (end) => {
    const { output, observer } = setUp();
    let isTornDown = false;
    const input$ = new Observable<string>((inner) => {
      inner.add(() => (isTornDown = true));
      inner[end]('no');
    });
    attach(output, input$, observer);
    expect([isTornDown, output.closed]).toEqual([true, false]);
  });

  it('leaves nothing on the output once the input has ended: a long life may see many', () => {
    const { output, observer } = setUp();
    const add = jest.spyOn(output, 'add');
    const remove = jest.spyOn(output, 'remove');
    const open$ = new Subject<string>();
    attach(output, [], observer);
    attach(output, open$, observer);
    expect(add).toHaveBeenCalledTimes(2);
    expect(remove.mock.calls.map(([inner]) => inner)).toEqual([add.mock.calls[0]?.[0]]);
    open$.complete();
    expect(remove).toHaveBeenCalledTimes(2);
  });
});
