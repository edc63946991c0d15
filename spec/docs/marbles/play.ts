import { animationFrameScheduler, asyncScheduler, catchError, map, Subject, throwError } from 'rxjs';
import type { OperatorFunction, Observable } from 'rxjs';

import {
  failOnLag,
  ignoreLagged,
  isLagError,
  LagBuffer,
  paceMap,
  paceOn,
  paceWith,
  pullFrom,
  resyncOnLag,
  tapLagged,
} from '../../../src/backpressure/index.js';
import { marbles, run } from '../../../src/testing/index.js';
import { endOf, parseMoments } from './moments.js';
import { rowsOf } from './score.js';
import type { Score } from './score.js';

type Scope = Readonly<Record<string, unknown>>;

/** What the code of every score may name, besides its own rows. */
const vocabulary: Scope = {
  ...{ animationFrameScheduler, asyncScheduler },
  ...{ failOnLag, ignoreLagged, LagBuffer, paceMap, paceOn, paceWith, pullFrom, resyncOnLag, tapLagged },
  isCapital: (event: string) => event !== event.toLowerCase(),
  toLowerCase: (event: string) => event.toLowerCase(),
  /** A snapshot contains what arrived before c, and c. */
  covers: (_snapshot: string, event: string) => event <= 'c',
};

/** Runs a score in virtual time; throws if the operator does not do what the strings say. */
export function play(score: Score): void {
  run(({ hot, cold, animate, expectObservable, expectSubscriptions }) => {
    const told = new Subject<unknown>();
    const stream = (label: string): Observable<unknown> => hot(rowsOf(score, label)[0] ?? '', marbles);
    const [frames] = rowsOf(score, 'frame');
    if (frames !== undefined) animate(frames);

    /** `save(a)`, `read()`: each row is one call, which starts where the row does and ends where it ends. */
    const called = (name: string): ((event?: unknown) => Observable<unknown>) => {
      const calls = score.rows
        .filter(({ label }) => label.startsWith(`${name}(`))
        .map(({ label, marbles: row }) => {
          const started = row.length - row.trimStart().length;
          const call$ = cold(row.trimStart(), marbles);
          const rest = '-'.repeat((endOf(row) ?? started) - started - 1);
          expectSubscriptions(call$.subscriptions).toBe(`${'-'.repeat(started)}^${rest}!`);
          return { label, call$ };
        });
      return (event) => {
        const label = typeof event === 'string' ? `${name}(${event})` : `${name}()`;
        const index = calls.findIndex((call) => call.label === label);
        const [call] = index < 0 ? [] : calls.splice(index, 1);
        if (call === undefined) throw new Error(`${score.name} has no line for ${label}`);
        return call.call$;
      };
    };

    const made = evaluate(score.code, {
      ...vocabulary,
      ready: stream('ready'),
      told,
      save: called('save'),
      read: called('read'),
    });
    if (made instanceof LagBuffer) {
      const buffer = made as LagBuffer<unknown>;
      stream('offer').subscribe((event) => buffer.offer(event));
      expectObservable(stream('take').pipe(map(() => buffer.take()))).toBe(rowsOf(score, 'out')[0] ?? '', marbles);
      return;
    }
    const source = hot(rowsOf(score, 'source')[0] ?? '', marbles);
    const out$ = source.pipe(made as OperatorFunction<unknown, unknown>);
    for (const row of rowsOf(score, 'told')) expectObservable(told).toBe(row, marbles);
    for (const row of rowsOf(score, 'out')) expectObservable(out$.pipe(named)).toBe(row, marbles, score.error);
    for (const row of rowsOf(score, 'subs')) expectSubscriptions(source.subscriptions).toBe(row);
  });
}

/**
 * Runs a score of an iterator, frame by frame. Promises are deaf to virtual time, so each frame ends when all that it
 * caused has happened; nothing here waits for a clock.
 */
export async function playIterator(score: Score): Promise<void> {
  const source = new Subject<unknown>();
  const iterator = evaluate(score.code, { ...vocabulary, source }) as AsyncIterator<unknown, undefined>;
  const [sourceRow = ''] = rowsOf(score, 'source');
  const [askRow = ''] = rowsOf(score, 'next()');
  const [outRow = ''] = rowsOf(score, 'out');
  const at = (row: string, frame: number): readonly string[] =>
    parseMoments(row).find((moment) => moment.frame === frame)?.marbles ?? [];

  for (let frame = 0; frame < Math.max(sourceRow.length, askRow.length, outRow.length); frame += 1) {
    const got: unknown[] = [];
    for (const _ask of at(askRow, frame)) {
      void iterator.next().then(({ done, value }) => got.push(done === true ? '|' : value));
    }
    for (const marble of at(sourceRow, frame)) {
      if (marble === '|') source.complete();
      else source.next(marbles[marble]);
    }
    await allThatFollows();
    const expected = at(outRow, frame).map((marble) => marbles[marble] ?? marble);
    if (JSON.stringify(got) !== JSON.stringify(expected)) {
      throw new Error(`frame ${frame}: ${JSON.stringify(expected)} expected, ${JSON.stringify(got)} yielded`);
    }
  }
}

/** A turn of the event loop comes after every promise that is settled by then. */
function allThatFollows(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function evaluate(code: string, scope: Scope): unknown {
  // The expression in the picture is the one that runs.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  return new Function(...Object.keys(scope), `return ${code}`)(...Object.values(scope));
}

/** An error as a score names it. */
function named<T>(source: Observable<T>): Observable<T> {
  return source.pipe(
    catchError((error: unknown) =>
      throwError(() => (isLagError(error) ? `${error.name} {skipped: ${error.skipped}}` : error)),
    ),
  );
}
