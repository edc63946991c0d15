import { catchError, concatMap, EMPTY, ignoreElements, type Observable, ReplaySubject, take, tap } from 'rxjs';

import { isLagged, type Lagged } from '../backpressure/index.js';
import type { Client } from '../client/index.js';
import { isTurnFailedError, turn } from '../codex/index.js';
import type { PeerContract, PeerEvent } from './peer.js';

/** One turn in a thread of its own: what it says, and its end before its time. */
export class OneTurn {
  /** The turn's id, once it runs. */
  private readonly id = new ReplaySubject<string>(1);

  constructor(
    private readonly client: Client<PeerContract>,
    private readonly threadId: string,
    private readonly input: string,
  ) {}

  /** Starts it when subscribed: the events of the thread up to the end of the turn. How it ended is in the last one. */
  get events$(): Observable<PeerEvent | Lagged> {
    return turn(this.client, this.threadId, this.input).pipe(
      tap((event) => this.note(event)),
      catchError((error: unknown) => {
        if (isTurnFailedError(error)) return EMPTY;
        throw error;
      }),
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

  private note(event: PeerEvent | Lagged): void {
    if (isLagged(event) || event.type !== 'notification') return;
    // Before this event there is nothing to interrupt, though its request may have been answered.
    if (event.method === 'turn/started') this.id.next(event.params.turn.id);
    if (event.method === 'turn/completed') this.id.complete();
  }
}
