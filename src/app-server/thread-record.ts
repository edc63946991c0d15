import { Trampoline } from '../scheduling/index.js';
import type { Audience, Connection } from '../server/index.js';
import type { AppServerContract } from './app-server-contract.js';
import type { ApprovalPolicy, Thread, ThreadStatus } from './schemas/thread.js';
import type { RunningTurn, ThreadHost } from './thread-host.js';
import {
  isSameThreadStatus,
  reduceThreadState,
  type ThreadHappening,
  type ThreadState,
  toThreadStatus,
  unknownThread,
} from './thread-status.js';
import { toSeconds } from './to-seconds.js';
import { TurnHistory } from './turn-history.js';

/** How a thread was started. */
export interface ThreadSettings {
  readonly cwd: string;
  readonly approvalPolicy: ApprovalPolicy;
  readonly ephemeral: boolean;
}

/** Characters of a thread's preview. */
const PREVIEW = 200;

/**
 * One thread as its server sees it: who watches, what it is doing, the turn that runs and those that are past.
 *
 * @internal
 */
export class ThreadRecord {
  readonly id: string;
  readonly audience: Audience<AppServerContract>;
  readonly history: TurnHistory;
  /** Commands the user accepted for the rest of the session. */
  readonly accepted = new Set<string>();
  /** The turn that runs. */
  turn: RunningTurn | undefined;
  private state: ThreadState = reduceThreadState(unknownThread, 'loaded');
  private preview = '';
  private readonly createdAt: number;
  private updatedAt: number;
  /** A turn's beginning and its end each are one step, whatever a client does when it hears of one. */
  private readonly steps = new Trampoline<() => void>((step) => {
    step();
  });

  constructor(
    private readonly host: ThreadHost,
    readonly settings: ThreadSettings,
  ) {
    this.id = host.newId();
    this.audience = host.server.audience();
    this.history = new TurnHistory({ turns: host.memory.turns, chars: host.memory.thread });
    this.createdAt = this.updatedAt = toSeconds(host.now());
  }

  get status(): ThreadStatus {
    return toThreadStatus(this.state);
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

  /** Notes what happened and tells everyone if that changes the thread's status. */
  happened(happening: ThreadHappening): void {
    const before = this.status;
    this.state = reduceThreadState(this.state, happening);
    const { status } = this;
    this.updatedAt = toSeconds(this.host.now());
    if (!isSameThreadStatus(before, status)) {
      this.host.server.broadcast('thread/status/changed', { threadId: this.id, status });
    }
  }

  /** The first words become the preview. */
  said(text: string): void {
    if (this.preview === '') this.preview = text.slice(0, PREVIEW);
  }

  toThread(includeTurns = false): Thread {
    const { id, preview, createdAt, updatedAt, status, turn } = this;
    const { cwd, ephemeral } = this.settings;
    const turns = includeTurns ? this.history.toTurns() : [];
    if (includeTurns && turn !== undefined) turns.push(turn.toTurn('full'));
    return {
      id,
      sessionId: id,
      preview,
      ephemeral,
      createdAt,
      updatedAt,
      status,
      cwd,
      source: this.host.source,
      turns,
    };
  }
}
