import type { RequestId } from './request-id.js';

/**
 * Something that needs no action but should not stay unseen. Diagnostics are for logs and developer tools; nothing in
 * the library depends on anyone reading them.
 */
export type Diagnostic =
  /** Bytes that are no message arrived. */
  | { readonly type: 'malformed'; readonly error: Error }
  /** A response arrived that no request waits for. */
  | { readonly type: 'unmatchedResponse'; readonly id: RequestId | null; readonly error?: { readonly message: string } }
  /** A request arrived whose id is still in use; it was refused. */
  | { readonly type: 'duplicateRequest'; readonly id: RequestId; readonly method: string }
  /** A notification arrived that could not be taken, and why. */
  | { readonly type: 'ignoredNotification'; readonly method: string; readonly reason: string }
  /** An event did not fit its schema; it was delivered as it is. */
  | { readonly type: 'invalidEvent'; readonly method: string; readonly issues: readonly unknown[] }
  /** Events were given up because nobody had subscribed yet. Emitted at the first loss of a run. */
  | { readonly type: 'backlogOverflow'; readonly method: string }
  /** A callback of the contract or of the application threw where no answer can carry it. */
  | { readonly type: 'callbackFailed'; readonly method: string; readonly error: unknown }
  /** The wire cannot carry a message: a value JSON does not have, say. No method: it was an answer. */
  | { readonly type: 'unsendable'; readonly method: string | undefined; readonly error: unknown }
  /** A handler failed with something other than an `RpcError`; the peer saw only -32603. */
  | { readonly type: 'handlerFailed'; readonly method: string; readonly error: unknown }
  /** The server has another version than the contract was made for; what both know still works. */
  | { readonly type: 'versionMismatch'; readonly expected: string; readonly actual: string }
  /** A wire was lost, or an attempt failed; this attempt is next. */
  | { readonly type: 'connectionLost'; readonly reason: string; readonly attempt: number; readonly error?: unknown }
  /** The connection was closed because a budget that may not be exceeded was. */
  | { readonly type: 'budgetExceeded'; readonly budget: string };
