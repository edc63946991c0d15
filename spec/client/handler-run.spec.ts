import { EMPTY, NEVER, Observable, of, throwError } from 'rxjs';

import { HandlerRun } from '../../src/client/handler-run.js';
import { OpenServerRequest } from '../../src/client/open-server-request.js';
import type { ServerRequestContext, ServerRequestHandler } from '../../src/client/server-request.js';
import { RpcError } from '../../src/protocol/index.js';
import { run } from '../../src/testing/index.js';
import { at } from '../rules/support.js';

type Answer = { readonly result: unknown } | { readonly error: unknown };

/** Runs a handler; `settled` is what its owner does with an answer. */
const start = (
  handler: ServerRequestHandler<unknown, unknown>,
  settled: (run: HandlerRun) => void = () => undefined,
): { run: HandlerRun; answers: Answer[]; failures: unknown[] } => {
  const answers: Answer[] = [];
  const failures: unknown[] = [];
  const request = new OpenServerRequest(
    {
      settle: (_request, answer) => {
        answers.push(answer);
        settled(handlerRun);
        return 'sent';
      },
    },
    1,
    'ask',
    'well?',
    9,
  );
  const handlerRun = new HandlerRun(request, (error) => failures.push(error));
  handlerRun.start(handler);
  return { run: handlerRun, answers, failures };
};

const stop = (handlerRun: HandlerRun): void => handlerRun.stop();

describe('HandlerRun', () => {
  describe('C8 a handler', () => {
    it.each<[string, unknown, unknown]>([
      ['a value', 'yes', 'yes'],
      ['an array', ['yes'], ['yes']],
      ['nothing', undefined, undefined],
      ['null', null, null],
      ['an object whose "then" is no function', { then: 1 }, { then: 1 }],
      ['the first value of an observable', of('first', 'second'), 'first'],
      ['nothing, when its observable is empty', EMPTY, undefined],
    ])('answers %s', (_what, outcome, result) => {
      expect(start(() => outcome, stop)).toMatchObject({ answers: [{ result }], failures: [] });
    });

    it('is given the params and where they came from', () => {
      const seen: unknown[] = [];
      start((params, { id, method, seq }) => seen.push(params, id, method, seq));
      expect(seen).toEqual(['well?', 1, 'ask', 9]);
    });

    it.each<[string, (error: unknown) => unknown]>([
      ['throws', (error) => { throw error; }], // prettier-ignore
      ['has an observable that errors', (error) => throwError(() => error)],
    ])('that %s fails the request; only a failure that is no RpcError is told', (_how, outcome) => {
      const [word, bug] = [new RpcError(-1, 'no'), new Error('bug')];
      expect(start(() => outcome(word), stop)).toMatchObject({ answers: [{ error: word }], failures: [] });
      expect(start(() => outcome(bug), stop)).toMatchObject({ answers: [{ error: bug }], failures: [bug] });
    });

    it('adopts promises', async () => {
      const kept = start(() => Promise.resolve('yes'), stop);
      const broken = start(() => Promise.reject(new Error('no')), stop);
      await Promise.resolve();
      expect(kept.answers).toEqual([{ result: 'yes' }]);
      expect(broken).toMatchObject({ answers: [{ error: new Error('no') }], failures: [new Error('no')] });
    });

    it('has its observable left after the first value', () => {
      run(({ cold, expectSubscriptions }) => {
        const source = cold('  --a--b|');
        const lifetime = '     ^-!';
        start(() => source, stop);
        expectSubscriptions(source.subscriptions).toBe(lifetime);
      });
    });
  });

  describe('S1 a run that is stopped', () => {
    it('leaves its observable, aborts its signal and says nothing more', () => {
      run(({ cold, expectSubscriptions, flush }) => {
        const source = cold('  ------a|');
        const lifetime = '     ^--!';
        let signal: AbortSignal | undefined;
        const { run: handlerRun, answers } = start((_params, context) => {
          signal = context.signal;
          return source;
        });
        at(3, () => {
          expect(signal?.aborted).toBe(false);
          handlerRun.stop();
          handlerRun.stop();
          expect(signal?.aborted).toBe(true);
        });
        expectSubscriptions(source.subscriptions).toBe(lifetime);
        flush();
        expect(answers).toEqual([]);
      });
    });

    it('drops what its promise says later, a failure too', async () => {
      const late = [start(() => Promise.resolve('late')), start(() => Promise.reject(new Error('late')))];
      for (const { run: handlerRun } of late) handlerRun.stop();
      await Promise.resolve();
      expect(late.map(({ answers, failures }) => [answers, failures])).toEqual([
        [[], []],
        [[], []],
      ]);
    });

    it('from inside its handler leaves what that returns', () => {
      let subscribed = 0;
      const outcome = NEVER as Observable<unknown>;
      const { run: handlerRun, answers } = start((_params, context) => {
        (context as HandlerRun).stop();
        subscribed += 1;
        return outcome;
      });
      expect([subscribed, answers]).toEqual([1, []]);
      expect(handlerRun.signal.aborted).toBe(true);
    });
  });

  it('starts no work for a handler that was stopped from inside, and keeps none that stops it while it begins', () => {
    const work: string[] = [];
    const job$ = (name: string, begin: () => void): Observable<never> =>
      new Observable(() => {
        work.push(`${name} begins`);
        begin();
        return () => work.push(`${name} ends`);
      });
    start((_params, context) => {
      (context as HandlerRun).stop();
      return job$('a', () => undefined);
    });
    start((_params, context) => job$('b', () => (context as HandlerRun).stop()));
    expect(work).toEqual(['b begins', 'b ends']);
  });

  describe('the signal', () => {
    it('is made when it is read, once, and is aborted already when that is too late', () => {
      let context: ServerRequestContext | undefined;
      const { run: handlerRun } = start((_params, given) => {
        context = given;
        return NEVER;
      });
      expect(context?.signal).toBe(context?.signal);
      const late = start(() => NEVER).run;
      handlerRun.stop();
      late.stop();
      expect([context?.signal.aborted, late.signal.aborted]).toEqual([true, true]);
    });
  });
});
