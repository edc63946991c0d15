import type { ObservableInput, SchedulerLike } from 'rxjs';

/** What a {@link postMessageWire} needs of a port: how to post, how to listen, and, where that is told, that it has died. */
export interface PostMessagePort {
  /** Gives the other side one value: plain data, as messages are. */
  post(value: unknown): void;
  /** Calls `receive` with each value of the other side, from now on; the function it returns ends that. */
  listen(receive: (value: unknown) => void): () => void;
  /** Emits, or errors, when the port has died. If what it emits is a string, it is the reason. Default: it is not told. */
  readonly closed?: ObservableInput<unknown>;
}

/** How a {@link postMessageWire} reads and writes. */
export interface PostMessageWireOptions {
  /** Messages the other side may have posted and the reader of this side not taken. From 1; default 1,024. */
  readonly credit?: number;
  /** Bytes of them, estimated; a larger message comes alone. From 1; default 1 MiB. */
  readonly creditBytes?: number;
  /**
   * Milliseconds between two pings; 0 for none. The other side counts as gone when two of them and as long again have passed
   * without a sign of life, also if it only computes for so long without a pause. Default 10,000.
   */
  readonly heartbeat?: number;
  /** Milliseconds that messages without credit have to get out after `close`. Default 2,000. */
  readonly grace?: number;
  /**
   * What is sent before it runs its next action is posted together. `queueScheduler` posts each message by itself. Default
   * `asapScheduler`.
   */
  readonly joinOn?: SchedulerLike;
  /** The clock. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}
