import { type Observable, ReplaySubject } from 'rxjs';

import type { CloseInfo } from '../protocol/index.js';
import { Trampoline } from '../scheduling/index.js';
import type { ClientState } from './client.js';

/** How a connection begins and ends, as streams that late subscribers can rely on and that never lie about order. */
export class Lifecycle {
  readonly state$: Observable<ClientState>;
  readonly ready$: Observable<unknown>;
  readonly closed$: Observable<CloseInfo>;

  private readonly state = new ReplaySubject<ClientState>(1);
  private readonly ready = new ReplaySubject<unknown>(1);
  private readonly closed = new ReplaySubject<CloseInfo>(1);
  /** A listener that ends the connection from inside `ready` must not make the others see `closed` first. */
  private readonly transitions = new Trampoline<ClientState>((state) => {
    this.state.next(state);
    if (state.type === 'closed') this.state.complete();
  });

  constructor() {
    this.state$ = this.state.asObservable();
    this.ready$ = this.ready.asObservable();
    this.closed$ = this.closed.asObservable();
    this.transitions.push({ type: 'connecting' });
  }

  open(result: unknown): void {
    // First, since a listener of `state$` may end everything. Only the first session's counts.
    this.ready.next(result);
    this.ready.complete();
    this.transitions.push({ type: 'ready' });
  }

  /** The session is over, and another is tried for. */
  retry(attempt: number): void {
    this.transitions.push({ type: 'reconnecting', attempt });
  }

  /** There will be no session. */
  refuse(error: unknown): void {
    this.ready.error(error);
  }

  end(info: CloseInfo, failure: Error): void {
    // Ignored if the session was open once, or was refused with a better reason.
    this.ready.error(failure);
    this.transitions.push({ type: 'closed', reason: info.reason });
    this.closed.next(info);
    this.closed.complete();
  }
}
