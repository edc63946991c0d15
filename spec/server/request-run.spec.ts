import { concat, EMPTY, NEVER, Observable, of, Subject, throwError } from 'rxjs';

import { ErrorCode, type RequestSpec, RpcError, type } from '../../src/protocol/index.js';
import type { Connection } from '../../src/server/connection.js';
import { RequestRun, type Route, type RunOwner } from '../../src/server/request-run.js';
import { run } from '../../src/testing/index.js';
import { at, type Plain } from '../rules/support.js';

type Handler = (params: unknown, context: RequestRun<Plain>) => unknown;

interface Made {
  readonly request: RequestRun<Plain>;
  /** What its owner was told, in order. */
  readonly told: readonly unknown[];
}

function makeRun(
  handler: Handler,
  spec: RequestSpec = { result: type<unknown>() },
  answer$: Observable<unknown> = EMPTY,
): Made {
  const told: unknown[] = [];
  const tell =
    (word: string) =>
    (...args: readonly unknown[]): void => {
      told.push([word, ...args.slice(1)]);
    };
  const connection = {
    session: { state: 'open' },
    notify: (...args: readonly unknown[]) => {
      told.push(['notify', ...args]);
      return 'sent';
    },
  } as unknown as Connection<Plain>;
  const owner: RunOwner<Plain> = {
    connection,
    isEnded: false,
    granted: tell('granted'),
    withdraw: tell('withdraw'),
    finished: tell('finished'),
    answer: (_, result, error) => {
      told.push(error === undefined ? ['result', result] : ['error', error.toObject()]);
    },
    ask: (...args) => {
      told.push(['ask', ...args]);
      return answer$;
    },
    diagnose: (diagnostic) => {
      told.push([diagnostic.type]);
    },
  };
  const route: Route = { method: 'work', spec, handler: handler as Route['handler'] };
  return { request: new RequestRun<Plain>(owner, 7, { n: 1 }, route, undefined), told };
}

/** What the owner is told when the handler does this. */
function outcomeOf(handler: Handler, spec?: RequestSpec): readonly unknown[] {
  const { request, told } = makeRun(handler, spec);
  request.execute();
  return told;
}

const cancelled = new RpcError(ErrorCode.RequestCancelled, 'request cancelled');
const cancelledAnswer = ['error', { code: -32800, message: 'request cancelled' }];
const finished = ['finished'];

describe('C8 what a handler returns', () => {
  const iterable = {
    async *[Symbol.asyncIterator]() {
      yield await Promise.resolve(1);
    },
  };

  it.each([
    ['a number', 0],
    ['null', null],
    ['an array', [1, of(2)]],
    ['an async iterable', iterable],
    ['a Map', new Map([[1, 2]])],
    ['something whose then is no function', { then: 1 }],
  ])('is the answer: %s', (_, value) => {
    const told = outcomeOf(() => value);
    expect(told).toEqual([['result', value], finished]);
    expect((told[0] as readonly unknown[])[1]).toBe(value);
  });

  it('is an empty object for nothing without a result schema, and null with one', () => {
    expect(outcomeOf(() => undefined, {})).toEqual([['result', {}], finished]);
    expect(outcomeOf(() => EMPTY, {})).toEqual([['result', {}], finished]);
    expect(outcomeOf(() => undefined)).toEqual([['result', null], finished]);
    expect(outcomeOf(() => EMPTY)).toEqual([['result', null], finished]);
  });

  it('may be an observable: its last value, when it completes', () => {
    run(({ cold, expectSubscriptions, flush }) => {
      const source = cold('-a-b--|', { a: 1, b: [2] });
      const lifetime = '   ^-----!';
      const { request, told } = makeRun(() => source);
      request.execute();
      at(5, () => {
        expect(told).toEqual([]);
      });
      flush();
      expectSubscriptions(source.subscriptions).toBe(lifetime);
      expect(told).toEqual([['result', [2]], finished]);
    });
  });

  it('may be a promise, also of a foreign kind', async () => {
    const { request, told } = makeRun(() => Promise.resolve(3));
    request.execute();
    expect(told).toEqual([]);
    await Promise.resolve();
    expect(told).toEqual([['result', 3], finished]);
    expect(
      outcomeOf(() => ({
        then: (resolve: (value: number) => void) => {
          resolve(4);
        },
      })),
    ).toEqual([['result', 4], finished]);
  });

  it('is answered once, though a foreign promise settles both ways', () => {
    const twice = {
      then: (resolve: (value: number) => void, reject: (error: unknown) => void) => {
        resolve(1);
        reject(new Error('again'));
        resolve(2);
      },
    };
    expect(outcomeOf(() => twice).filter((entry) => (entry as readonly unknown[])[0] !== 'handlerFailed')).toEqual([
      ['result', 1],
      finished,
    ]);
  });
});

describe('C8 how a handler fails', () => {
  const refusal = new RpcError(42, 'no', [1]);
  const refused = ['error', { code: 42, message: 'no', data: [1] }];

  it('with an RpcError as it is, thrown, emitted or rejected', async () => {
    const thrown: Handler = () => {
      throw refusal;
    };
    expect(outcomeOf(thrown)).toEqual([refused, finished]);
    expect(
      outcomeOf(() =>
        concat(
          of(1),
          throwError(() => refusal),
        ),
      ),
    ).toEqual([refused, finished]);
    const { request, told } = makeRun(() => Promise.reject(refusal));
    request.execute();
    await Promise.resolve();
    expect(told).toEqual([refused, finished]);
  });

  it.each([
    ['an Error', new Error('broken'), 'broken'],
    ['a string', 'broken', 'broken'],
    ['nothing', undefined, 'undefined'],
  ])('with %s as -32603 without a stack, and a diagnostic', (_, error, message) => {
    const told = outcomeOf(() => throwError(() => error));
    expect(told).toEqual([['handlerFailed'], ['error', { code: -32603, message }], finished]);
  });
});

describe('C6 a run that is aborted', () => {
  it('while it waits leaves, is answered and never starts', () => {
    const { request, told } = makeRun(() => {
      throw new Error('started');
    });
    const { signal } = request;
    request.abort(cancelled);
    expect(told).toHaveLength(2);
    expect(told).toEqual(expect.arrayContaining([['withdraw'], cancelledAnswer]));
    expect([request.stage, signal.aborted, signal.reason]).toEqual(['over', true, cancelled]);
  });

  it('unsubscribes its observable; what that emits afterwards is nobody s', () => {
    const source = new Subject<number>();
    const { request, told } = makeRun(() => source);
    request.execute();
    source.next(1);
    request.abort(cancelled);
    expect([source.observed, told]).toEqual([false, [cancelledAnswer, finished]]);
    source.next(2);
    source.complete();
    request.abort(cancelled);
    expect(told).toHaveLength(2);
  });

  it('while its observable is being subscribed is answered and over once, torn down', () => {
    let tornDown = 0;
    const { request, told } = makeRun(
      () =>
        new Observable((subscriber) => {
          request.abort(cancelled);
          subscriber.next(1);
          return () => {
            tornDown += 1;
          };
        }),
    );
    request.execute();
    expect(told).toEqual([cancelledAnswer, finished]);
    expect([tornDown, request.stage]).toEqual([1, 'over']);
  });

  it('while its observable is being subscribed and then completes is over once', () => {
    const { request, told } = makeRun(
      () =>
        new Observable((subscriber) => {
          request.abort(cancelled);
          subscriber.complete();
        }),
    );
    request.execute();
    expect(told).toEqual([cancelledAnswer, finished]);
  });

  it('is over only when a promise that ignores its signal has settled, and then silently', async () => {
    const endings: ((how: 'resolve' | 'reject') => void)[] = [];
    const handler: Handler = () =>
      new Promise((resolve, reject) => {
        endings.push((how) => {
          if (how === 'resolve') resolve(1);
          else reject(new Error('too late'));
        });
      });
    const runs = [makeRun(handler), makeRun(handler)];
    for (const { request } of runs) {
      request.execute();
      request.abort(cancelled);
    }
    expect(runs.map(({ told }) => told)).toEqual([[cancelledAnswer], [cancelledAnswer]]);
    endings[0]?.('resolve');
    endings[1]?.('reject');
    await Promise.resolve();
    expect(runs.map(({ told }) => told)).toEqual([
      [cancelledAnswer, finished],
      [cancelledAnswer, finished],
    ]);
  });

  it('by its own handler is answered with that, whatever the handler returns', () => {
    const { request, told } = makeRun(() => {
      request.abort(cancelled);
      return 5;
    });
    request.execute();
    expect(told).toEqual([cancelledAnswer, finished]);
  });
});

describe('section 3, the context of a handler', () => {
  it('has a signal that is one and the same, aborted with the reason', () => {
    const { request } = makeRun(() => NEVER);
    request.execute();
    const { signal } = request;
    expect([signal.aborted, request.signal === signal]).toEqual([false, true]);
    request.abort(cancelled);
    expect([signal.aborted, signal.reason]).toEqual([true, cancelled]);
  });

  it('has a signal that is aborted already when it is first read after the end', () => {
    const { request } = makeRun(() => NEVER);
    request.execute();
    request.abort(cancelled);
    expect([request.signal.aborted, request.signal.reason]).toEqual([true, cancelled]);
  });

  it('takes its questions back when it is aborted, though the handler awaits the answer (S1)', () => {
    const answer$ = new Subject<unknown>();
    const seen: unknown[] = [];
    const { request } = makeRun(
      (_, context) => {
        context.request('ask').subscribe({ error: (error) => seen.push(error) });
        return new Promise(() => undefined);
      },
      undefined,
      answer$,
    );
    request.execute();
    expect(answer$.observed).toBe(true);
    request.abort(cancelled);
    expect([seen, answer$.observed]).toEqual([[cancelled], false]);
  });

  it('asks nothing any more once it is aborted, and asks on once it has answered', () => {
    const seen: unknown[] = [];
    const aborted = makeRun(() => NEVER);
    aborted.request.execute();
    aborted.request.abort(cancelled);
    aborted.request.request('ask').subscribe({ error: (error) => seen.push(error) });
    const answered = makeRun(() => 1);
    answered.request.execute();
    answered.request.request('ask', 'later').subscribe();
    expect(seen).toEqual([cancelled]);
    expect(aborted.told.flat()).not.toContain('ask');
    expect(answered.told).toContainEqual(['ask', 'ask', 'later', undefined]);
  });

  it('leaves no listener on its signal when the answer has come', () => {
    const { request } = makeRun(() => NEVER);
    request.execute();
    const { signal } = request;
    const added = jest.spyOn(signal, 'addEventListener');
    const removed = jest.spyOn(signal, 'removeEventListener');
    request.request('ask').subscribe();
    expect([added.mock.calls.length, removed.mock.calls.length]).toEqual([1, 1]);
  });

  it('leaves the signal alone when the handler ends by itself', () => {
    const { request } = makeRun((_, context) => context.signal.aborted);
    request.execute();
    expect(request.signal.aborted).toBe(false);
  });

  it('is the request itself: who asks for what, and how to reach them', () => {
    const { request, told } = makeRun((params, context) => {
      context.notify('done', { n: 1 });
      context.request('ask', 'well?', { timeout: 5 }).subscribe();
      return [params, context.id, context.method, context.session];
    });
    request.execute();
    expect(told).toEqual([
      ['notify', 'done', { n: 1 }],
      ['ask', 'ask', 'well?', { timeout: 5 }],
      ['result', [{ n: 1 }, 7, 'work', { state: 'open' }]],
      finished,
    ]);
  });

  it('passes its turn on: it starts when its owner grants it', () => {
    const { request, told } = makeRun(() => 1, { access: 'shared' });
    request.start();
    expect([told, request.shared, request.stage]).toEqual([[['granted']], true, 'waiting']);
  });
});
