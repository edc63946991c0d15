import { type SchedulerLike, Subscription } from 'rxjs';

import type { FaultScore } from './fault-score.js';

/** What a lane does with its messages. */
export interface FaultLaneOwner<T> {
  deliver(message: T): void;
  /** Nothing passes any more in either direction, and nobody is told. */
  halfOpen(): void;
  /** The wire ends here. */
  cut(orderly: boolean): void;
  /** What stalled has been delivered. */
  went(): void;
}

/** One direction of a faulty wire: messages in order, and what goes wrong with each. */
export class FaultLane<T> {
  /** The reader wants nothing now. */
  isHeld = false;
  private readonly steps: (() => void)[] = [];
  private readonly stalls = new Subscription();
  private stalling = false;
  private going = false;

  constructor(
    private readonly score: FaultScore,
    private readonly garbage: T,
    private readonly stall: number,
    private readonly scheduler: SchedulerLike,
    private readonly owner: FaultLaneOwner<T>,
  ) {}

  get isStalling(): boolean {
    return this.stalling;
  }

  take(message: T): void {
    const { owner, steps } = this;
    const deliver = (): void => {
      owner.deliver(message);
    };
    switch (this.score.next()) {
      case '-':
        steps.push(deliver);
        break;
      case 'd':
        steps.push(deliver, deliver);
        break;
      case 'g':
        steps.push(() => {
          owner.deliver(this.garbage);
        }, deliver);
        break;
      case 's':
        steps.push(() => {
          this.pause();
        }, deliver);
        break;
      case 'h':
        steps.push(() => {
          owner.halfOpen();
        });
        break;
      case '#':
        steps.push(() => {
          owner.cut(false);
        });
        break;
      case '|':
        steps.push(() => {
          owner.cut(true);
        });
        break;
    }
    this.go();
  }

  /** Something that comes behind all messages. */
  push(step: () => void): void {
    this.steps.push(step);
    this.go();
  }

  /** Takes the next steps, as far as it may. */
  go(): void {
    if (this.going) return;
    this.going = true;
    while (!this.stalling && !this.isHeld) {
      const step = this.steps.shift();
      if (step === undefined) break;
      step();
    }
    this.going = false;
  }

  /** Takes all steps that are left, stalls or not. */
  hurry(): void {
    this.stalls.unsubscribe();
    this.stalling = this.isHeld = false;
    this.go();
  }

  clear(): void {
    this.stalls.unsubscribe();
    this.steps.length = 0;
  }

  private pause(): void {
    if (this.stalls.closed) return;
    this.stalling = true;
    this.stalls.add(
      this.scheduler.schedule(() => {
        this.stalling = false;
        this.go();
        if (!this.isStalling) this.owner.went();
      }, this.stall),
    );
  }
}
