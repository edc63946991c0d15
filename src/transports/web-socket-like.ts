/**
 * What a {@link webSocketWire} needs of a socket: the browser's `WebSocket`, the one of `ws`, and others have it.
 */
export interface WebSocketLike {
  /** 0 connecting, 1 open, 2 closing, 3 closed. */
  readonly readyState: number;
  /** Bytes that were sent and have not left this process. */
  readonly bufferedAmount: number;
  /** Sends one text frame. */
  send(data: string): void;
  /** Starts the closing handshake. */
  close(code?: number, reason?: string): void;
  /** `open`, `message`, `error` and `close` are listened to. */
  addEventListener(type: string, listener: (event: object) => void): void;
  /** Stops reading; sockets of a browser cannot. */
  pause?(): void;
  /** Reads again. */
  resume?(): void;
  /** Ends the connection without a handshake; sockets of a browser cannot. */
  terminate?(): void;
}
