import { catchError, concatMap, defer, EMPTY, endWith, finalize, ignoreElements, Observable, of, tap } from 'rxjs';

import type { Contract } from '../protocol/index.js';
import type { ClientOptions, OpeningSession, RequestOptions } from './client.js';
import { ClientRequest } from './client-request.js';
import type { CommandLane } from './command-lane.js';

/** How a session is opened. */
export interface OpenSessionOptions<C extends Contract> {
  readonly contract: C;
  /** Params of the handshake. */
  readonly params: unknown;
  /** Milliseconds until the handshake must be answered. */
  readonly timeout: number | undefined;
  readonly rejoin: ClientOptions<C>['rejoin'] | undefined;
  /** `rejoin` failed, which does not keep the session from opening. */
  readonly failed: (error: unknown) => void;
}

/**
 * Opens a session: the handshake, and then what must go before all that waits. Emits the handshake's result.
 *
 * - On error: of the handshake. - On unsubscribe: nothing more is sent before its turn, whoever still holds the session.
 */
export function openSession<C extends Contract>(
  lane: CommandLane,
  { contract, params = {}, timeout, rejoin, failed }: OpenSessionOptions<C>,
): Observable<unknown> {
  let isOpening = true;
  /** A request that does not wait for the session it helps to open. One that comes too late for that waits like any. */
  const request = (method: string, args?: unknown, options?: RequestOptions): Observable<unknown> =>
    new Observable((subscriber) => {
      const opening = new ClientRequest(method, args, subscriber, lane, lane.specOf(method), false);
      lane.submit(opening, options?.id, options?.timeout ?? lane.timeout, isOpening);
      return opening;
    });
  const { handshake } = contract;
  const greeted =
    handshake === undefined
      ? of(undefined)
      : request(handshake.request, params, timeout === undefined ? undefined : { timeout }).pipe(
          tap(() => {
            if (handshake.notification !== undefined) lane.tell({ method: handshake.notification });
          }),
        );
  // With no operator, as the subscribers of all requests run through the same code of RxJS, which is fastest with one kind.
  if (rejoin === undefined) return greeted;
  return greeted.pipe(
    concatMap((result) =>
      defer(() => rejoin({ request } as OpeningSession<C>, result)).pipe(
        catchError((error: unknown) => {
          failed(error);
          return EMPTY;
        }),
        ignoreElements(),
        endWith(result),
      ),
    ),
    finalize(() => {
      isOpening = false;
    }),
  );
}
