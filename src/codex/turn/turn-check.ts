import { catchError, map, type Observable, of, type SchedulerLike, Subscription, switchMap, throwError } from 'rxjs';

import type { Client, Exchange } from '../../client/index.js';
import { isOverloaded, isRpcError, isTransportError, type ResultOf } from '../../protocol/index.js';
import type { TurnContract, TurnOutline } from './turn-contract.js';

type Answer = Exchange<ResultOf<TurnContract['requests']['thread/read']>>;

/** What a check has found: the turn is over, and this much is known of its end. */
export interface TurnVerdict {
  readonly turn: TurnOutline;
  /** Number of the answer that said so. */
  readonly seq: number;
}

/** Who is told what a check has found. */
export interface TurnCheckOwner {
  ended(verdict: TurnVerdict): void;
  fail(error: unknown): void;
}

/**
 * Finds out whether a turn is over when its end is late: after a grace time its thread is asked.
 *
 * Twice, since the turns of a long thread weigh much: whether it is active first, and what became of the turn only if it
 * is not. An ephemeral thread does not tell its turns; then the end is known and how it ended is not.
 */
export class TurnCheck {
  private pending: Subscription | undefined;

  constructor(
    private readonly client: Client<TurnContract>,
    private readonly threadId: string,
    private readonly turnId: string,
    private readonly grace: number,
    private readonly scheduler: SchedulerLike,
    private readonly owner: TurnCheckOwner,
  ) {}

  /** Asks in a while, unless that is on its way. */
  arm(): void {
    if (this.pending !== undefined) return;
    const pending = new Subscription();
    this.pending = pending;
    pending.add(this.scheduler.schedule(() => pending.add(this.ask()), this.grace));
  }

  /** There is no need to ask, or no longer. */
  cancel(): void {
    this.pending?.unsubscribe();
    this.pending = undefined;
  }

  private ask(): Subscription {
    const { threadId, owner } = this;
    return this.client
      .exchange('thread/read', { threadId })
      .pipe(
        switchMap((answer) => (answer.result.thread.status.type === 'active' ? of(undefined) : this.outcome(answer))),
      )
      .subscribe({
        next: (verdict) => {
          this.cancel();
          if (verdict !== undefined) owner.ended(verdict);
        },
        error: (error: unknown) => {
          this.cancel();
          // A connection that has ended is told of elsewhere, and one that is made anew asks again.
          if (isTransportError(error) && error.reason === 'closed') return;
          // Nobody has said anything about the turn yet.
          if (isTransportError(error) || isOverloaded(error)) this.arm();
          else owner.fail(error);
        },
      });
  }

  private outcome(idle: Answer): Observable<TurnVerdict> {
    const { threadId, turnId } = this;
    return this.client.exchange('thread/read', { threadId, includeTurns: true }).pipe(
      // An ephemeral thread refuses. It still says whether its last turn failed.
      catchError((error: unknown) => (isRpcError(error) && !isOverloaded(error) ? of(idle) : throwError(() => error))),
      map(({ seq, result: { thread } }) => {
        const turn = thread.turns.find(({ id, status }) => id === turnId && status !== 'inProgress');
        const status = thread.status.type === 'systemError' ? 'failed' : 'unknown';
        return { seq, turn: turn ?? { id: turnId, items: [], status } };
      }),
    );
  }
}
