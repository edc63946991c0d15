import { brandGuard } from './brand.js';
import type { ErrorObject } from './message.js';

const BRAND = Symbol.for('rx-sluice.RpcError');

/**
 * The peer said no: it received the request and answered with an error.
 *
 * Throw one from a handler to choose the code and the data the other side sees; anything else a handler throws
 * becomes -32603 without its stack.
 *
 * @example
 * ```ts
 * throw new RpcError(-32600, 'thread not found: 42', { threadId: '42' });
 * ```
 */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  /** The method that was asked for; absent on an error made by a handler. */
  declare readonly method?: string;

  constructor(
    /** JSON-RPC's number for the kind of error. */
    readonly code: number,
    message: string,
    /** Whatever else the peer told. */
    readonly data?: unknown,
    options?: { readonly method?: string; readonly cause?: unknown },
  ) {
    super(message, options && 'cause' in options ? { cause: options.cause } : undefined);
    if (options?.method !== undefined) this.method = options.method;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Reads the error member of a response. */
  static from(error: ErrorObject, method: string): RpcError {
    return new RpcError(error.code, error.message, error.data, { method });
  }

  /** The error member of a response. */
  toObject(): ErrorObject {
    const { code, message, data } = this;
    return data === undefined ? { code, message } : { code, message, data };
  }
}

/** Recognises an {@link RpcError}, also one of another copy of this package. */
export const isRpcError = brandGuard<RpcError>(BRAND);
