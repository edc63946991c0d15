import { Observable, type SchedulerLike, Subject } from 'rxjs';

import { isLagged, lagged, type Lagged, type Overflow, paceOn, type PaceOnOptions } from '../backpressure/index.js';
import type { DeliveryRules } from '../protocol/index.js';

/** The least a reader must know of an event. */
export interface ReadableEvent {
  readonly method: string;
  readonly params: unknown;
}

/** How slow a reader is and what it may lose. */
export interface SlowReaderOptions<E extends ReadableEvent> {
  readonly scheduler: SchedulerLike;
  /** Milliseconds for one event. */
  readonly pace: number;
  readonly capacity: number;
  readonly overflow: Overflow;
  /** What may be lost and folded. */
  readonly rules: DeliveryRules<E>;
  /** Largest size of a folded event, in what `sizeOf` counts; `undefined`: nothing is folded. */
  readonly conflate: number | undefined;
  readonly sizeOf: (event: E) => number;
}

/** What became of the events, each counted where it happened. */
export interface FlowCounts {
  /** Events that came in, and those a marker said had been lost before. */
  readonly emitted: number;
  /** Events that went out. */
  readonly delivered: number;
  /** Events the markers that went out stand for. */
  readonly skipped: number;
  /** Events that went on as part of another one. */
  readonly conflated: number;
  /** The most events that waited at once. */
  readonly peak: number;
}

/** An event on its way, and how many it stands for. */
interface Carried<E> {
  readonly event: E;
  readonly count: number;
  readonly size: number;
}

/**
 * A reader that takes one event at a time, slowly, and keeps books about what it missed.
 *
 * The books are independent of the buffer: what comes in is counted before it, what goes out behind it, and every
 * folded event carries the number of those it is made of. So `emitted = delivered + skipped + conflated` is a fact to
 * check and not a way to compute one of them.
 */
export class SlowReader<E extends ReadableEvent> {
  private readonly counted = { emitted: 0, delivered: 0, skipped: 0, conflated: 0, peak: 0 };
  /** Events given up in the buffer, or before it, whether a marker has told of them or not. */
  private lost = 0;
  /** Of them, the newest: the one for which there was no room and no way to make any. */
  private refused = 0;
  private waiting = 0;
  private readonly hurried = new Subject<void>();

  constructor(private readonly options: SlowReaderOptions<E>) {}

  get counts(): FlowCounts {
    return { ...this.counted };
  }

  /** Gives up what waits, except for what may not be lost, and reads the rest without delay. */
  hurry(): void {
    this.hurried.next();
  }

  read(source: Observable<E | Lagged>): Observable<E | Lagged> {
    return new Observable((subscriber) => {
      const incoming = new Subject<Carried<E> | Lagged>();
      const left: (Carried<E> | Lagged)[] = [];
      let isHurried = false;
      let hasEnded = false;
      let failure: { readonly error: unknown } | undefined;
      const deliver = (next: Carried<E> | Lagged): void => {
        this.noteDelivery(next);
        subscriber.next(isLagged(next) ? next : next.event);
      };
      const complete = (): void => subscriber.complete();
      /** Delivers what was left and may not be lost, with the gaps between, behind the gap that was there before. */
      const settle = (): void => {
        const rest: (Carried<E> | Lagged)[] = [...left.splice(0), lagged(this.refused)];
        this.refused = 0;
        const between = rest.reduce((count, next) => count + (isLagged(next) ? next.skipped : 0), 0);
        const before = this.lost - this.counted.skipped - between;
        for (const next of joinGaps([lagged(before), ...rest])) deliver(next);
      };

      const paced = incoming.pipe(paceOn(this.options.scheduler, this.paceOptions(left))).subscribe({
        next: deliver,
        error: (error: unknown) => (failure = { error }),
        complete,
      });
      paced.add(() => {
        if (failure === undefined) return;
        // Only now has the buffer told of everything it still held.
        settle();
        subscriber.error(failure.error);
      });
      subscriber.add(paced);
      subscriber.add(
        this.hurried.subscribe(() => {
          if (paced.closed) return;
          isHurried = true;
          paced.unsubscribe();
          settle();
          if (hasEnded) complete();
        }),
      );
      subscriber.add(
        source.subscribe({
          next: (next) => {
            const entered = this.enter(next);
            if (isHurried) deliver(entered);
            else incoming.next(entered);
            this.counted.peak = Math.max(this.counted.peak, this.waiting);
          },
          error: (error: unknown) => (isHurried ? subscriber : incoming).error(error),
          complete: () => {
            hasEnded = true;
            (isHurried ? subscriber : incoming).complete();
          },
        }),
      );
    });
  }

  private noteDelivery(next: Carried<E> | Lagged): void {
    if (isLagged(next)) {
      this.counted.skipped += next.skipped;
    } else {
      this.waiting -= 1;
      this.counted.delivered += 1;
      this.counted.conflated += next.count - 1;
    }
  }

  private enter(next: E | Lagged): Carried<E> | Lagged {
    if (isLagged(next)) {
      this.counted.emitted += next.skipped;
      this.lost += next.skipped;
      return next;
    }
    this.counted.emitted += 1;
    this.waiting += 1;
    return { event: next, count: 1, size: this.options.sizeOf(next) };
  }

  /** @param left Takes what the buffer holds when it is given up. */
  private paceOptions(left: (Carried<E> | Lagged)[]): PaceOnOptions<Carried<E>> {
    const { pace, capacity, overflow, rules, conflate } = this.options;
    const options: PaceOnOptions<Carried<E>> = {
      delay: pace,
      burst: 1,
      capacity,
      overflow,
      lossless: ({ event }) => rules.lossless(event),
      onDrop: (dropped, reason) => {
        if (reason === 'unsubscribed' && rules.lossless(dropped.event)) {
          left.push(dropped);
          return;
        }
        if (reason === 'unsubscribed') left.push(lagged(dropped.count));
        else if (overflow === 'error') this.refused += dropped.count;
        this.waiting -= 1;
        // Those folded into it are lost with it.
        this.lost += dropped.count;
      },
    };
    if (conflate === undefined) return options;
    return {
      ...options,
      conflate: {
        key: ({ event }) => rules.conflate.key(event),
        merge: (one, other) => this.merge(one, other, conflate),
        maxBytes: conflate,
        bytesOf: ({ size }) => size,
      },
    };
  }

  private merge(one: Carried<E>, other: Carried<E>, most: number): Carried<E> {
    const size = one.size + other.size;
    // The buffer compares just like this and keeps the two apart if they are too large together.
    if (size <= most) this.waiting -= 1;
    return { event: this.options.rules.conflate.merge(one.event, other.event), count: one.count + other.count, size };
  }
}

/** Neighbouring gaps are one, and a gap of nothing is none. */
function joinGaps<T extends object>(parts: readonly (T | Lagged)[]): (T | Lagged)[] {
  const joined: (T | Lagged)[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (isLagged(part) && isLagged(last)) joined.splice(-1, 1, lagged(last.skipped + part.skipped));
    else if (!isLagged(part) || part.skipped > 0) joined.push(part);
  }
  return joined;
}
