/** A gap of unknown size is a gap like any other, to every operator: `?` in the diagrams. */
import { asyncScheduler, Subject } from 'rxjs';

import {
  failOnLag,
  ignoreLagged,
  LagBuffer,
  type Lagged,
  paceMap,
  paceOn,
  paceWith,
  pullFrom,
  resyncOnLag,
  tapLagged,
} from '../../src/backpressure/index.js';
import { marbles } from '../../src/testing/marbles.js';
import { run } from '../../src/testing/run.js';

const unknown = (skipped: number): Lagged => ({ type: 'lagged', skipped, unknown: true });

describe('a gap of unknown size (E2)', () => {
  it('keeps its place in a pace, and its neighbours merge with it', () => {
    run(({ hot, expectObservable }) => {
      const source = hot('  a?b-cde---|', marbles);
      const ready = hot('   -----------x---x');
      const expected = '    -----------(gd)(e|)';
      expectObservable(source.pipe(paceWith(ready, { capacity: 2 }))).toBe(expected, { ...marbles, g: unknown(3) });
    });
  });

  it('is told alone at the next turn, and before the end', () => {
    run(({ hot, expectObservable }) => {
      const source = hot('  a?-----?|', marbles);
      const expected = '    --(a?)---(?|)';
      expectObservable(source.pipe(paceOn(asyncScheduler, { delay: 2 }))).toBe(expected, marbles);
    });
  });

  it('stands in the order of starts', () => {
    run(({ cold, hot, expectObservable }) => {
      const source = hot('  a?b------|', marbles);
      const expected = '    ----(a?)b|';
      expectObservable(source.pipe(paceMap((event) => cold('----(e|)', { e: event })))).toBe(expected, marbles);
    });
  });

  it('is repaired by a snapshot, and makes one that is on its way worthless', () => {
    run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  a?-b?-c-----', marbles);
      const snap = cold('    ---s|');
      const asked = ['      -^---!      ', '-----^---!'];
      const expected = '    a--------(sc)';
      expectObservable(source.pipe(resyncOnLag(() => snap))).toBe(expected);
      expectSubscriptions(snap.subscriptions).toBe(asked.map((line) => line.trim()));
    });
  });

  it('is told, swallowed, or fatal, as the consumer wants it', () => {
    run(({ hot, expectObservable }) => {
      const told: Lagged[] = [];
      const source = hot('  a-?-b--|', marbles);
      const passed = '      a-?-b--|';
      const swallowed = '   a---b--|';
      expectObservable(source.pipe(tapLagged((gap) => told.push(gap)))).toBe(passed, marbles);
      expectObservable(source.pipe(ignoreLagged())).toBe(swallowed);
      source.pipe(failOnLag()).subscribe({
        error: (error: Error) => {
          expect(error.message).toMatch(/^some events/);
        },
      });
      source.subscribe({ complete: () => expect(told).toEqual([unknown(0)]) });
    });
  });

  it('comes to a loop that asks', async () => {
    const source = new Subject<string | Lagged>();
    const events = pullFrom(source);
    for (const event of ['a', unknown(0), 'b', unknown(0)]) source.next(event);
    source.complete();
    const seen: unknown[] = [];
    for await (const event of events) seen.push(event);
    expect(seen).toEqual(['a', unknown(0), 'b', unknown(0)]);
  });

  it('is told to each who claims, and stays for the next', () => {
    const buffer = new LagBuffer<string>({});
    for (const event of ['a', unknown(0), 'b']) buffer.offer(event);
    expect(buffer.claim((event) => event === 'b')).toEqual([unknown(0), 'b']);
    expect(buffer.claim(() => true)).toEqual(['a', unknown(0)]);
  });

  it('counts nothing in the account of a buffer', () => {
    const buffer = new LagBuffer<string>({ capacity: 1 });
    for (const event of ['a', unknown(0), 'b']) buffer.offer(event);
    expect(buffer.skipped).toBe(1);
    expect([buffer.take(), buffer.take()]).toEqual([unknown(1), 'b']);
  });
});
