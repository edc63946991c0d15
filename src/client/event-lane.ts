import { Observable } from 'rxjs';

import {
  estimateBytes,
  isLagged,
  LagBuffer,
  type LagBufferOptions,
  type Lagged,
  type Offered,
} from '../backpressure/index.js';
import { type Contract, deliveryOf, type Diagnostic, type Limits } from '../protocol/index.js';
import { type AnyEvent, ViewIndex, type ViewKey } from './view-index.js';

/** What an event lane tells its client. */
export interface EventLaneOwner {
  /** The lossless budget is used up by a listener that causes events faster than it takes them. */
  overflowed(budget: string): void;
  diagnose(diagnostic: Diagnostic): void;
  /** Runs a delivery so that what it causes waits until it is over. */
  serially(deliver: () => void): void;
}

/**
 * The events a client received, on their way to its views.
 *
 * Two buffers stand in the way, and usually both are empty. Before anybody has subscribed, events wait in the
 * *backlog*: its newest give way, and whoever comes first gets what is theirs. Later, events that a listener causes
 * from inside its own `next` wait in the *buffer* until that delivery is over: its oldest give way.
 *
 * ```
 *  received ─▶ no view yet? ─▶ backlog ─▶ claimed by the first view it matches
 *           ─▶ inside a delivery? ─▶ buffer ─▶ views, in order
 *           ─▶ views
 * ```
 */
export class EventLane {
  private readonly views: ViewIndex;
  private readonly scopes: ReadonlyMap<string, (params: unknown) => string | undefined>;
  private readonly backlog: LagBuffer<AnyEvent>;
  private readonly buffer: LagBuffer<AnyEvent>;
  /** Server requests in the backlog: they have a bound of their own, since their answers do not wait for a view. */
  private questions = 0;
  private listening = false;
  private inGap = false;
  private ended = false;
  private failure: unknown;
  private readonly count = { emitted: 0, delivered: 0, remote: 0 };

  constructor(
    contract: Contract,
    private readonly limits: Limits,
    private readonly owner: EventLaneOwner,
  ) {
    const { lossless, conflate } = deliveryOf<AnyEvent & { readonly params: unknown }>(contract);
    const options: LagBufferOptions<AnyEvent> = {
      capacity: limits.events,
      losslessCapacity: limits.losslessEvents,
      losslessBytes: limits.bytes,
      bytesOf: ({ params }) => estimateBytes(params),
      seqOf: ({ seq }) => seq,
      lossless: (event) => lossless(event),
    };
    this.backlog = new LagBuffer<AnyEvent>({ ...options, overflow: 'drop-newest' });
    this.buffer = new LagBuffer<AnyEvent>({ ...options, conflate });
    this.scopes = scopesOf(contract);
    this.views = new ViewIndex((event) => this.scopeOf(event));
  }

  get counts(): {
    emitted: number;
    delivered: number;
    skipped: number;
    conflated: number;
    waiting: number;
    peak: number;
  } {
    const { backlog, buffer, count } = this;
    return {
      emitted: count.emitted,
      delivered: count.delivered,
      skipped: backlog.skipped + buffer.skipped + count.remote,
      conflated: buffer.conflated,
      waiting: backlog.size + buffer.size,
      peak: Math.max(backlog.peak, buffer.peak),
    };
  }

  /** Whether nothing waits for a delivery to be over. */
  get isIdle(): boolean {
    return this.buffer.isEmpty;
  }

  /** Number of what waits first, to be compared with that of an answer; undefined when nothing waits. */
  get nextSeq(): number | undefined {
    const next = this.buffer.peek();
    if (next === undefined) return undefined;
    return isLagged(next) ? next.first : next.seq;
  }

  /** The events of one view. */
  view<T>(key: ViewKey): Observable<T> {
    return new Observable<T>((subscriber) => {
      if (!this.ended) {
        this.views.add(key, subscriber);
        subscriber.add(() => {
          this.views.delete(key, subscriber);
        });
      }
      this.listening = true;
      this.owner.serially(() => {
        for (const event of this.claim(key)) {
          if (!isLagged(event)) this.count.delivered += 1;
          subscriber.next((isLagged(event) || !('method' in key) ? event : event.params) as T);
        }
      });
      if (!this.ended) return;
      if (this.failure === undefined) subscriber.complete();
      else subscriber.error(this.failure);
    });
  }

  /** An event came and nothing is being delivered: it goes to its views, or to the backlog. */
  receive(event: AnyEvent): void {
    this.count.emitted += 1;
    if (this.listening) this.deliver(event);
    else this.keep(event);
  }

  /** An event came during a delivery: it waits. */
  defer(event: AnyEvent): void {
    this.count.emitted += 1;
    if (!this.listening) this.keep(event);
    else if (event.type === 'serverRequest') this.buffer.append(event);
    else this.hold(event);
  }

  /** So many events were left out here: by the server, or nobody knows how many. */
  skipped(gap: Lagged, deferred: boolean): void {
    this.count.emitted += gap.skipped;
    this.count.remote += gap.skipped;
    if (!this.listening) this.backlog.offer(gap);
    else if (deferred) this.buffer.offer(gap);
    else this.views.deliverGap(gap);
  }

  /** Delivers what stands first of what waits. */
  deliverNext(): void {
    const next = this.buffer.take();
    if (next === undefined) return;
    if (isLagged(next)) this.views.deliverGap(next);
    else this.deliver(next);
  }

  /** Ends all views, now that nothing waits for them any more. A backlog stays readable. */
  end(failure: unknown): void {
    if (this.ended) return;
    this.ended = true;
    this.failure = failure;
    this.views.end(failure);
  }

  /** What would be lost if the client were forgotten now. */
  get unread(): { droppable: number; lossless: number } {
    const { droppable, lossless } = this.backlog;
    return { droppable, lossless };
  }

  private hold(event: AnyEvent): void {
    let offered: Offered;
    try {
      offered = this.buffer.offer(event);
    } catch (error) {
      // The contract's conflation failed; the event is given up where it stood.
      this.owner.diagnose({ type: 'callbackFailed', method: event.method, error });
      this.buffer.skip(event);
      return;
    }
    if (offered !== 'full') return;
    this.buffer.skip(event);
    this.owner.overflowed('losslessEvents');
  }

  private deliver(event: AnyEvent): void {
    this.count.delivered += 1;
    this.views.deliver(event);
  }

  private keep(event: AnyEvent): void {
    let kept: boolean;
    if (event.type === 'serverRequest') {
      kept = this.questions < this.limits.serverRequests;
      if (kept) {
        this.questions += 1;
        this.backlog.append(event);
      } else {
        this.backlog.skip(event);
      }
    } else {
      const offered = this.backlog.offer(event);
      if (offered === 'full') this.backlog.skip(event);
      kept = offered !== 'full' && offered !== 'dropped';
    }
    if (!kept && !this.inGap) this.owner.diagnose({ type: 'backlogOverflow', method: event.method });
    this.inGap = !kept;
  }

  /** Takes from the backlog what a new view matches. Gaps are told to those whose type has room for them. */
  private claim(key: ViewKey): readonly (AnyEvent | Lagged)[] {
    if (this.backlog.isEmpty) return [];
    const claimed = this.backlog.claim((event) => this.views.matches(key, event));
    if ('all' in key) this.backlog.clear();
    return 'told' in key && !key.told ? claimed.filter((event) => !isLagged(event)) : claimed;
  }

  private scopeOf(event: AnyEvent): string | undefined {
    const scope = this.scopes.get(event.method);
    if (scope === undefined) return undefined;
    try {
      return scope(event.params);
    } catch (error) {
      this.owner.diagnose({ type: 'callbackFailed', method: event.method, error });
      return undefined;
    }
  }
}

/** The methods that have a scope; a name that no side declared has none. */
function scopesOf(contract: Contract): ReadonlyMap<string, (params: unknown) => string | undefined> {
  const scopes = new Map<string, (params: unknown) => string | undefined>();
  for (const [method, spec] of [
    ...Object.entries(contract.serverNotifications),
    ...Object.entries(contract.serverRequests),
  ]) {
    if (spec.scope !== undefined) scopes.set(method, (params) => spec.scope?.(params));
  }
  return scopes;
}
