import type { Lagged } from '../backpressure/index.js';
import type { RequestId } from '../protocol/index.js';

/** An event as a client emits it. Those without a number count as new each time. */
export interface ThreadEvent {
  /** `serverRequest` asks; anything else tells. */
  readonly type: string;
  readonly method: string;
  readonly params?: unknown;
  /** Of a server request. */
  readonly id?: RequestId;
  readonly seq?: number;
  /** Number of the first event in it, if others were folded into it on their way. */
  readonly first?: number;
}

/** The thread as its server sees it: `thread` of a `thread/read` with turns, or of a `thread/resume`. */
export interface ThreadSnapshot {
  readonly type: 'snapshot';
  readonly thread: unknown;
  /** Number of the answer it came in, as `client.exchange()` tells it: earlier events are in it. */
  readonly seq?: number;
}

/** The user has answered a question; the server need not have said so yet. */
export interface ApprovalAnswered {
  readonly type: 'answered';
  readonly id: RequestId;
}

/** Whatever may change what there is to show of a thread. */
export type ThreadInput = ThreadEvent | ThreadSnapshot | ApprovalAnswered | Lagged;
