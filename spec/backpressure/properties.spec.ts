import fc from 'fast-check';
import { concat, of, Subject, VirtualTimeScheduler } from 'rxjs';
import type { OperatorFunction } from 'rxjs';
import {
  isLagError,
  isLagged,
  LagBuffer,
  lagged,
  paceMap,
  paceOn,
  paceWith,
  pullFrom,
} from '../../src/backpressure/index.js';
import type { DropReason, Lagged, LagOptions, Overflow } from '../../src/backpressure/index.js';

/** An event knows where in the input it stood; a merged one where all its parts did. */
interface Event {
  readonly parts: readonly number[];
  readonly key: number;
  readonly lossless: boolean;
}
type Step =
  | { readonly do: 'emit'; readonly key: number; readonly lossless: boolean; readonly answers: number }
  | { readonly do: 'lag'; readonly skipped: number }
  | { readonly do: 'ready' };

const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('emit' as const),
        key: fc.nat(2),
        lossless: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
        // How many events a re-entrant consumer emits on receiving this one.
        answers: fc.integer({ min: -3, max: 2 }).map((n) => Math.max(0, n)),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('lag' as const), skipped: fc.integer({ min: 1, max: 3 }) }) },
    { weight: 3, arbitrary: fc.constant({ do: 'ready' as const }) },
  ),
  { maxLength: 60 },
);
const capacities = fc.integer({ min: 1, max: 5 });
const lossyPolicies = fc.constantFrom<Overflow>('drop-oldest', 'drop-newest', 'drop-all');

const isLossless = (event: Event): boolean => event.lossless;
const folding = {
  key: (event: Event): number => event.key,
  merge: (waiting: Event, incoming: Event): Event => ({ ...waiting, parts: [...waiting.parts, ...incoming.parts] }),
};

/** Stands in the input for an event that an incoming marker tells of. */
const lostBefore: Event = { parts: [], key: -1, lossless: false };

class Log {
  readonly input: Event[] = [];
  readonly output: (Event | Lagged)[] = [];
  /** With how much had come in by then. */
  readonly dropped: { readonly event: Event; readonly reason: DropReason; readonly after: number }[] = [];
  readonly onDrop = (event: Event, reason: DropReason): void =>
    void this.dropped.push({ event, reason, after: this.input.length });

  make(step: { readonly key: number; readonly lossless: boolean }): Event {
    const event = { parts: [this.input.length], key: step.key, lossless: step.lossless };
    this.input.push(event);
    return event;
  }

  makeGap(skipped: number): Lagged {
    for (let n = 0; n < skipped; n += 1) this.input.push(lostBefore);
    return lagged(skipped);
  }

  get delivered(): Event[] {
    return this.output.filter((value): value is Event => !isLagged(value));
  }

  get told(): number {
    return this.output.reduce((sum, value) => sum + (isLagged(value) ? value.skipped : 0), 0);
  }

  /** Everything that went out as part of an earlier event. What was folded into one that was given up is lost with it. */
  get conflated(): number {
    return this.delivered.reduce((sum, { parts }) => sum + parts.length - 1, 0);
  }

  /** delivered + skipped + conflated = emitted. */
  expectConservation(): void {
    expect(this.delivered.length + this.told + this.conflated).toBe(this.input.length);
  }

  /** With n blanks for each marker, the output is the input, place for place; what is blank was droppable. */
  expectPosition(): void {
    const dropped = this.dropped.map(({ event }) => event);
    const folded = new Set([...this.delivered, ...dropped].flatMap(({ parts }) => parts.slice(1)));
    // What was lost together was lost in one place.
    const lostAt = new Map(dropped.map(({ parts }) => [parts[0], parts.length]));
    const expected = [...this.input.keys()]
      .filter((place) => !folded.has(place))
      .flatMap((place) => Array.from({ length: lostAt.get(place) ?? 1 }, () => place));
    const actual = this.output.flatMap((value) =>
      isLagged(value) ? Array.from({ length: value.skipped }, () => undefined) : [value.parts[0]],
    );
    expect(actual.length).toBe(expected.length);
    actual.forEach((place, index) => {
      const original = expected[index] as number;
      if (place !== undefined) expect(place).toBe(original);
      else expect(this.input[original]).not.toMatchObject({ lossless: true });
    });
  }

  /** When an event was folded, neither a lossless event nor a gap stood behind the one it was folded into. */
  expectFoldsCrossNothing(): void {
    const lostAfter = new Map(this.dropped.map(({ event, after }) => [event.parts[0], after]));
    for (const { parts } of this.delivered) {
      const last = parts.at(-1) as number;
      for (let place = (parts[0] as number) + 1; place < last; place += 1) {
        expect(this.input[place]).not.toBe(lostBefore);
        expect(this.input[place]).toMatchObject({ lossless: false });
        // An event of another key may be given up later, and its gap then stands where it would have come out.
        expect(lostAfter.get(place) ?? Infinity).toBeGreaterThan(last);
      }
    }
  }

  /** Each event that came in either went out or was told to onDrop, once. */
  expectEachOnce(): void {
    const ends = [...this.delivered, ...this.dropped.map(({ event }) => event)].flatMap(({ parts }) => parts);
    const events = this.input.flatMap(({ parts }) => parts);
    expect(ends.sort((a, b) => a - b)).toEqual(events);
  }
}

interface Paced {
  readonly operator: OperatorFunction<Event | Lagged, Event | Lagged>;
  /** One readiness. */
  ready(): void;
  /** Readiness without end. */
  open(): void;
}
type MakePace = (options: LagOptions<Event>) => Paced;

const paces: Readonly<Record<string, MakePace>> = {
  paceWith: (options) => {
    const credits$ = new Subject<number>();
    return {
      operator: paceWith(credits$, { ...options, demand: (n) => n, maxCredits: Infinity }),
      ready: () => credits$.next(1),
      open: () => credits$.next(Infinity),
    };
  },
  paceOn: (options) => {
    const scheduler = new VirtualTimeScheduler();
    return {
      operator: paceOn(scheduler, { ...options, burst: 2 }),
      ready: () => scheduler.flush(),
      open: () => scheduler.flush(),
    };
  },
  paceMap: (options) => {
    const ends: Subject<never>[] = [];
    let isOpen = false;
    const endOldest = (): void => ends.shift()?.complete();
    return {
      operator: paceMap(
        (event) => {
          if (isOpen) return of(event);
          const end$ = new Subject<never>();
          ends.push(end$);
          return concat(of(event), end$);
        },
        { ...options, concurrency: 2 },
      ),
      ready: endOldest,
      open: () => {
        isOpen = true;
        while (ends.length > 0) endOldest();
      },
    };
  },
};

/** Plays the steps; a consumer that answers emits from inside `next`, at most 200 events in all. */
function play(paced: Paced, list: readonly Step[], log: Log, end: 'complete' | 'unsubscribe'): { error?: unknown } {
  const source$ = new Subject<Event | Lagged>();
  const answers = new Map<Event, number>();
  const result: { error?: unknown; isComplete?: boolean } = {};
  const subscription = source$.pipe(paced.operator).subscribe({
    next: (value) => {
      log.output.push(value);
      if (isLagged(value)) return;
      for (let n = answers.get(value) ?? 0; n > 0 && source$.observed && log.input.length < 200; n -= 1) {
        source$.next(log.make({ key: n, lossless: false }));
      }
    },
    error: (error: unknown) => (result.error = error),
    complete: () => (result.isComplete = true),
  });
  for (const step of list) {
    if (result.error !== undefined) break;
    if (step.do === 'ready') paced.ready();
    else if (step.do === 'lag') source$.next(log.makeGap(step.skipped));
    else {
      const event = log.make(step);
      answers.set(event, step.answers);
      source$.next(event);
    }
  }
  if (end === 'unsubscribe') {
    subscription.unsubscribe();
  } else if (result.error === undefined) {
    source$.complete();
    paced.open();
    expect(result.isComplete).toBe(true);
  }
  return result;
}

describe.each(Object.entries(paces))('%s', (_, makePace) => {
  const cases = [steps, capacities, lossyPolicies] as const;

  it('conserves: delivered + skipped + conflated = emitted, each in its place (E2)', () => {
    fc.assert(
      fc.property(...cases, fc.boolean(), (list, capacity, overflow, folds) => {
        const log = new Log();
        const options = { capacity, overflow, lossless: isLossless, losslessCapacity: 1_000, onDrop: log.onDrop };
        play(makePace(folds ? { ...options, conflate: folding } : options), list, log, 'complete');
        log.expectConservation();
        log.expectPosition();
        log.expectFoldsCrossNothing();
        log.expectEachOnce();
      }),
      { numRuns: 300 },
    );
  });

  it('tells onDrop of as many events as its markers do', () => {
    fc.assert(
      fc.property(...cases, (list, capacity, overflow) => {
        const log = new Log();
        play(makePace({ capacity, overflow, onDrop: log.onDrop }), list, log, 'complete');
        const before = log.input.filter((place) => place === lostBefore).length;
        expect(log.told).toBe(before + log.dropped.length);
        expect(log.dropped.every(({ reason }) => reason === 'overflow')).toBe(true);
      }),
    );
  });

  it('tells onDrop of everything not delivered, whenever it is unsubscribed', () => {
    fc.assert(
      fc.property(...cases, fc.boolean(), (list, capacity, overflow, folds) => {
        const log = new Log();
        const options = { capacity, overflow, lossless: isLossless, onDrop: log.onDrop };
        play(makePace(folds ? { ...options, conflate: folding } : options), list, log, 'unsubscribe');
        log.expectEachOnce();
      }),
    );
  });

  it('with overflow "error" loses nothing, or ends with a LagError', () => {
    fc.assert(
      fc.property(steps, capacities, (list, capacity) => {
        const log = new Log();
        const { error } = play(makePace({ capacity, overflow: 'error', onDrop: log.onDrop }), list, log, 'complete');
        log.expectEachOnce();
        if (error === undefined) log.expectPosition();
        else expect(isLagError(error)).toBe(true);
      }),
    );
  });
});

describe('always ready', () => {
  it.each<[string, () => Paced]>([
    [
      'paceWith',
      () => ({
        ...(paces['paceWith'] as MakePace)({}),
        operator: paceWith(of(Infinity, 0), { demand: (n) => n, maxCredits: Infinity }),
      }),
    ],
    ['paceMap', () => ({ operator: paceMap((event) => of(event)), ready: () => undefined, open: () => undefined })],
  ])('%s passes everything on as it is', (_, make) => {
    fc.assert(
      fc.property(steps, (list) => {
        const log = new Log();
        play(make(), list, log, 'complete');
        expect(log.delivered.map(({ parts }) => parts[0])).toEqual(
          [...log.input.keys()].filter((place) => log.input[place] !== lostBefore),
        );
        log.expectPosition();
        log.expectConservation();
      }),
    );
  });
});

describe('LagBuffer', () => {
  it('stays within its bounds and never holds two gaps in a row', () => {
    fc.assert(
      fc.property(steps, capacities, lossyPolicies, fc.boolean(), (list, capacity, overflow, folds) => {
        const log = new Log();
        const buffer = new LagBuffer<Event>({
          capacity,
          overflow,
          lossless: isLossless,
          losslessCapacity: 3,
          ...(folds ? { conflate: folding } : {}),
        });
        let skippedBefore = 0;
        for (const step of list) {
          if (step.do === 'lag') {
            skippedBefore += step.skipped;
            buffer.offer(log.makeGap(step.skipped));
          } else if (step.do === 'emit') {
            const event = log.make(step);
            if (buffer.offer(event) === 'full') buffer.skip(event);
          } else if (!buffer.isEmpty) {
            const shown = buffer.peek();
            const taken = buffer.take() as Event | Lagged;
            expect(taken).toEqual(shown);
            log.output.push(taken);
          }
          expect(buffer.droppable).toBeLessThanOrEqual(capacity);
          expect(buffer.lossless).toBeLessThanOrEqual(3);
          expect(buffer.size).toBe(buffer.droppable + buffer.lossless);
          expect(buffer.peak).toBeGreaterThanOrEqual(buffer.size);
        }
        const rest: (Event | Lagged)[] = [];
        while (!buffer.isEmpty) rest.push(buffer.take() as Event | Lagged);
        rest.forEach((value, index) => expect(isLagged(value) && isLagged(rest[index + 1])).toBe(false));
        log.output.push(...rest);
        expect(log.delivered.length + log.told + buffer.conflated).toBe(log.input.length);
        expect(log.told).toBe(buffer.skipped + skippedBefore);
      }),
      { numRuns: 500 },
    );
  });

  it('is a plain list of events and gaps, whatever is done to it (E2, E3, E4)', () => {
    const doings = fc.array(
      fc.oneof(
        { weight: 8, arbitrary: fc.record({ do: fc.constant('offer' as const), lossless: fc.nat(2) }) },
        { weight: 1, arbitrary: fc.record({ do: fc.constant('append' as const) }) },
        {
          weight: 2,
          arbitrary: fc.record({ do: fc.constant('lag' as const), skipped: fc.integer({ min: 1, max: 3 }) }),
        },
        { weight: 4, arbitrary: fc.record({ do: fc.constant('take' as const) }) },
        { weight: 1, arbitrary: fc.record({ do: fc.constant('dropAll' as const) }) },
        {
          weight: 1,
          arbitrary: fc.record({ do: fc.constant('claim' as const), divisor: fc.integer({ min: 1, max: 4 }) }),
        },
      ),
      { size: 'max', maxLength: 80 },
    );
    type Listed = { readonly n: number; readonly lossless: boolean } | number;
    const isGap = (listed: Listed): listed is number => typeof listed === 'number';
    const mayDrop = (listed: Listed): boolean => !isGap(listed) && !listed.lossless;
    /** Gaps are numbers, and neighbours are one. */
    const merged = (list: readonly Listed[]): Listed[] =>
      list.reduce<Listed[]>((all, listed) => {
        const last = all.at(-1);
        const isOne = isGap(listed) && last !== undefined && isGap(last);
        return isOne ? [...all.slice(0, -1), last + listed] : [...all, listed];
      }, []);

    fc.assert(
      fc.property(doings, capacities, lossyPolicies, (list, capacity, overflow) => {
        const buffer = new LagBuffer<Exclude<Listed, number>>({
          capacity,
          overflow,
          lossless: (event) => event.lossless,
          losslessCapacity: Infinity,
        });
        let model: Listed[] = [];
        const dropAll = (): Listed[] => model.map((listed) => (mayDrop(listed) ? 1 : listed));
        const dropOldest = (): Listed[] => {
          const oldest = model.findIndex(mayDrop);
          return model.map((listed, at) => (at === oldest ? 1 : listed));
        };
        const plain = (value: Exclude<Listed, number> | Lagged | undefined): Listed | undefined =>
          isLagged(value) ? value.skipped : value;

        list.forEach((step, n) => {
          if (step.do === 'offer') {
            const event = { n, lossless: step.lossless === 0 };
            buffer.offer(event);
            if (event.lossless || model.filter(mayDrop).length < capacity) model.push(event);
            else if (overflow === 'drop-newest') model.push(1);
            else model = [...(overflow === 'drop-all' ? dropAll() : dropOldest()), event];
          } else if (step.do === 'append') {
            buffer.append({ n, lossless: true });
            model.push({ n, lossless: true });
          } else if (step.do === 'lag') {
            buffer.offer(lagged(step.skipped));
            model.push(step.skipped);
          } else if (step.do === 'take') {
            expect(plain(buffer.take())).toEqual(model.shift());
          } else if (step.do === 'dropAll') {
            buffer.dropAll();
            model = dropAll();
          } else {
            const isMine = (listed: Listed): boolean => !isGap(listed) && listed.n % step.divisor === 0;
            const claimed = buffer.claim(isMine).map(plain);
            expect(claimed).toEqual(merged(model.filter((listed) => isGap(listed) || isMine(listed))));
            model = model.filter((listed) => !isMine(listed));
          }
          model = merged(model);
          expect(plain(buffer.peek())).toEqual(model[0]);
          expect(buffer.size).toBe(model.filter((listed) => !isGap(listed)).length);
          expect(buffer.droppable).toBe(model.filter(mayDrop).length);
          expect(buffer.isEmpty).toBe(model.length === 0);
        });
        const rest: unknown[] = [];
        while (!buffer.isEmpty) rest.push(plain(buffer.take()));
        expect(rest).toEqual(model);
      }),
      { numRuns: 200 },
    );
  });

  it('claims for two views what it would have given to one (E4)', () => {
    fc.assert(
      fc.property(steps, capacities, lossyPolicies, fc.nat(2), (list, capacity, overflow, wanted) => {
        const fill = (): LagBuffer<Event> => {
          const log = new Log();
          const buffer = new LagBuffer<Event>({ capacity, overflow, lossless: isLossless });
          for (const step of list) {
            if (step.do === 'lag') buffer.offer(log.makeGap(step.skipped));
            else if (step.do === 'emit') buffer.offer(log.make(step));
            else if (!buffer.isEmpty) buffer.take();
          }
          return buffer;
        };
        const all = fill().claim(() => true);
        const buffer = fill();
        const mine = buffer.claim(({ key }) => key === wanted);
        const others = buffer.claim(() => true);
        const eventsOf = (values: (Event | Lagged)[]): Event[] => values.filter((v): v is Event => !isLagged(v));
        const skippedIn = (values: (Event | Lagged)[]): number =>
          values.reduce((sum, v) => sum + (isLagged(v) ? v.skipped : 0), 0);

        expect(eventsOf(mine)).toEqual(eventsOf(all).filter(({ key }) => key === wanted));
        expect(eventsOf(others)).toEqual(eventsOf(all).filter(({ key }) => key !== wanted));
        expect(skippedIn(mine)).toBe(skippedIn(all));
        expect(skippedIn(others)).toBe(skippedIn(all));
        [mine, others].forEach((values) =>
          values.forEach((value, index) => expect(isLagged(value) && isLagged(values[index + 1])).toBe(false)),
        );
        expect(buffer.size).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});

describe('pullFrom', () => {
  it('conserves whatever the order of asking and emitting (E2)', async () => {
    await fc.assert(
      fc.asyncProperty(steps, capacities, lossyPolicies, async (list, capacity, overflow) => {
        const log = new Log();
        const source$ = new Subject<Event | Lagged>();
        const options = { capacity, overflow, lossless: isLossless, losslessCapacity: 1_000, onDrop: log.onDrop };
        const iterator = pullFrom(source$, options);
        const asked: Promise<IteratorResult<Event | Lagged, undefined>>[] = [];
        for (const step of list) {
          if (step.do === 'ready') asked.push(iterator.next());
          else source$.next(step.do === 'lag' ? log.makeGap(step.skipped) : log.make(step));
        }
        source$.complete();
        for (const result of await Promise.all(asked)) if (result.done !== true) log.output.push(result.value);
        for await (const value of iterator) log.output.push(value);
        log.expectConservation();
        log.expectPosition();
        log.expectEachOnce();
      }),
    );
  });
});
