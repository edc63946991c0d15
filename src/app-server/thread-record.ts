import { type Observable, Subject } from 'rxjs';

import { Trampoline } from '../scheduling/index.js';
import type { Audience, Connection } from '../server/index.js';
import type { AppServerContract } from './app-server-contract.js';
import { errorMessage } from './error-message.js';
import type { Thread, ThreadStatus } from './schemas/thread.js';
import type { StoredThread } from './store/stored-thread.js';
import type { ThreadEntry } from './store/thread-entry.js';
import type { ThreadSummary } from './store/thread-summary.js';
import {
  isSameThreadStatus,
  noActivity,
  reduceThreadActivity,
  type ThreadActivity,
  type ThreadHappening,
  toThreadStatus,
} from './thread-activity.js';
import type { RunningTurn, ThreadHost } from './thread-host.js';
import { ThreadJournal } from './thread-journal.js';
import type { ThreadSettings } from './thread-settings.js';
import { toPastTurn } from './to-stored-thread.js';
import { TurnHistory } from './turn-history.js';

/** Characters of a thread's preview. */
const PREVIEW = 200;

/**
 * One loaded thread: who watches, what it is doing, the turn that runs and those that are past.
 *
 * @internal
 */
export class ThreadRecord {
  readonly id: string;
  readonly audience: Audience<AppServerContract>;
  readonly history: TurnHistory;
  /** Where it is kept; undefined for an ephemeral thread. */
  readonly journal: ThreadJournal | undefined;
  /** Commands the user accepted for the rest of the session. */
  readonly accepted = new Set<string>();
  /** Emits whenever something is done with the thread. */
  readonly used$: Observable<void>;
  /** The turn that runs. */
  turn: RunningTurn | undefined;
  /** The turns whose end has not been told, in order: the one that runs and those it follows. */
  readonly openTurns = new Set<RunningTurn>();
  name: string | null;
  archived: boolean;
  /** It is being unloaded and takes no requests any more. */
  isClosing = false;
  private activity: ThreadActivity = reduceThreadActivity(noActivity, 'loaded');
  private preview: string;
  private updatedAt: number;
  private readonly createdAt: number;
  private readonly source: string;
  private readonly used = new Subject<void>();
  /** A turn's beginning and its end each are one step, whatever a client does when it hears of one. */
  private readonly steps = new Trampoline<() => void>((step) => {
    step();
  });

  /** @param isKept Whether the store has it, or else the memory of this server alone. */
  constructor(
    private readonly host: ThreadHost,
    public settings: ThreadSettings,
    { summary, turns }: StoredThread,
    isKept: boolean,
  ) {
    this.id = summary.id;
    this.name = summary.name;
    this.archived = summary.archived;
    this.preview = summary.preview;
    this.createdAt = summary.createdAt;
    this.updatedAt = summary.updatedAt;
    this.source = summary.source;
    this.audience = host.server.audience();
    this.history = new TurnHistory({ turns: host.memory.turns, chars: host.memory.thread });
    for (const turn of turns) this.history.add(toPastTurn(turn));
    this.used$ = this.used.asObservable();
    if (host.store !== undefined && isKept) {
      this.journal = new ThreadJournal(host.store, this.id, (error) => {
        this.notKept(error);
      });
    }
  }

  get status(): ThreadStatus {
    return toThreadStatus(this.activity);
  }

  /** Nobody watches and nothing runs. */
  get isIdle(): boolean {
    return this.audience.members.size === 0 && this.status.type !== 'active';
  }

  /** Does something that clients must see as one step: after the step that runs now, if one does. */
  step(step: () => void): void {
    this.steps.push(step);
  }

  /** From now on this connection gets the thread's events, and the questions that are open. */
  watch(connection: Connection<AppServerContract>): void {
    this.audience.add(connection);
    this.turn?.watchersChanged();
  }

  /** This connection gets no more of the thread. Returns whether it did. */
  unwatch(connection: Connection<AppServerContract>): boolean {
    const wasMember = this.audience.delete(connection);
    this.turn?.watchersChanged();
    return wasMember;
  }

  /** A turn that will run as soon as the one before it has been told. */
  enter(turn: RunningTurn): void {
    this.turn = turn;
    this.openTurns.add(turn);
  }

  /** The turn is over, and that is told next. */
  leave(turn: RunningTurn): void {
    this.openTurns.delete(turn);
    this.history.add(turn.toTurn('full'));
  }

  /** Somebody has to do with the thread. */
  use(): void {
    this.used.next();
  }

  /** Notes what happened and tells everyone if that changes the thread's status. */
  happened(happening: ThreadHappening): void {
    const before = this.status;
    this.activity = reduceThreadActivity(this.activity, happening);
    if (!isSameThreadStatus(before, this.status)) this.tellStatus();
    this.use();
  }

  tellStatus(): void {
    this.host.server.broadcast('thread/status/changed', { threadId: this.id, status: this.status });
  }

  /** Something that must outlive the process. */
  keep(entry: ThreadEntry): void {
    this.updatedAt = Math.max(this.updatedAt, entry.at);
    this.journal?.append(entry);
  }

  /** The first words become the preview. */
  said(text: string): void {
    if (this.preview === '') this.preview = text.slice(0, PREVIEW);
  }

  toSummary(): ThreadSummary {
    const { id, name, preview, source, createdAt, updatedAt, archived } = this;
    const { cwd, approvalPolicy } = this.settings;
    return { id, name, preview, cwd, source, approvalPolicy, createdAt, updatedAt, archived };
  }

  toThread(includeTurns = false): Thread {
    const { id, name, preview, createdAt, updatedAt, status, source } = this;
    const turns = includeTurns ? this.history.toTurns() : [];
    if (includeTurns) for (const turn of this.openTurns) turns.push(turn.toTurn('full'));
    return {
      id,
      sessionId: id,
      name,
      preview,
      ephemeral: this.journal === undefined,
      createdAt,
      updatedAt,
      status,
      cwd: this.settings.cwd,
      source,
      turns,
    };
  }

  private notKept(error: unknown): void {
    const { server } = this.host;
    const message = `the thread could not be stored: ${errorMessage(error)}`;
    server.diagnose({ type: 'callbackFailed', method: 'ThreadStore', error });
    server.notify(this.audience, 'warning', { threadId: this.id, message });
  }
}
