import type { Observable } from 'rxjs';

import type { Contract, ParamsOf, RequestId, ResultOf, ServerRequestMethod } from '../protocol/index.js';

/**
 * What became of an answer.
 *
 * - `sent`: it is the answer. - `alreadySettled`: another answer, or the server itself, came first. - `unknown`: no such
 * request was ever open here. - `closed`: the connection has ended.
 */
export type Settled = 'sent' | 'alreadySettled' | 'unknown' | 'closed';

/** A question from the server that waits for its one answer. */
export type ServerRequest<C extends Contract> = {
  [M in ServerRequestMethod<C>]: {
    readonly id: RequestId;
    readonly method: M;
    readonly params: ParamsOf<C['serverRequests'][M]>;
    readonly seq: number;
    /**
     * Emits once and completes when it needs no answer any more: it has one, the server has settled it, or the connection
     * has ended. Also for late subscribers. A dialog goes by it.
     */
    readonly settled$: Observable<void>;
    /** Answers it. The first answer wins. */
    respond(result: ResultOf<C['serverRequests'][M]>): Settled;
    /** Answers it with an error: an `RpcError` as it is, anything else as -32603. */
    fail(error: unknown): Settled;
  };
}[ServerRequestMethod<C>];

/** What a handler knows besides the params of the request. */
export interface ServerRequestContext {
  readonly id: RequestId;
  readonly method: string;
  readonly seq: number;
  /** Aborted when the request is settled elsewhere, the handler is unsubscribed or the connection ends. Made when read. */
  readonly signal: AbortSignal;
}

/** Answers one kind of server request. Of an observable, the first value is the answer. */
export type ServerRequestHandler<P, R> = (
  params: P,
  context: ServerRequestContext,
) => R | PromiseLike<R> | Observable<R> | (unknown extends R ? void : never);

/** For each server request of a contract, the handler it takes. */
export type ServerRequestHandlers<C extends Contract> = {
  readonly [M in ServerRequestMethod<C>]: ServerRequestHandler<
    ParamsOf<C['serverRequests'][M]>,
    ResultOf<C['serverRequests'][M]>
  >;
};
