import { brandGuard } from './brand.js';

const BRAND = Symbol.for('rx-sluice.TransportError');

/**
 * Why no answer came.
 *
 * - `closed`: the connection ended, or was never there.
 * - `full`: our own queue refused the request; nothing was sent.
 * - `timeout`: the deadline passed; the peer may still do the work.
 * - `protocol`: the peer broke the protocol so that the exchange cannot go on.
 */
export type TransportFailure = 'closed' | 'full' | 'timeout' | 'protocol';

/** The pipe failed: there is no answer from the peer, and `reason` says why. */
export class TransportError extends Error {
  override readonly name = 'TransportError';

  constructor(
    readonly reason: TransportFailure,
    message: string,
    /** The method that was asked for; absent when a whole connection failed. */
    readonly method?: string,
    options?: { readonly cause?: unknown },
  ) {
    super(method === undefined ? message : `${method}: ${message}`, options);
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** Recognises a {@link TransportError}, also one of another copy of this package. */
export const isTransportError = brandGuard<TransportError>(BRAND);
