import { throwError } from 'rxjs';
import type { Observable, Observer, Subscriber, Subscription } from 'rxjs';
import { attach } from './attach.js';
import { isLagged } from './is-lagged.js';
import { LagBuffer } from './lag-buffer.js';
import { LagError } from './lag-error.js';
import type { PaceOptions } from './lag-options.js';
import type { Lagged } from './lagged.js';

/** What makes one pace differ from another: who says "ready", and what it means to deliver. */
export interface Pace<T> {
  /** Whether one event may go now. */
  ready(): boolean;
  /** Sends one event on its way, which uses up the readiness it needs. */
  deliver(event: T): void;
  /** Something waits and nothing is ready: a pace that makes its own readiness arranges for it. */
  wait?(): void;
  /** Whether what was delivered is still at work; the end comes after it. */
  isBusy?(): boolean;
}

/**
 * The one kernel under all paces: a bounded buffer, emptied whenever its pace is ready.
 *
 * It is a trampoline. What arrives while it delivers is held and found by the same loop, so neither a consumer that
 * emits from inside `next` nor an inner observable that completes at once makes the stack grow.
 *
 * @internal
 */
export class Drain<T> implements Observer<T | Lagged> {
  private readonly buffer: LagBuffer<T>;
  private upstream: Subscription | undefined;
  private running = false;
  private closing = false;
  private finish: (() => void) | undefined;

  constructor(
    private readonly output: Subscriber<Lagged>,
    private readonly options: PaceOptions<T>,
    private readonly pace: Pace<T>,
  ) {
    this.buffer = new LagBuffer(options);
  }

  /** Events that wait. */
  get waiting(): number {
    return this.buffer.size;
  }

  /** Subscribes to the source. The teardown it returns discards what waits; it must be the last to run. */
  connect(source: Observable<T | Lagged>): () => void {
    this.upstream = attach(this.output, source, this);
    return () => this.buffer.clear((event) => this.discard(event));
  }

  next(event: T | Lagged): void {
    // If something waits already, nothing is ready now, for the loop would have taken it; it will come to this one too.
    const isBehind = this.running || !this.buffer.isEmpty;
    try {
      if (isBehind || isLagged(event) || !this.pace.ready()) {
        if (this.buffer.offer(event) === 'full') this.refuse(event as T);
      } else {
        this.running = true;
        this.pace.deliver(event);
        this.running = false;
      }
    } catch (error) {
      this.output.error(error);
    }
    if (!isBehind) this.run();
  }

  error(error: unknown): void {
    if (this.options.failFast === true) this.output.error(error);
    else this.end(() => this.output.error(error));
  }

  complete(): void {
    this.end(() => this.output.complete());
  }

  /** Delivers what waits for as long as the pace is ready, then ends if it is time. */
  run(): void {
    if (this.running) return;
    this.running = true;
    try {
      while (!this.output.closed && !this.buffer.isEmpty && (this.closing || this.pace.ready())) {
        const next = this.buffer.take() as T | Lagged;
        if (isLagged(next)) this.output.next(next);
        else this.pace.deliver(next);
      }
    } catch (error) {
      this.output.error(error);
    }
    this.running = false;
    if (!this.buffer.isEmpty) this.pace.wait?.();
    else if (this.pace.isBusy?.() !== true) this.finish?.();
  }

  /** There will be no more readiness: lossless events go now, the others are told as gaps, and the output ends. */
  close(): void {
    this.closing = true;
    // A consumer that emits from inside `next` could otherwise keep this last round going for ever.
    this.upstream?.unsubscribe();
    this.finish ??= () => this.output.complete();
    try {
      this.buffer.dropAll();
    } catch (error) {
      this.output.error(error);
    }
    this.run();
  }

  private refuse(event: T): void {
    const lossless = this.options.lossless?.(event) === true;
    this.options.onDrop?.(event, 'overflow');
    this.output.error(
      lossless ? new LagError(1, this.buffer.losslessCapacity, 'lossless') : new LagError(1, this.buffer.capacity),
    );
  }

  private end(finish: () => void): void {
    this.finish = finish;
    this.run();
  }

  private discard(event: T): void {
    try {
      this.options.onDrop?.(event, 'unsubscribed');
    } catch (error) {
      // Nobody listens to the output any more, and the others must still be told: RxJS reports it as unhandled.
      throwError(() => error).subscribe();
    }
  }
}
