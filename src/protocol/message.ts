import type { RequestId } from './request-id.js';

/** A question: it wants exactly one response with the same id. */
export interface RequestMessage {
  readonly id: RequestId;
  readonly method: string;
  readonly params?: unknown;
}

/** A statement: it wants no response. */
export interface NotificationMessage {
  readonly method: string;
  readonly params?: unknown;
}

/** The error half of a response, as it stands on the wire. */
export interface ErrorObject {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** The good answer to the request of the same id. */
export interface ResultMessage {
  readonly id: RequestId;
  readonly result: unknown;
}

/** The bad answer to the request of the same id; `null` when the request could not be told from others. */
export interface ErrorMessage {
  readonly id: RequestId | null;
  readonly error: ErrorObject;
}

/** One of the four JSON-RPC messages. The `jsonrpc` member is a wire's affair and does not appear here. */
export type Message = RequestMessage | NotificationMessage | ResultMessage | ErrorMessage;

/** What a wire delivers in place of bytes that are no message. */
export interface Malformed {
  readonly malformed: Error;
}

/** What arrives on a wire: a message, or the reason why there is none. */
export type Inbound = Message | Malformed;
