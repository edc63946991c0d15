import { BehaviorSubject, defer, merge, Subject, take, takeUntil } from 'rxjs';

import type { Sent } from '../server/index.js';
import type { Agent, AgentEvent, TurnContext } from './agent.js';
import { askApproval } from './ask-approval.js';
import { errorMessage } from './error-message.js';
import { ItemLog } from './item-log.js';
import type { UserInput } from './schemas/thread-item.js';
import type { Turn, TurnError, TurnStatus } from './schemas/turn.js';
import type { RunningTurn, ThreadHost } from './thread-host.js';
import type { ThreadRecord } from './thread-record.js';
import { toSeconds } from './to-seconds.js';
import { turnTransition } from './turn-transition.js';

/**
 * One turn: runs the agent and makes the protocol's events of what it reports.
 *
 * It ends once: by the agent's completion or error, by an interrupt, or by a user who cancels at a question. From that
 * moment the agent is unsubscribed and nothing more of it is heard.
 *
 * @internal
 */
export class TurnRun implements RunningTurn {
  readonly id: string;
  private readonly items: ItemLog;
  private readonly steer = new Subject<readonly UserInput[]>();
  private readonly writable = new BehaviorSubject(true);
  /** Emits when the agent must stop. */
  private readonly stop = new Subject<void>();
  private status: TurnStatus = 'inProgress';
  private error: TurnError | null = null;
  private startedAtMs: number | undefined;
  private completedAtMs: number | undefined;
  private cancelled = false;

  constructor(
    private readonly host: ThreadHost,
    private readonly thread: ThreadRecord,
    private readonly agent: Agent,
    private input: readonly UserInput[],
  ) {
    this.id = host.newId();
    this.items = new ItemLog(host.memory);
  }

  get isRunning(): boolean {
    return this.status === 'inProgress';
  }

  cancel(): void {
    this.cancelled = true;
  }

  /** Starts the agent. To be called in a step of the thread. */
  begin(): void {
    this.startedAtMs = this.host.now();
    this.thread.keep({ type: 'turnStarted', at: this.at, turnId: this.id });
    this.thread.happened('turnStarted');
    const turn = this.toTurn('notLoaded');
    this.host.server.notify(this.thread.audience, 'turn/started', { threadId: this.thread.id, turn });
    this.say(this.input);
    // Interrupted by someone who could not wait for it to begin.
    if (!this.isRunning) return;
    defer(() => this.agent(this.context()))
      .pipe(takeUntil(this.stop))
      .subscribe({
        next: (event) => {
          this.report(event);
        },
        error: (error: unknown) => {
          this.fail(error);
        },
        complete: () => {
          this.end(this.cancelled ? 'interrupted' : 'completed');
        },
      });
  }

  addInput(input: readonly UserInput[]): boolean {
    if (this.startedAtMs === undefined) {
      this.input = [...this.input, ...input];
      return true;
    }
    if (!this.steer.observed) return false;
    this.thread.step(() => {
      if (this.steer.observed) {
        this.say(input);
        this.steer.next(input);
      } else {
        this.warn('the turn was over before the new input reached its agent');
      }
    });
    return true;
  }

  end(status: Exclude<TurnStatus, 'inProgress'>, error: TurnError | null = null): void {
    if (!this.isRunning) return;
    this.status = status;
    this.error = error;
    this.stop.next();
    this.steer.complete();
    this.writable.complete();
    // Those the agent has not taken back: it may be made of promises, which nobody can unsubscribe.
    this.host.server.failRequests(this.thread.audience, turnTransition());
    // Whoever starts a turn from now on starts a new one; its beginning waits until this end has been told.
    this.thread.turn = undefined;
    this.thread.step(() => {
      this.tellEnd();
    });
  }

  watchersChanged(): void {
    if (this.isRunning && !this.writable.value) this.writable.next(true);
  }

  toTurn(view: Turn['itemsView']): Turn {
    const { id, startedAtMs, completedAtMs } = this;
    const isTold = completedAtMs !== undefined;
    const last = view === 'summary' ? this.items.lastMessage() : undefined;
    return {
      id,
      items: view === 'full' ? this.items.toItems() : last === undefined ? [] : [last],
      itemsView: view === 'summary' && last === undefined ? 'notLoaded' : view,
      // It is over for everyone at once: when that is told.
      status: isTold ? this.status : 'inProgress',
      error: isTold ? this.error : null,
      startedAt: startedAtMs === undefined ? null : toSeconds(startedAtMs),
      completedAt: completedAtMs === undefined ? null : toSeconds(completedAtMs),
      durationMs: startedAtMs === undefined || completedAtMs === undefined ? null : completedAtMs - startedAtMs,
    };
  }

  private get at(): number {
    return toSeconds(this.host.now());
  }

  private report(event: AgentEvent): void {
    const { thread, host } = this;
    try {
      if (event.type === 'delta') {
        const { itemId, delta } = event;
        const method = this.items.append(itemId, delta);
        // Written out, since copying members into a literal costs as much as all the rest of a delta's way.
        this.flow(host.server.notify(thread.audience, method, { threadId: thread.id, turnId: this.id, itemId, delta }));
        return;
      }
      const at = { threadId: thread.id, turnId: this.id };
      switch (event.type) {
        case 'itemStarted': {
          const startedAtMs = host.now();
          const item = this.items.start(event.item, thread.settings.cwd, startedAtMs);
          host.server.notify(thread.audience, 'item/started', { ...at, item, startedAtMs });
          break;
        }
        case 'itemCompleted': {
          const completedAtMs = host.now();
          const item = this.items.complete(event.itemId, event.outcome ?? {}, completedAtMs);
          thread.keep({ type: 'item', at: this.at, turnId: this.id, item });
          host.server.notify(thread.audience, 'item/completed', { ...at, item, completedAtMs });
          break;
        }
        case 'warning':
          this.warn(event.message);
          break;
        case 'retrying': {
          const error = { message: event.message, codexErrorInfo: 'other' };
          host.server.notify(thread.audience, 'error', { ...at, error, willRetry: true });
          break;
        }
        case 'legacy':
          host.server.notifyLegacy(thread.audience, event.method, event.params);
          break;
      }
    } catch (error) {
      // The agent broke its own story; nothing it adds can be told in order.
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    this.end('failed', { message: errorMessage(error), codexErrorInfo: 'other' });
  }

  private tellEnd(): void {
    const { host, thread, status, error } = this;
    this.completedAtMs = host.now();
    thread.leave(this);
    for (const item of this.items.openItems()) thread.keep({ type: 'item', at: this.at, turnId: this.id, item });
    const { items: _items, itemsView: _view, ...end } = this.toTurn('notLoaded');
    thread.keep({ type: 'turnCompleted', at: this.at, turn: end });
    thread.happened(status === 'failed' ? 'turnFailed' : 'turnEnded');
    const at = { threadId: thread.id, turnId: this.id };
    if (error !== null) host.server.notify(thread.audience, 'error', { ...at, error, willRetry: false });
    const turn = this.toTurn(status === 'interrupted' ? 'notLoaded' : 'summary');
    host.server.notify(thread.audience, 'turn/completed', { threadId: thread.id, turn });
  }

  private say(input: readonly UserInput[]): void {
    const { host, thread } = this;
    const now = host.now();
    const item = this.items.say(host.newId(), input, now);
    thread.said(textOf(input));
    thread.keep({ type: 'item', at: this.at, turnId: this.id, item });
    const at = { threadId: thread.id, turnId: this.id, item };
    host.server.notify(thread.audience, 'item/started', { ...at, startedAtMs: now });
    host.server.notify(thread.audience, 'item/completed', { ...at, completedAtMs: now });
  }

  private warn(message: string): void {
    this.host.server.notify(this.thread.audience, 'warning', { threadId: this.thread.id, message });
  }

  /** Pauses the agent while its only watcher can take no more. Several watchers have a buffer each and no say here. */
  private flow(sent: Sent): void {
    if (sent === 'sent' || sent === 'closed' || !this.writable.value) return;
    const [only, ...others] = this.thread.audience.members;
    if (only === undefined || others.length > 0) return;
    this.writable.next(false);
    merge(only.writable$, only.closed$)
      .pipe(take(1), takeUntil(this.stop))
      .subscribe(() => {
        this.watchersChanged();
      });
  }

  private context(): TurnContext {
    const { host, thread } = this;
    return {
      threadId: thread.id,
      turnId: this.id,
      cwd: thread.settings.cwd,
      model: thread.settings.model,
      config: thread.settings.config,
      auth: host.auth,
      input: this.input,
      text: textOf(this.input),
      steer$: this.steer.asObservable(),
      writable$: this.writable.asObservable(),
      pastTurns: () => thread.history.toTurns(),
      newItemId: () => host.newId(),
      requestApproval: (question): ReturnType<TurnContext['requestApproval']> =>
        askApproval(host, thread, this, question),
    };
  }
}

function textOf(input: readonly UserInput[]): string {
  return input.flatMap(({ type, text }) => (type === 'text' && text !== undefined ? [text] : [])).join('\n');
}
