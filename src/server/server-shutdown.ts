import { type Observable, ReplaySubject, type SchedulerLike, type Subscription } from 'rxjs';

import { type Contract, ErrorCode, RpcError, type ShutdownOptions, type ShutdownReport } from '../protocol/index.js';
import type { OpenRequests } from './open-requests.js';
import type { ServerConnection } from './server-connection.js';

/** Milliseconds for a whole shutdown. */
const BUDGET = 5_000;

/**
 * The end of a server, in order and within one time limit.
 *
 * 1. Nothing new starts; what waited is refused. 2. Open questions fail. 3. Handlers that run may finish. 4. What must
 * arrive is sent. 5. The wires close. When the time is over, whatever step is reached, handlers are stopped and the
 * wires close. It is driven by calls of its own, so no full queue can delay it, and it waits for nobody who is absent.
 */
export class ServerShutdown<C extends Contract> {
  readonly report$: Observable<ShutdownReport>;

  private readonly report = new ReplaySubject<ShutdownReport>(1);
  private readonly startedAt: number;
  private readonly answeredBefore: number;
  private readonly deadline: Subscription;
  private cancelled = 0;
  private aborted = 0;
  private done = false;
  private ready = false;

  constructor(
    private readonly connections: readonly ServerConnection<C>[],
    questions: OpenRequests<C>,
    private readonly scheduler: SchedulerLike,
    { timeout = BUDGET }: ShutdownOptions,
    private readonly finished: () => void,
  ) {
    this.report$ = this.report.asObservable();
    this.startedAt = scheduler.now();
    const error = new RpcError(ErrorCode.InternalError, 'server is shutting down', { reason: 'shuttingDown' });
    const answered = this.answered();
    for (const { intake } of connections) this.cancelled += intake.stop(error);
    this.answeredBefore = answered + this.cancelled;
    this.cancelled += questions.stop(error);
    this.deadline = scheduler.schedule(() => {
      this.finish(error);
    }, timeout);
    this.ready = true;
    this.progressed();
  }

  /** Something that may have been waited for is done. */
  progressed(): void {
    if (!this.ready || this.done) return;
    const busy = this.connections.some(
      ({ isEnded, intake, outbound }) => !isEnded && !(intake.isIdle && outbound.isEmpty),
    );
    if (!busy) this.finish();
  }

  private finish(late?: RpcError): void {
    if (this.done) return;
    this.done = true;
    this.deadline.unsubscribe();
    const answered = this.answered() - this.answeredBefore;
    let dropped = 0;
    let undelivered = 0;
    for (const connection of this.connections) {
      if (connection.isEnded) continue;
      if (late !== undefined) this.aborted += connection.intake.abort(late);
      const { droppable, lossless } = connection.outbound.counts;
      dropped += droppable;
      undelivered += lossless;
      connection.finish({ reason: 'shutdown', orderly: true });
    }
    const { cancelled, aborted } = this;
    const elapsed = this.scheduler.now() - this.startedAt;
    const graceful = late === undefined;
    this.finished();
    this.report.next({ graceful, answered, cancelled, dropped, undelivered, aborted, elapsed });
    this.report.complete();
  }

  private answered(): number {
    return this.connections.reduce((sum, { intake }) => sum + intake.counts.answered, 0);
  }
}
