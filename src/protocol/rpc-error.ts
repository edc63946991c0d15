import { brandGuard } from './brand.js';
import type { ContractWords } from './contract.js';
import { ErrorCode } from './error-code.js';
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
  /** Nothing was done and the same request may come again: code -32001, or what the contract's `isOverloaded` says. */
  readonly overloaded: boolean;

  constructor(
    /** JSON-RPC's number for the kind of error. */
    readonly code: number,
    message: string,
    /** Whatever else the peer told. */
    readonly data?: unknown,
    options?: { readonly method?: string; readonly cause?: unknown; readonly overloaded?: boolean },
  ) {
    super(message, options && 'cause' in options ? { cause: options.cause } : undefined);
    this.overloaded = options?.overloaded ?? code === ErrorCode.Overloaded;
    if (options?.method !== undefined) this.method = options.method;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Reads the error member of a response, in the words of its contract. */
  static from(error: ErrorObject, method: string, words: ContractWords = {}): RpcError {
    const overloaded = error.code === ErrorCode.Overloaded || saysOverloaded(error, words);
    return new RpcError(error.code, error.message, error.data, { method, overloaded });
  }

  /** The error member of a response. */
  toObject(): ErrorObject {
    const { code, message, data } = this;
    return data === undefined ? { code, message } : { code, message, data };
  }
}

/** Recognises an {@link RpcError}, also one of another copy of this package. */
export const isRpcError = brandGuard<RpcError>(BRAND);

function saysOverloaded(error: ErrorObject, words: ContractWords): boolean {
  try {
    return words.isOverloaded?.(error) === true;
  } catch {
    // The request has to end with the server's error, whatever the contract makes of it.
    return false;
  }
}
