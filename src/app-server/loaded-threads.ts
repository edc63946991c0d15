import { merge, type SchedulerLike } from 'rxjs';

import { ErrorCode, RpcError } from '../protocol/index.js';
import { type Deadline, Deadlines, Trampoline } from '../scheduling/index.js';
import { invalidRequest } from './invalid-request.js';
import type { ThreadHost } from './thread-host.js';
import type { ThreadRecord } from './thread-record.js';

/**
 * The threads a server has in memory, each until nobody has watched or used it for a while.
 *
 * One scheduled action serves them all. While a thread is being unloaded every request for it is refused, so that
 * whoever resumes it afterwards finds all of it in the store.
 *
 * ```
 *  watched   ──────────┐
 *  turn      ───────┐  ├── unloadAfter ──▶ closing ─ store has all ─▶ notLoaded, thread/closed
 *  a request            └ begins anew
 * ```
 *
 * @internal
 */
export class LoadedThreads {
  private readonly threads = new Map<string, ThreadRecord>();
  private readonly deadlines: Deadlines;
  /** Loading and unloading each are one step, whatever a client does when it hears of one. */
  private readonly steps = new Trampoline<() => void>((step) => {
    step();
  });
  private isEnding = false;

  constructor(
    private readonly host: Pick<ThreadHost, 'server'>,
    scheduler: SchedulerLike,
    private readonly unloadAfter: number,
  ) {
    this.deadlines = new Deadlines(scheduler);
  }

  /** Ids of those that are not on their way out, in the order of their characters. */
  get ids(): string[] {
    return [...this.threads.values()].flatMap(({ id, isClosing }) => (isClosing ? [] : [id])).sort();
  }

  /** Does something that clients must see as one step: after the step that runs now, if one does. */
  step(step: () => void): void {
    this.steps.push(step);
  }

  add(thread: ThreadRecord): void {
    this.threads.set(thread.id, thread);
    const deadline: Deadline = {
      due: 0,
      place: -1,
      expire: () => {
        this.unload(thread);
      },
    };
    merge(thread.audience.populated$, thread.used$).subscribe(() => {
      this.deadlines.delete(deadline);
      if (!this.isEnding && !thread.isClosing && thread.isIdle) this.deadlines.add(deadline, this.unloadAfter);
    });
  }

  /**
   * The thread if it is loaded. Being asked for counts as use.
   *
   * @param again What the client should do later if the thread is being unloaded.
   * @throws RpcError if it is.
   */
  get(threadId: string, again = 'retry'): ThreadRecord | undefined {
    const thread = this.threads.get(threadId);
    if (thread?.isClosing === true) {
      throw invalidRequest(`thread ${threadId} is closing; ${again} after the thread is closed`);
    }
    thread?.use();
    return thread;
  }

  /** The thread if it is loaded, on its way out or not, without using it. */
  peek(threadId: string): ThreadRecord | undefined {
    return this.threads.get(threadId);
  }

  /** @throws RpcError if the thread is not loaded. */
  find(threadId: string): ThreadRecord {
    const thread = this.get(threadId);
    if (thread === undefined) throw invalidRequest(`thread not found: ${threadId}`);
    return thread;
  }

  /** @throws RpcError if the server is shutting down: nothing new begins. */
  mustGoOn(): void {
    if (!this.isEnding) return;
    throw new RpcError(ErrorCode.InternalError, 'server is shutting down', { reason: 'shuttingDown' });
  }

  /** Interrupts all turns. From now on no thread begins to go. */
  end(): void {
    this.isEnding = true;
    this.deadlines.clear();
    for (const { turn } of this.threads.values()) turn?.end('interrupted');
  }

  private unload(thread: ThreadRecord): void {
    const { server } = this.host;
    const { id: threadId, journal } = thread;
    thread.isClosing = true;
    server.failRequests(
      thread.audience,
      new RpcError(ErrorCode.InternalError, `thread ${threadId} is closing`, { reason: 'threadClosing' }),
    );
    const leave = (): void => {
      this.step(() => {
        thread.happened('unloaded');
        this.threads.delete(threadId);
        server.broadcast('thread/closed', { threadId });
      });
    };
    if (journal === undefined) leave();
    else journal.idle$.subscribe({ complete: leave });
  }
}
