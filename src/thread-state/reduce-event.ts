import { approvalOf, settleApprovals, withApproval } from './approval-list.js';
import { closeItems, indexOfItem, itemOf, itemState, withItem } from './item-list.js';
import { type JsonObject, jsonObject } from './json-object.js';
import { patchThread } from './patch-thread.js';
import type { ThreadState } from './thread-state.js';
import { threadStatus } from './thread-status.js';
import { isEnded, turnError, turnOf, withTurn } from './turn-list.js';

type Reducer = (state: ThreadState, params: JsonObject) => ThreadState;

const REDUCERS: ReadonlyMap<unknown, Reducer> = new Map<unknown, Reducer>([
  ['thread/started', (state, { thread }) => setStatus(state, jsonObject(thread)['status'])],
  ['thread/status/changed', (state, { status }) => setStatus(state, status)],
  ['thread/closed', closeThread],
  ['turn/started', startTurn],
  ['turn/completed', completeTurn],
  ['item/started', startItem],
  ['item/completed', completeItem],
  ['error', failTurn],
  ['serverRequest/resolved', (state, { requestId }) => settleApproval(state, requestId)],
]);

/** What a notification changes, text that grows aside. One that is not known changes nothing. */
export function reduceNotification(state: ThreadState, method: unknown, params: JsonObject): ThreadState {
  return REDUCERS.get(method)?.(state, params) ?? state;
}

/** A question waits until it is answered, or until its turn is over. */
export function askApproval(state: ThreadState, request: JsonObject): ThreadState {
  const approval = approvalOf(request);
  if (approval === undefined || isEnded(state.turns, approval.turnId)) return state;
  return patchThread(state, { approvals: withApproval(state.approvals, approval) });
}

/** Somebody has answered, here or elsewhere. It may be told late, and twice. */
export function settleApproval(state: ThreadState, requestId: unknown): ThreadState {
  return patchThread(state, { approvals: settleApprovals(state.approvals, ({ id }) => id === requestId) });
}

function setStatus(state: ThreadState, status: unknown): ThreadState {
  return patchThread(state, { status: threadStatus(state.status, status) });
}

/** The server has let go of the thread: nothing that was open will get an end of its own. */
function closeThread(state: ThreadState): ThreadState {
  return patchThread(state, {
    status: threadStatus(state.status, { type: 'notLoaded' }),
    items: closeItems(state.items, () => true),
    approvals: settleApprovals(state.approvals, () => true),
  });
}

function startTurn(state: ThreadState, params: JsonObject): ThreadState {
  const turn = turnOf(params['turn']);
  if (turn === undefined || isEnded(state.turns, turn.id)) return state;
  // A client that opted out of status events still sees the thread at work.
  const status = state.status.type === 'active' ? state.status : threadStatus(state.status, { type: 'active' });
  return patchThread(state, { turns: withTurn(state.turns, turn), status });
}

/** The end of a turn is the end of all that was open in it: an interrupted item gets none of its own. */
function completeTurn(state: ThreadState, params: JsonObject): ThreadState {
  const told = turnOf(params['turn']);
  if (told === undefined) return state;
  const turn = told.status === 'inProgress' ? { ...told, status: 'completed' } : told;
  const { items } = jsonObject(params['turn']);
  const summary: readonly unknown[] = Array.isArray(items) ? items : [];
  const whole = summary.reduce<ThreadState>((last, item) => completeItem(last, { item, turnId: turn.id }), state);
  const isOver = turn.status === 'failed' ? 'systemError' : 'idle';
  return patchThread(whole, {
    items: closeItems(whole.items, ({ turnId }) => turnId === turn.id || turnId === undefined),
    turns: withTurn(state.turns, turn),
    approvals: settleApprovals(state.approvals, ({ turnId }) => turnId === turn.id || turnId === undefined),
    status: state.status.type === 'active' ? threadStatus(state.status, { type: isOver }) : state.status,
  });
}

/** An item that is known has begun already: the server may say so twice. */
function startItem(state: ThreadState, params: JsonObject): ThreadState {
  const item = itemOf(params['item']);
  if (item === undefined || indexOfItem(state.items, item.id) >= 0) return state;
  const turnId = turnIdOf(params);
  return patchThread(state, {
    items: withItem(state.items, -1, itemState(undefined, item, turnId, !isEnded(state.turns, turnId))),
  });
}

/** An item's end has all of it, so whatever came or was lost before no longer matters. */
function completeItem(state: ThreadState, params: JsonObject): ThreadState {
  const item = itemOf(params['item']);
  if (item === undefined) return state;
  const index = indexOfItem(state.items, item.id);
  const known = state.items[index];
  const completed = itemState(known, item, turnIdOf(params) ?? known?.turnId, false);
  return patchThread(state, { items: withItem(state.items, index, completed) });
}

/** Whether the agent tries again shows in the turn: it goes on, or its end follows. */
function failTurn(state: ThreadState, params: JsonObject): ThreadState {
  const turnId = turnIdOf(params);
  const turn = state.turns.find(({ id }) => id === turnId);
  const error = turnError(params['error']);
  if (turn === undefined || error === undefined || isEnded(state.turns, turnId)) return state;
  return patchThread(state, { turns: withTurn(state.turns, { ...turn, error }) });
}

function turnIdOf({ turnId }: JsonObject): string | undefined {
  return typeof turnId === 'string' ? turnId : undefined;
}
