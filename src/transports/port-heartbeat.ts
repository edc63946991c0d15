import { type SchedulerLike, Subscription } from 'rxjs';

/** Pings in a row that may go without any sign of life. One alone says little: a machine that wakes up finds it overdue. */
const UNANSWERED = 2;
/** The longest a timer of the platform waits. */
const LONGEST_WAIT = 2 ** 31 - 1;

/** What a heartbeat tells its wire. */
export interface PortHeartbeatOwner {
  ping(): void;
  /** The other side has been silent for too long. */
  unresponsive(): void;
}

/**
 * Finds out that the other side of a port is gone, which a port does not tell.
 *
 * ```
 *  heard   x---x-----------
 *  ping    ---p---p---p---!        ! unresponsive: silent since two pings
 * ```
 *
 * @internal
 */
export class PortHeartbeat {
  private silent = 0;
  private timer: Subscription = Subscription.EMPTY;

  /** @param interval Milliseconds; 0 for no heartbeat. */
  constructor(
    private readonly interval: number,
    private readonly scheduler: SchedulerLike,
    private readonly owner: PortHeartbeatOwner,
  ) {}

  start(): void {
    if (!(this.interval > 0)) return;
    this.timer = this.scheduler.schedule(() => this.beat(), Math.min(this.interval, LONGEST_WAIT));
  }

  /** Whatever it was: the other side is there. */
  heard(): void {
    this.silent = 0;
  }

  stop(): void {
    this.timer.unsubscribe();
  }

  private beat(): void {
    if (this.silent === UNANSWERED) {
      this.owner.unresponsive();
      return;
    }
    this.silent += 1;
    this.start();
    this.owner.ping();
  }
}
