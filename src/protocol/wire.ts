import type { Observable } from 'rxjs';

import type { Inbound, Message } from './message.js';

/** How a connection ended. */
export interface CloseInfo {
  /** A short word or sentence both ends may read: `shutdown`, `slow-consumer`, `peer exited with code 1`. */
  readonly reason: string;
  /** Whether the end was an orderly one. After a disorderly end, streams of events error instead of completing. */
  readonly orderly: boolean;
  /** What broke, if something did. */
  readonly error?: unknown;
}

/**
 * A two-way pipe of messages: the only thing a client or a server knows of the world.
 *
 * A wire has no queue policy and no protocol of its own. It reads whatever its two ends do, tells when its sink is
 * full, and says once how it ended.
 */
export interface Wire {
  /** Both ends share one process and pass messages by reference: other defaults apply. Default false. */
  readonly local?: boolean;
  /**
   * What arrives, in order. Subscribed once. It completes when no more can arrive and never errors: bytes that are no
   * message arrive as `{ malformed }`, the end of the pipe is told by `closed$`.
   */
  readonly inbound$: Observable<Inbound>;
  /**
   * Takes one message. `false` means that the sink is now full: this message is still taken, but the next one should
   * wait for `writable$`. After the wire's end messages are discarded.
   */
  send(message: Message): boolean;
  /** Emits when a full sink has room again. */
  readonly writable$: Observable<void>;
  /** Asks for no more input until `resume`. A wire without it cannot be paused. */
  pause?(): void;
  /** Takes input again. */
  resume?(): void;
  /** Ends the wire in both directions. What was sent before is still delivered where the pipe allows it. */
  close(info?: CloseInfo): void;
  /** Emits once how the wire ended, also to late subscribers, and completes. It never errors. */
  readonly closed$: Observable<CloseInfo>;
}
