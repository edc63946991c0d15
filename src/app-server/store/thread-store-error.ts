import { brandGuard } from '../../protocol/index.js';

const BRAND = Symbol.for('rx-sluice.ThreadStoreError');

/**
 * Why a store refused or failed.
 *
 * - `exists`: there is a thread with this id.
 * - `unknown`: there is none.
 * - `invalidId`: no thread can have this id here.
 * - `locked`: another store, of this process or another one, has the same place open.
 * - `closed`: the store was closed.
 * - `io`: the operating system would not; `cause` is its error. The same may be tried again.
 */
export type ThreadStoreFailure = 'exists' | 'unknown' | 'invalidId' | 'locked' | 'closed' | 'io';

/** A store of threads could not do what it was asked for; `reason` says why. */
export class ThreadStoreError extends Error {
  override readonly name = 'ThreadStoreError';

  constructor(
    readonly reason: ThreadStoreFailure,
    message: string,
    /** The thread that was spoken of; absent when the store as a whole failed. */
    readonly threadId?: string,
    options?: { readonly cause?: unknown },
  ) {
    super(threadId === undefined ? message : `thread ${threadId}: ${message}`, options);
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** Recognises a {@link ThreadStoreError}, also one of another copy of this package. */
export const isThreadStoreError = brandGuard<ThreadStoreError>(BRAND);
