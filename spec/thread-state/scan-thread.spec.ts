import { map, NEVER, of, throwError } from 'rxjs';

import { lagged } from '../../src/backpressure/index.js';
import {
  emptyThread,
  scanThread,
  type ThreadAnswer,
  type ThreadInput,
  type ThreadState,
} from '../../src/thread-state/index.js';
import { run } from '../../src/testing/index.js';
import {
  after,
  asked,
  completed,
  message,
  numbered,
  resolved,
  said,
  started,
  textOf,
  threadOf,
  turnOf,
  turnStarted,
} from './thread-events.js';

const [turn, start, a, b, c, d] = numbered([
  turnStarted(),
  started(message('m')),
  said('m', 'a'),
  said('m', 'b'),
  said('m', 'c'),
  said('m', 'd'),
]) as [ThreadInput, ThreadInput, ThreadInput, ThreadInput, ThreadInput, ThreadInput];
const inputs: Record<string, ThreadInput> = { a, b, c, d, '1': lagged(1), '2': lagged(2) };
const initial = after([turn, start]);
/** The thread with this text in its open message. */
const answer = (text: string, seq?: number): ThreadAnswer => ({
  result: { thread: threadOf([turnOf([message('m', text)], 'inProgress', { error: null })], 'active') },
  ...(seq === undefined ? {} : { seq }),
});
/** A state in a word: the text, and a question mark where something may be missing. */
const inWords = map((state: ThreadState) => `${String(textOf(state, 'm'))}${state.partial ? '?' : ''}`);

describe('scanThread', () => {
  it('emits the state at once and after each change, and nothing for what changes nothing', () => {
    run(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  --a-a-b--|', inputs);
      const expected = '    0-1---2--|';
      const lifetime = '    ^--------!';
      expectObservable(source.pipe(scanThread('t', { initial }), inWords)).toBe(expected, ['', 'a', 'ab']);
      expectSubscriptions(source.subscriptions).toBe(lifetime);
    });
  });

  it('starts from an empty thread', () => {
    run(({ expectObservable }) => {
      expectObservable(NEVER.pipe(scanThread('t'))).toBe('0', [emptyThread('t')]);
    });
  });

  it('shows a gap, and leaves it, when nobody can be asked', () => {
    run(({ hot, expectObservable }) => {
      const source = hot('  --a-1-c--|', inputs);
      const expected = '    0-1-2-3--|';
      expectObservable(source.pipe(scanThread('t', { initial }), inWords)).toBe(expected, ['', 'a', 'a?', 'ac?']);
    });
  });

  it('shows a gap at once, asks, and goes on from the answer (E2, E9)', () => {
    run(({ cold, hot, expectObservable }) => {
      const source = hot('  --a-1-cd----|', inputs);
      const snapshot = cold('   ----(s|)', { s: answer('abc', 5) });
      const expected = '    0-1-2---(34)|';
      const states = source.pipe(scanThread('t', { initial, snapshot: () => snapshot }), inWords);
      expectObservable(states).toBe(expected, ['', 'a', 'a?', 'abc', 'abcd']);
    });
  });

  it('asks again when more was lost meanwhile, and counts each loss once', () => {
    run(({ cold, hot, expectObservable }) => {
      const source = hot('  --a-1-2-----------|', inputs);
      const snapshot = cold('   ----(s|)', { s: answer('abc') });
      const expected = '    0-1-2-3-----4-----|';
      const skipped = map(({ lag, partial }: ThreadState) => `${lag.skipped}${partial ? '?' : ''}`);
      const states = source.pipe(scanThread('t', { initial, snapshot: () => snapshot }), skipped);
      expectObservable(states).toBe(expected, ['0', '0', '1?', '3?', '3']);
    });
  });

  it('tells the one who is asked what was lost', () => {
    const asked: unknown[] = [];
    const snapshot = (gap: unknown) => {
      asked.push(gap);
      return of(answer('x'));
    };
    of(lagged(7)).pipe(scanThread('t', { initial, snapshot })).subscribe();
    expect(asked).toEqual([lagged(7)]);
  });

  it('holds as many events as it is told, and asks again beyond that', () => {
    run(({ cold, hot, expectObservable }) => {
      const source = hot('  1-c-d----------', inputs);
      const snapshot = cold('----(s|)', { s: answer('abcd', 6) });
      const expected = '    (01)----2------';
      const states = source.pipe(scanThread('t', { initial, snapshot: () => snapshot, capacity: 1 }), inWords);
      expectObservable(states).toBe(expected, ['', '?', 'abcd']);
    });
  });

  it('shows a question, and its end, that came while a snapshot was on its way, which has no questions in it', () => {
    run(({ cold, hot, expectObservable }) => {
      const [, , , , question, again, end] = numbered([b, b, b, b, asked(1), asked(2), resolved(1)]);
      const source = hot('  1-q-a-e----q--', { ...inputs, q: question, a: again, e: end } as Record<
        string,
        ThreadInput
      >);
      const snapshot = cold('--------(s|)', { s: answer('x', 9) });
      const expected = '    (01)----(2345)';
      const states = source.pipe(
        scanThread('t', { initial, snapshot: () => snapshot }),
        map(({ approvals }) => approvals.map(({ id }) => id).join()),
      );
      expectObservable(states).toBe(expected, ['', '', '', '1', '1,2', '2']);
    });
  });

  it('asks again for what a snapshot has torn apart (E3, E9)', () => {
    run(({ cold, hot, expectObservable }) => {
      // The pieces 4 and 6 are one event; the first answer has 4 only.
      const folded = { ...d, first: 4, seq: 6 } as ThreadInput;
      const source = hot('  1-----f-----', { ...inputs, f: folded });
      const snapshot = (text: string, seq: number) => cold('----(s|)', { s: answer(text, seq) });
      const answers = [snapshot('ab', 5), snapshot('abd', 7)];
      const expected = '    (01)2-3---4-';
      const states = source.pipe(scanThread('t', { initial, snapshot: () => answers.shift() ?? NEVER }), inWords);
      expectObservable(states).toBe(expected, ['', '?', 'ab', 'ab?', 'abd']);
    });
  });

  it('takes answers of the user in between', () => {
    const question = after([asked(1)], initial);
    const seen: number[] = [];
    of<ThreadInput>({ type: 'answered', id: 1 })
      .pipe(scanThread('t', { initial: question, snapshot: () => NEVER }))
      .subscribe(({ approvals }) => seen.push(approvals.length));
    expect(seen).toEqual([1, 0]);
  });

  describe('ends', () => {
    it('with the source, once what is held is told', () => {
      run(({ cold, hot, expectObservable }) => {
        const source = hot('  1c|', inputs);
        const snapshot = cold('----(s|)', { s: answer('ab', 4) });
        const expected = '    (01)(23|)';
        const states = source.pipe(scanThread('t', { initial, snapshot: () => snapshot }), inWords);
        expectObservable(states).toBe(expected, ['', '?', 'ab', 'abc']);
      });
    });

    it('with the error of the source, once what is held is told', () => {
      run(({ cold, hot, expectObservable }) => {
        const source = hot('  1c#', inputs);
        const snapshot = cold('----(s|)', { s: answer('ab', 4) });
        const expected = '    (01)(23#)';
        const states = source.pipe(scanThread('t', { initial, snapshot: () => snapshot }), inWords);
        expectObservable(states).toBe(expected, ['', '?', 'ab', 'abc']);
      });
    });

    it('with the error of the source, where nothing is held', () => {
      run(({ hot, expectObservable }) => {
        expectObservable(hot('--#', inputs).pipe(scanThread('t', { initial }), inWords)).toBe('0-#', ['']);
      });
    });

    it('with the error of the snapshot, or of the one who is asked', () => {
      run(({ hot, expectObservable }) => {
        const failing = hot('1', inputs).pipe(scanThread('t', { initial, snapshot: () => throwError(() => 'error') }));
        expectObservable(failing.pipe(inWords)).toBe('(01#)', ['', '?']);
        const throwing = hot('1', inputs).pipe(
          scanThread('t', {
            initial,
            snapshot: () => {
              // eslint-disable-next-line @typescript-eslint/only-throw-error
              throw 'error';
            },
          }),
        );
        expectObservable(throwing.pipe(inWords)).toBe('(01#)', ['', '?']);
      });
    });

    it('when unsubscribed, and gives up the snapshot', () => {
      run(({ cold, hot, expectObservable, expectSubscriptions }) => {
        const source = hot('  --1-----', inputs);
        const snapshot = cold<ThreadAnswer>(' ------');
        const unsubscribe = ' -----!';
        expectObservable(
          source.pipe(scanThread('t', { initial, snapshot: () => snapshot }), inWords),
          unsubscribe,
        ).toBe('0-1', ['', '?']);
        expectSubscriptions(source.subscriptions).toBe('  ^----!');
        expectSubscriptions(snapshot.subscriptions).toBe('--^--!');
      });
    });
  });

  it('keeps a state for each subscriber', () => {
    const source = of(completed(message('m', 'x')));
    const states = source.pipe(scanThread('t', { initial }), inWords);
    const seen: string[] = [];
    states.subscribe((text) => seen.push(text));
    states.subscribe((text) => seen.push(text));
    expect(seen).toEqual(['', 'x', '', 'x']);
  });
});
