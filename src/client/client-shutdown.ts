import { type Observable, ReplaySubject, type SchedulerLike, Subscription } from 'rxjs';

import {
  type CloseInfo,
  ErrorCode,
  RpcError,
  type ShutdownOptions,
  type ShutdownReport,
  TransportError,
} from '../protocol/index.js';
import type { CommandLane } from './command-lane.js';
import type { EventLane } from './event-lane.js';

/** What a shutdown needs of its client. */
export interface ClientShutdownHost {
  readonly commands: CommandLane;
  readonly events: EventLane;
  readonly scheduler: SchedulerLike;
  readonly isEnded: boolean;
  /** Fails the open server requests. Returns how many there were. */
  failServerRequests(error: RpcError): number;
  /** Ends the connection. */
  finish(info: CloseInfo): void;
}

/** Milliseconds for a whole shutdown. */
const BUDGET = 5_000;

/**
 * The end of a client, in order and within one time limit.
 *
 * 1. No more commands; those that wait are refused. 2. Open server requests are failed. 3. Requests on the wire may
 * still be answered. 4. The wire closes. When the server belongs to the client, its own shutdown takes the place of 3.
 */
export class ClientShutdown {
  readonly report$: Observable<ShutdownReport>;

  private readonly report = new ReplaySubject<ShutdownReport>(1);
  private readonly startedAt: number;
  private readonly answeredBefore: number;
  private readonly waits = new Subscription();
  private readonly cancelled: number;
  private server: Observable<ShutdownReport> | undefined;
  private aborted = 0;
  private done = false;

  constructor(
    private readonly host: ClientShutdownHost,
    private readonly options: ShutdownOptions,
  ) {
    const { commands, scheduler } = host;
    this.report$ = this.report.asObservable();
    this.startedAt = scheduler.now();
    const refused = commands.stop(new TransportError('closed', 'the client is shutting down'));
    const failed = host.failServerRequests(
      new RpcError(ErrorCode.InternalError, 'the client is shutting down', { reason: 'shuttingDown' }),
    );
    this.cancelled = refused + failed;
    this.answeredBefore = commands.counts.answered;
  }

  /** Waits for what is under way: at the server if it is ours, otherwise for the answers. */
  wait(server: Observable<ShutdownReport> | undefined): void {
    const { scheduler } = this.host;
    if (this.host.isEnded) {
      this.finish();
    } else if (server !== undefined) {
      this.server = server;
      this.waits.add(
        server.subscribe((report) => {
          this.finish(report);
        }),
      );
    } else {
      this.waits.add(
        scheduler.schedule(() => {
          this.expire();
        }, this.options.timeout ?? BUDGET),
      );
      this.progressed();
    }
  }

  /** Something that may have been waited for is done. */
  progressed(): void {
    // A server of ours has the last word, and reports after the wire has closed.
    if (this.server === undefined && (this.host.isEnded || this.host.commands.awaited === 0)) this.finish();
  }

  private expire(): void {
    this.aborted = this.host.commands.end(new TransportError('closed', 'the client was shut down'));
    this.finish();
  }

  private finish(server?: ShutdownReport): void {
    if (this.done) return;
    this.done = true;
    this.waits.unsubscribe();
    const { commands, events, scheduler } = this.host;
    const answered = server?.answered ?? commands.counts.answered - this.answeredBefore;
    this.host.finish({ reason: 'shutdown', orderly: true });
    const { droppable, lossless } = events.unread;
    this.report.next({
      graceful: this.aborted === 0 && (server?.graceful ?? true),
      answered,
      cancelled: this.cancelled + (server?.cancelled ?? 0),
      dropped: droppable + (server?.dropped ?? 0),
      undelivered: lossless + (server?.undelivered ?? 0),
      aborted: this.aborted + (server?.aborted ?? 0),
      elapsed: scheduler.now() - this.startedAt,
    });
    this.report.complete();
  }
}
