import { Observable, Subject } from 'rxjs';
import type { Subscription } from 'rxjs';
import { Drain, type Pace } from '../../src/backpressure/drain.js';
import { isLagged, lagged } from '../../src/backpressure/index.js';
import type { Lagged, PaceOptions } from '../../src/backpressure/index.js';

/** A pace in the hands of the spec: so many events are ready to go, and so much of what went is still at work. */
class Bench {
  readonly source$ = new Subject<string | Lagged>();
  readonly subscription: Subscription;
  drain!: Drain<string>;
  /** What the consumer sees: events as they are, a gap as its digit, the end as `|` or the error. */
  seen = '';
  readiness = 0;
  active = 0;
  waits = 0;

  constructor(options: PaceOptions<string> = {}, pace: Partial<Pace<string>> = {}) {
    this.subscription = new Observable<string | Lagged>((output) => {
      this.drain = new Drain<string>(output, options, {
        ready: () => this.readiness > 0,
        deliver: (event) => {
          this.readiness -= 1;
          output.next(event);
        },
        wait: () => (this.waits += 1),
        isBusy: () => this.active > 0,
        ...pace,
      });
      return this.drain.connect(this.source$);
    }).subscribe({
      next: (value) => (this.seen += isLagged(value) ? String(value.skipped) : value),
      error: (error) => (this.seen += ` ${error instanceof Error ? error.name : String(error)}`),
      complete: () => (this.seen += '|'),
    });
  }

  emit(...values: readonly (string | Lagged)[]): this {
    for (const value of values) this.source$.next(value);
    return this;
  }

  /** Makes so many ready and lets the drain know. */
  give(readiness: number): this {
    this.readiness += readiness;
    this.drain.run();
    return this;
  }
}

const isCapital = (event: string): boolean => /[A-Z]/.test(event);
function refuse(): never {
  throw new Error('no');
}

describe('Drain', () => {
  describe('asks its pace (E8)', () => {
    it('before each event, and delivers for as long as it is ready', () => {
      const bench = new Bench().emit(...'abc').give(2);
      expect(bench.seen).toBe('ab');
      expect(bench.drain.waiting).toBe(1);
      expect(bench.give(2).seen).toBe('abc');
      expect(bench.emit(...'de').seen).toBe('abcd');
    });

    it('and leaves the event that passes at once unquestioned: nothing is done for a consumer that keeps up', () => {
      const options = { lossless: refuse, skippedBy: refuse, conflate: { key: refuse } };
      expect(new Bench(options).give(2).emit('a', 'b').seen).toBe('ab');
    });

    it('when to tell a gap, but tells it itself: a gap is no event and uses up nothing (E2)', () => {
      const delivered: string[] = [];
      const deliver = (event: string): void => void delivered.push(event);
      const bench = new Bench({}, { deliver }).emit(lagged(3));
      expect(bench.seen).toBe('');
      bench.give(1).emit(lagged(2), 'a', lagged(1));
      expect(bench.seen).toBe('321');
      expect(delivered).toEqual(['a']);
    });

    it('to wait once for all that waits, and again after each delivery that leaves something', () => {
      const bench = new Bench().give(1).emit('a');
      expect(bench.waits).toBe(0);
      bench.emit('b');
      expect(bench.waits).toBe(1);
      bench.emit(lagged(1));
      expect(bench.waits).toBe(1);
      bench.give(1);
      expect(bench.waits).toBe(2);
      bench.give(1);
      expect(bench).toMatchObject({ seen: 'ab1', waits: 2 });
    });

    it('for no more than it needs: one that never waits and is never busy will do', () => {
      const bench = new Bench({}, { wait: undefined as never, isBusy: undefined as never }).emit('a', 'b');
      bench.source$.complete();
      expect(bench.give(2).seen).toBe('ab|');
    });
  });

  describe('is a loop (E8)', () => {
    it('that 100,000 deliveries which run it or feed it from inside do not nest', () => {
      let depth = 0;
      let deepest = 0;
      let delivered = 0;
      const bench: Bench = new Bench(
        { capacity: Infinity },
        {
          ready: () => true,
          deliver: () => {
            depth += 1;
            deepest = Math.max(deepest, depth);
            delivered += 1;
            if (delivered < 100_000) bench.emit('next');
            bench.drain.run();
            depth -= 1;
          },
        },
      );
      bench.emit('first');
      expect({ delivered, deepest, waiting: bench.drain.waiting }).toEqual({
        delivered: 100_000,
        deepest: 1,
        waiting: 0,
      });
    });

    it('in which what arrives meanwhile stands behind what waited', () => {
      const bench: Bench = new Bench(
        {},
        {
          deliver: (event) => {
            bench.seen += event;
            bench.readiness -= 1;
            if (event === 'a') bench.emit('x', lagged(2), 'y');
          },
        },
      );
      expect(bench.emit('a', 'b').give(9).seen).toBe('abx2y');
    });

    it('whose buffer is bounded while it delivers, too (E3)', () => {
      const bench: Bench = new Bench(
        { capacity: 2 },
        {
          deliver: (event) => {
            bench.seen += event;
            if (event === 'a') bench.emit(...'bcdef');
          },
        },
      );
      bench.give(1).emit('a');
      expect(bench.seen).toBe('a3ef');
    });
  });

  describe('ends as its source did', () => {
    it.each<[string, (bench: Bench) => void, string]>([
      ['completed', ({ source$ }) => source$.complete(), '|'],
      ['errored', ({ source$ }) => source$.error('gone'), ' gone'],
    ])('%s: behind what waits, the last gap, and what is still at work', (_, end, expected) => {
      const bench = new Bench();
      bench.active = 1;
      bench.emit('a', 'b', lagged(2));
      end(bench);
      expect(bench.give(1).seen).toBe('a');
      expect(bench.give(9).seen).toBe('ab2');
      bench.active = 0;
      bench.drain.run();
      expect(bench.seen).toBe(`ab2${expected}`);
      bench.drain.run();
      expect(bench.seen).toBe(`ab2${expected}`);
    });
  });

  describe('closes', () => {
    it('by sending what is lossless without asking for readiness, and telling the rest', () => {
      const bench = new Bench({ lossless: isCapital }, { ready: () => false }).emit(...'aZbcY');
      bench.drain.close();
      expect(bench.seen).toBe('1Z2Y|');
      expect(bench.source$.observed).toBe(false);
    });

    it('behind what is still at work, but takes nothing in meanwhile', () => {
      const bench = new Bench({ lossless: isCapital }).emit('Z');
      bench.active = 1;
      bench.drain.close();
      expect(bench.seen).toBe('Z');
      expect(bench.source$.observed).toBe(false);
      bench.active = 0;
      bench.drain.run();
      expect(bench.seen).toBe('Z|');
    });

    it('from inside a delivery, in the same loop', () => {
      const bench: Bench = new Bench(
        { lossless: isCapital },
        {
          deliver: (event) => {
            bench.seen += `(${event}`;
            if (event === 'a') bench.drain.close();
            bench.seen += ')';
          },
        },
      );
      bench.emit(...'abZ').give(1);
      expect(bench.seen).toBe('(a)1(Z)|');
    });

    it('once: a second time changes nothing', () => {
      const bench = new Bench({ lossless: isCapital }).emit('Z');
      bench.drain.close();
      bench.drain.close();
      expect(bench.seen).toBe('Z|');
    });
  });

  describe('ends with an error', () => {
    it('when a lossless event has no place: it is told to onDrop, before those that wait (E3)', () => {
      const told: string[] = [];
      const onDrop = (event: string, reason: string): void => void told.push(`${event} ${reason}`);
      const bench = new Bench({ losslessCapacity: 2, lossless: isCapital, onDrop }).emit(...'XYZ');
      expect(bench.seen).toBe(' LagError');
      expect(told).toEqual(['Z overflow', 'X unsubscribed', 'Y unsubscribed']);
    });

    it.each<[string, readonly string[], (bench: Bench) => void]>([
      ['at an event that comes in', [], (bench) => bench.emit('b')],
      ['at one that waited', ['a'], (bench) => bench.drain.run()],
    ])('when its pace throws %s', (_, waiting, ask) => {
      let isBroken = false;
      const bench = new Bench({}, { ready: () => isBroken && refuse() }).emit(...waiting);
      isBroken = true;
      ask(bench);
      expect(bench.seen).toBe(' Error');
      expect(bench.source$.observed).toBe(false);
    });
  });

  it('counts the events that wait, not the gaps', () => {
    const bench = new Bench({ capacity: 2, lossless: isCapital }).emit(lagged(1), 'a', 'b', 'Z', 'c', lagged(2));
    expect(bench.drain.waiting).toBe(3);
    bench.subscription.unsubscribe();
    expect(bench.drain.waiting).toBe(0);
  });
});
