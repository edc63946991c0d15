import { Observable } from 'rxjs';

import type { Client } from '../../client/index.js';
import type { TurnContract } from './turn-contract.js';
import type { TurnEvent, TurnInput, TurnOptions } from './turn-options.js';
import { TurnRun } from './turn-run.js';

/**
 * Starts a turn and follows it to its end, as one observable.
 *
 * It listens before it asks, so a `turn/started` that comes before its own answer is not missed. It completes when the
 * turn was completed or interrupted, and errors with `TurnFailedError` when it failed. Where `turn/completed` never
 * comes, an idle thread is asked after a grace time, and the end it tells is emitted as an event marked `inferred`.
 *
 * ```
 *  turn/start  ?---{turn: 2}
 *  thread      -s-1----ab-i-c-----     s, a, b: of turn 2; 1: of another turn; i: the thread is idle; c: turn/completed
 *  out         ----s---ab-i-(c|)
 * ```
 *
 * **Use it when** somebody waits for one turn. **Rather use** `scoped(threadId)` and `scanThread` for a view of the whole
 * thread, which also shows turns that others start.
 *
 * - Loses: nothing but what the client lost, and then a `Lagged` marker says so. A slow consumer puts `paceOn` with
 * `deliveryOf(client.contract)` behind it. - On error: of the server, of the connection; the turn may go on there.
 * - On unsubscribe: the turn goes on, or is interrupted; see {@link TurnOptions}. - Subscribers: each starts a turn. A
 * `turn/start` in a running turn is a steer: both follow that turn to its end.
 *
 * @example
 * ```ts
 * turn(codex, threadId, 'say hello', { onUnsubscribe: 'interrupt' }).subscribe((event) => {
 *   if (event.type === 'notification' && event.method === 'item/agentMessage/delta') write(event.params.delta);
 * });
 * ```
 * @param client Of codex, or of anything that speaks its words, in process too.
 * @param threadId A thread this client has started or resumed.
 */
export function turn<C extends TurnContract>(
  client: Client<C>,
  threadId: string,
  input: TurnInput<C>,
  options: TurnOptions<C> = {},
): Observable<TurnEvent<C>> {
  const pieces: unknown = typeof input === 'string' ? [{ type: 'text', text: input }] : input;
  return new Observable<TurnEvent<TurnContract>>((subscriber) => {
    const run = new TurnRun(client as unknown as Client<TurnContract>, threadId, options, subscriber);
    subscriber.add(() => run.stop());
    run.start(pieces);
  }) as Observable<unknown> as Observable<TurnEvent<C>>;
}
