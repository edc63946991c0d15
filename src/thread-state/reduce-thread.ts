import { isLagged } from '../backpressure/index.js';
import { addGap } from './add-gap.js';
import { applySnapshot } from './apply-snapshot.js';
import { growItem, isGrowth } from './grow-item.js';
import { type JsonObject, jsonObject } from './json-object.js';
import { askApproval, reduceNotification, settleApproval } from './reduce-event.js';
import type { ThreadInput } from './thread-input.js';
import type { ThreadItem, ThreadState } from './thread-state.js';
import { tornBy } from './torn-by.js';

/**
 * What there is to show of a thread once one more thing has happened.
 *
 * A pure function: it changes nothing it is given, and what did not change keeps its identity, up to the very same state
 * if nothing did. An event with a number that is accounted for already changes nothing either, so events may come twice.
 *
 * - Text grows piece by piece; `item/completed` has all of it and wins over whatever came before.
 * - `turn/completed` closes what is still open in its turn, questions included.
 * - A `Lagged` marker makes the state `partial`, and a snapshot that came after it makes it whole again.
 * - What it does not know, be it a method, a kind of item or a status, passes through or changes nothing. It never throws.
 *
 * **Use it when** you hold the state yourself: in a store, a reducer of React, a signal. **Rather use** {@link scanThread}
 * when you have the events as an observable.
 *
 * @example
 * ```ts
 * let state = emptyThread('t1');
 * state = reduceThread(state, { type: 'notification', method: 'thread/closed', params: { threadId: 't1' }, seq: 7 });
 * ```
 * @param state What was there to show before; {@link emptyThread} in the beginning.
 * @param input An event as a client emits it, a gap, a snapshot, or an answer the user gave. Events of other threads
 * change nothing.
 * @returns The state after it.
 */
export function reduceThread<I extends ThreadItem = ThreadItem>(
  state: ThreadState<I>,
  input: ThreadInput,
): ThreadState<I> {
  // What the items of this thread are is the caller's knowledge; here they are handed on as they came.
  return reduce(state, input) as ThreadState<I>;
}

function reduce(state: ThreadState, input: unknown): ThreadState {
  if (isLagged(input)) return addGap(state, input);
  const event = jsonObject(input);
  const seq = typeof event['seq'] === 'number' ? event['seq'] : undefined;
  if (event['type'] === 'snapshot') return applySnapshot(state, jsonObject(event['thread']), seq);
  if (event['type'] === 'answered') return settleApproval(state, event['id']);

  const params = jsonObject(event['params']);
  if (threadIdOf(params) !== state.threadId || (seq !== undefined && seq <= state.seq)) return state;
  const torn = tornBy(state.seq, event);
  if (torn !== undefined) return addGap(state, torn);
  if (isGrowth(event['method'])) return growItem(state, event['method'], params, seq);
  const next =
    event['type'] === 'serverRequest' ? askApproval(state, event) : reduceNotification(state, event['method'], params);
  return next === state || seq === undefined ? next : { ...next, seq };
}

function threadIdOf({ threadId, thread }: JsonObject): unknown {
  return threadId ?? jsonObject(thread)['id'];
}
