import {
  catchError,
  concatMap,
  EMPTY,
  ignoreElements,
  type Observable,
  ReplaySubject,
  take,
  takeWhile,
  tap,
} from 'rxjs';

import { isLagged, type Lagged } from '../backpressure/index.js';
import type { Client } from '../client/index.js';
import type { PeerContract, PeerEvent } from './peer.js';

/** One turn in a thread of its own, in three parts: what it says, its start, and its end before its time. */
export class OneTurn {
  /** The turn's id, once the server has told it. */
  private readonly id = new ReplaySubject<string>(1);

  constructor(
    private readonly client: Client<PeerContract>,
    private readonly threadId: string,
    private readonly input: string,
  ) {}

  /** The events of the thread up to the end of the turn. To be subscribed before the turn starts. */
  get events$(): Observable<PeerEvent | Lagged> {
    return this.client
      .scoped(this.threadId)
      .pipe(takeWhile((event) => isLagged(event) || event.method !== 'turn/completed', true));
  }

  /** Starts it, and completes as soon as it runs. */
  start(): Observable<never> {
    const { client, threadId } = this;
    return client.request('turn/start', { threadId, input: [{ type: 'text', text: this.input }] }).pipe(
      tap(({ turn }) => this.id.next(turn.id)),
      ignoreElements(),
    );
  }

  /** Asks the server to end it, as soon as it runs. It may have ended meanwhile, and then nothing happens. */
  interrupt(): Observable<never> {
    const { client, threadId } = this;
    return this.id.pipe(
      take(1),
      concatMap((turnId) => client.request('turn/interrupt', { threadId, turnId })),
      catchError(() => EMPTY),
      ignoreElements(),
    );
  }
}
