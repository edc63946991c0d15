import type { RequestId } from '../protocol/index.js';

/** What every item has, whatever its kind and however new its server. */
export interface ThreadItem {
  readonly type: string;
  /** Unique within its thread. */
  readonly id: string;
}

/** One step of a turn, as it stands. */
export interface ItemState<I extends ThreadItem = ThreadItem> {
  readonly id: string;
  /** Absent if the server did not say. */
  readonly turnId: string | undefined;
  /** Whether more of it may come. Its own end closes it, and so does the end of its turn. */
  readonly isOpen: boolean;
  /** As the server has it on the wire; text that came in pieces is already in its place. */
  readonly item: I;
  /** By method, the number of the newest piece of text that is in `item`. Empty once it is closed. */
  readonly pieces: Readonly<Record<string, number>>;
}

/** Why a turn failed, or what it is trying again after. Members the server adds are kept. */
export interface TurnError {
  readonly message: string;
}

/** The agent's work on one input. Its items are those of the thread with its id. */
export interface TurnState {
  readonly id: string;
  /** Anything but `inProgress` is an end. */
  readonly status: 'inProgress' | 'completed' | 'interrupted' | 'failed' | (string & Record<never, never>);
  /** Set while `status` is `inProgress`: the agent tries again. */
  readonly error: TurnError | undefined;
  readonly durationMs: number | undefined;
}

/** What a thread is doing. */
export interface ThreadStatus {
  readonly type: 'notLoaded' | 'idle' | 'active' | 'systemError' | (string & Record<never, never>);
  /** What an active thread waits for; otherwise empty. */
  readonly activeFlags: readonly string[];
}

/** A question of the server's that nobody has answered yet. */
export interface Approval {
  readonly id: RequestId;
  readonly method: string;
  /** Turn and item it is about, if it says so. */
  readonly turnId: string | undefined;
  readonly itemId: string | undefined;
  readonly params: unknown;
}

/** A place where events were lost and nothing has made up for it yet. */
export interface ThreadGap {
  /** How many events; not all of them need have been this thread's. */
  readonly skipped: number;
  /** Only if nobody knows how many more: the connection was lost here. */
  readonly unknown?: true;
  /** The item that stood last when it was told; absent if there was none. */
  readonly after: string | undefined;
  /** Highest number lost, if known. */
  readonly last: number | undefined;
}

/** How much is missing, and where. */
export interface ThreadLag {
  /** All that was ever skipped. */
  readonly skipped: number;
  /** What no snapshot has repaired yet, the oldest first. */
  readonly gaps: readonly ThreadGap[];
}

/** What there is to show of one thread. Nothing in it ever changes: a new event makes a new state. */
export interface ThreadState<I extends ThreadItem = ThreadItem> {
  readonly threadId: string;
  /** In the order they began, over all turns. */
  readonly items: readonly ItemState<I>[];
  readonly turns: readonly TurnState[];
  readonly status: ThreadStatus;
  /** In the order they were asked. */
  readonly approvals: readonly Approval[];
  readonly lag: ThreadLag;
  /** Whether something may be missing here: events were lost, and no snapshot has come since. */
  readonly partial: boolean;
  /** Events up to this number are in here, or never will be; -1: none yet. */
  readonly seq: number;
}
