import type { RequestId } from '../protocol/index.js';

/** What can wait under an id. */
interface Identified {
  id: RequestId;
}

/** Ids given up for good that are remembered; more are forgotten, oldest first. */
const BARRED = 16_384;

/**
 * Finds the owner of an answer by its id, in the same time whether one request waits or a hundred thousand.
 *
 * Ids are integers that count up, unless a caller brings its own. `1` and `"1"` are different ids. An id whose request
 * was given up without ever being answered is barred: its answer may still come, and must not reach another request.
 */
export class PendingRequests<P extends Identified> {
  private readonly pending = new Map<RequestId, P>();
  private readonly barred = new Set<RequestId>();
  private counter = 0;
  /** Whether an id the counter will come to may be taken: only if callers bring ids of their own. */
  private foreign = false;

  get size(): number {
    return this.pending.size;
  }

  /** Registers a request under the given id, or under the next free integer. Returns false if the id is taken. */
  add(request: P, id?: RequestId): boolean {
    if (id === undefined) {
      request.id = this.nextId();
    } else {
      if (this.isTaken(id)) return false;
      request.id = id;
      this.foreign = true;
    }
    this.pending.set(request.id, request);
    return true;
  }

  get(id: RequestId): P | undefined {
    return this.pending.get(id);
  }

  /** Forgets a request; its id may be used again. */
  delete(request: P): void {
    this.pending.delete(request.id);
  }

  /** Forgets a request that was never answered; its id may not be used again. */
  bar(request: P): void {
    this.pending.delete(request.id);
    this.barred.add(request.id);
    if (this.barred.size > BARRED) {
      for (const oldest of this.barred) {
        this.barred.delete(oldest);
        break;
      }
    }
  }

  /** Whether the id was barred; if so it is free again, since its late answer has now come. */
  unbar(id: RequestId): boolean {
    return this.barred.delete(id);
  }

  /** Takes the requests out that are asked for, or all, in the order they came. */
  drain(isWanted: (request: P) => boolean = () => true): P[] {
    const requests = [...this.pending.values()].filter(isWanted);
    for (const request of requests) this.delete(request);
    return requests;
  }

  values(): IterableIterator<P> {
    return this.pending.values();
  }

  private nextId(): number {
    if (this.foreign) while (this.isTaken(this.counter)) this.counter += 1;
    return this.counter++;
  }

  private isTaken(id: RequestId): boolean {
    return this.pending.has(id) || this.barred.has(id);
  }
}
