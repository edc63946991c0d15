/** What became of everything that was under way when a client or a server was shut down. */
export interface ShutdownReport {
  /** Whether all of it ended by itself, within the time. */
  readonly graceful: boolean;
  /** Requests that got their real answer during the shutdown. */
  readonly answered: number;
  /** Requests that had not started, and open server requests: each was refused or failed. */
  readonly cancelled: number;
  /** Best-effort events that waited and were given up. */
  readonly dropped: number;
  /** Lossless events nobody took. */
  readonly undelivered: number;
  /** Handlers that were stopped when the time was over. */
  readonly aborted: number;
  /** Milliseconds, on the scheduler's clock. */
  readonly elapsed: number;
}

/** How a shutdown is done. */
export interface ShutdownOptions {
  /** Milliseconds for all of it. Default 5,000. */
  readonly timeout?: number;
}
