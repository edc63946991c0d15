/**
 * A port with the events of the web: a `MessagePort`, a `Worker` or, inside one, `self`, and `parentPort` of `worker_threads`.
 */
export interface EventPort {
  /** Gives the other side one value. */
  postMessage(value: unknown): void;
  /** `message`, `messageerror` and `close` are listened to. */
  addEventListener(type: string, listener: (event: object) => void): void;
  /** Ends that. */
  removeEventListener(type: string, listener: (event: object) => void): void;
  /** A `MessagePort` holds everything back until this is called. */
  start?(): void;
}

/** A port with the events of Node: a `Worker` of `worker_threads`, `MessagePortMain` and `utilityProcess` of Electron. */
export interface EmitterPort {
  /** Gives the other side one value. */
  postMessage(value: unknown): void;
  /** `message`, `messageerror`, `close` and `exit` are listened to. */
  on(type: string, listener: (value: unknown) => void): unknown;
  /** Ends that. */
  off(type: string, listener: (value: unknown) => void): unknown;
  /** Some hold everything back until this is called. */
  start?(): void;
}

/** Whatever a {@link messagePortWire} can be made of. */
export type MessagePortLike = EventPort | EmitterPort;
