import { type Observable, ReplaySubject, type SchedulerLike, type Subscription } from 'rxjs';

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

/** Shuts the server down together with its client; undefined when it is not, or not yet, the client's to end. */
export type ServerShutdown = (options: ShutdownOptions) => Observable<ShutdownReport> | undefined;

/** What a shutdown needs of its client. */
export interface ClientShutdownHost {
  readonly commands: CommandLane;
  readonly events: EventLane;
  readonly scheduler: SchedulerLike;
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
  /** The time limit, or the server's report. */
  private wait: Subscription | undefined;
  private answeredBefore = 0;
  private cancelled = 0;
  private aborted = 0;
  /** Set while something may still be waited for. */
  private waiting = false;

  constructor(
    private readonly host: ClientShutdownHost,
    private readonly options: ShutdownOptions,
    private readonly shutdownServer: ServerShutdown | undefined,
  ) {
    this.report$ = this.report.asObservable();
    this.startedAt = host.scheduler.now();
  }

  /** Apart from making it, so that what this causes finds the shutdown under way. */
  start(): void {
    const { host, options } = this;
    const { commands, scheduler } = host;
    this.answeredBefore = commands.counts.answered;
    this.cancelled += commands.stop(new TransportError('closed', 'the client is shutting down'));
    this.cancelled += host.failServerRequests(
      new RpcError(ErrorCode.InternalError, 'the client is shutting down', { reason: 'shuttingDown' }),
    );
    // A server of ours has the last word, and reports after the wire has closed.
    const server = this.shutdownServer?.(options);
    if (server !== undefined) {
      this.wait = server.subscribe((report) => {
        this.finish(report);
      });
      return;
    }
    this.waiting = true;
    this.wait = scheduler.schedule(() => {
      this.expire();
    }, options.timeout ?? BUDGET);
    this.progressed();
  }

  /** Something that may have been waited for is done. */
  progressed(): void {
    if (this.waiting && this.host.commands.awaited === 0) this.finish();
  }

  private expire(): void {
    this.waiting = false;
    this.aborted = this.host.commands.end(new TransportError('closed', 'the client is shutting down'));
    this.finish();
  }

  private finish(server?: ShutdownReport): void {
    this.waiting = false;
    this.wait?.unsubscribe();
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
