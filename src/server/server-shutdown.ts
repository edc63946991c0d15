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
  private connections: readonly ServerConnection<C>[] = [];
  private answeredBefore = 0;
  private deadline: Subscription | undefined;
  private cancelled = 0;
  private dropped = 0;
  private undelivered = 0;
  /** Set while something may still be waited for. */
  private waiting = false;
  private isWorking = true;
  /** The owner's own end. */
  private work: Subscription | undefined;

  constructor(
    private readonly attached: { readonly value: readonly ServerConnection<C>[] },
    private readonly questions: OpenRequests<C>,
    private readonly scheduler: SchedulerLike,
    private readonly options: ShutdownOptions,
    private readonly finished: () => void,
  ) {
    this.report$ = this.report.asObservable();
    this.startedAt = scheduler.now();
  }

  /**
   * Apart from making it, so that what this causes finds the shutdown under way.
   *
   * @param work What the server's owner has to end; it is waited for like a handler. It never errors.
   */
  start(work: Observable<unknown>): void {
    const { questions, scheduler } = this;
    const error = new RpcError(ErrorCode.InternalError, 'server is shutting down', { reason: 'shuttingDown' });
    this.connections = this.attached.value;
    this.answeredBefore = this.answered();
    // All are closed before any is stopped: who leaves a line makes room for others, at another connection perhaps.
    for (const { intake } of this.connections) intake.close(error);
    for (const { intake } of this.connections) this.cancelled += intake.stop();
    this.cancelled += questions.stop(error);
    this.waiting = true;
    this.deadline = scheduler.schedule(() => {
      this.finish(error);
    }, this.options.timeout ?? BUDGET);
    this.work = work.subscribe({
      complete: () => {
        this.isWorking = false;
        this.progressed();
      },
    });
    this.progressed();
  }

  /** Something that may have been waited for is done. */
  progressed(): void {
    if (!this.waiting) return;
    const busy = this.connections.some(
      ({ isEnded, intake, outbound }) => !isEnded && !(intake.isIdle && outbound.isEmpty),
    );
    if (!busy && !this.isWorking) this.finish();
  }

  /** A connection has ended with so many events unsent. */
  lost({ droppable, lossless }: { readonly droppable: number; readonly lossless: number }): void {
    this.dropped += droppable;
    this.undelivered += lossless;
    this.progressed();
  }

  private finish(late?: RpcError): void {
    this.waiting = false;
    this.deadline?.unsubscribe();
    this.work?.unsubscribe();
    const answered = this.answered() - this.answeredBefore;
    let aborted = 0;
    for (const connection of this.connections) {
      if (connection.isEnded) continue;
      if (late !== undefined) aborted += connection.intake.abort(late);
      connection.finish({ reason: 'shutdown', orderly: true });
    }
    const { cancelled, dropped, undelivered } = this;
    const elapsed = this.scheduler.now() - this.startedAt;
    // The report outlives the connections.
    this.connections = [];
    this.finished();
    const graceful = late === undefined;
    this.report.next({ graceful, answered, cancelled, dropped, undelivered, aborted, elapsed });
    this.report.complete();
  }

  private answered(): number {
    return this.connections.reduce((sum, { intake }) => sum + intake.counts.answered, 0);
  }
}
