import { type Linked, LinkedQueue } from './linked-queue.js';

/** A piece of work that must not overlap with others of the same key. */
export interface KeyedTask extends Linked {
  readonly key: string;
  /** Shared tasks of a key run together; any other runs alone. */
  readonly shared: boolean;
  /** Called when it is this task's turn. */
  start(): void;
}

/** What goes on under one key. */
interface Lane {
  running: number;
  exclusive: boolean;
  readonly waiting: LinkedQueue<KeyedTask>;
  /** Set while followers are being started, so that one that ends at once does not start the next inside itself. */
  starting: boolean;
}

/**
 * Lets tasks of one key run in order, one at a time; tasks of different keys do not know of each other.
 *
 * Shared tasks run together, but a later shared one never overtakes an exclusive one that waits, so a writer cannot
 * starve behind readers. A key without tasks costs nothing.
 *
 * ```
 *  enqueue   R1 R2 W3 R4        R shared, W exclusive, one key
 *  running   R1 R2 |W3 |R4
 * ```
 */
export class KeyedQueue {
  private readonly lanes = new Map<string, Lane>();

  /** Number of keys in use. */
  get size(): number {
    return this.lanes.size;
  }

  /** Whether a task of this key and kind would have to wait. */
  isBusy(key: string, shared: boolean): boolean {
    const lane = this.lanes.get(key);
    return lane !== undefined && !canStart(lane, shared);
  }

  /** Starts the task now if its key is free, otherwise when its turn comes. */
  enqueue(task: KeyedTask): void {
    let lane = this.lanes.get(task.key);
    if (lane === undefined) {
      lane = { running: 0, exclusive: false, waiting: new LinkedQueue(), starting: false };
      this.lanes.set(task.key, lane);
    }
    if (canStart(lane, task.shared)) this.start(lane, task);
    else lane.waiting.push(task);
  }

  /** Takes back a task that has not started. Returns false if it has. */
  withdraw(task: KeyedTask): boolean {
    const lane = this.lanes.get(task.key);
    if (!lane?.waiting.delete(task)) return false;
    // The task that left may have been the exclusive one others waited behind.
    this.startFollowers(task.key, lane);
    return true;
  }

  /** Says that a started task is over; its followers start. */
  release(task: KeyedTask): void {
    const lane = this.lanes.get(task.key);
    if (lane === undefined) return;
    lane.running -= 1;
    lane.exclusive = false;
    this.startFollowers(task.key, lane);
  }

  private startFollowers(key: string, lane: Lane): void {
    if (lane.starting) return;
    lane.starting = true;
    try {
      for (
        let task = lane.waiting.peek();
        task !== undefined && isFree(lane, task.shared);
        task = lane.waiting.peek()
      ) {
        lane.waiting.shift();
        this.start(lane, task);
      }
    } finally {
      lane.starting = false;
    }
    // Had anything waited, it would be running now.
    if (lane.running === 0) this.lanes.delete(key);
  }

  private start(lane: Lane, task: KeyedTask): void {
    lane.running += 1;
    lane.exclusive = !task.shared;
    task.start();
  }
}

function canStart(lane: Lane, shared: boolean): boolean {
  return lane.waiting.size === 0 && !lane.starting && isFree(lane, shared);
}

function isFree(lane: Lane, shared: boolean): boolean {
  return lane.running === 0 || (shared && !lane.exclusive);
}
