import { settleApprovals } from './approval-list.js';
import { closeItems, itemOf, itemState } from './item-list.js';
import { type JsonObject, jsonObject } from './json-object.js';
import { patchThread } from './patch-thread.js';
import { sameValue } from './same-value.js';
import type { ItemState, ThreadState, TurnState } from './thread-state.js';
import { threadStatus } from './thread-status.js';
import { isEnded, turnOf } from './turn-list.js';

/**
 * Puts the thread as its server sees it in place of what is known here, and so makes up for what was lost.
 *
 * What says the same as before keeps its identity. A snapshot that is older than the newest event here is ignored: it
 * would take back what that event told. One without its turns tells the status and repairs nothing; a past turn whose
 * items the server no longer has keeps those that are known here.
 */
export function applySnapshot(state: ThreadState, thread: JsonObject, seq: number | undefined): ThreadState {
  if (thread['id'] !== state.threadId || (seq !== undefined && seq <= newest(state))) return state;
  const status = threadStatus(state.status, thread['status']);
  const told: readonly unknown[] = Array.isArray(thread['turns']) ? thread['turns'] : [];
  // `thread/read` without `includeTurns` has an empty list.
  if (told.length === 0 && state.turns.length + state.items.length > 0) return patchThread(state, { status });

  const raw = eachOnce(told.map(jsonObject));
  const turns = raw.map(turnOf).filter((turn) => turn !== undefined);
  const known = new Map(state.items.map((item) => [item.id, item]));
  const items = eachOnce(raw.flatMap((turn) => itemsOf(known, turn)));
  const isRepaired = raw.every((turn) => isWhole(turn) || isEnded(state.turns, turn['id']));
  const isOver = status.type !== 'active';
  return patchThread(state, {
    status,
    turns: shared(
      state.turns,
      turns.map((turn) => sharedTurn(state, turn)),
    ),
    items: shared(state.items, items),
    approvals: settleApprovals(state.approvals, ({ turnId }) => isOver || isEnded(turns, turnId)),
    ...(isRepaired && state.partial ? { partial: false, lag: { ...state.lag, gaps: [] } } : undefined),
    seq: seq ?? state.seq,
  });
}

/** Ids are the keys of what is drawn, so each stands for one thing: the last that has it, where the first stood. */
function eachOnce<T extends { readonly id?: unknown }>(list: readonly T[]): T[] {
  return [...new Map(list.map((member) => [member.id, member])).values()];
}

/** Number of the newest event that is in the state. */
function newest({ seq, items }: ThreadState): number {
  return Math.max(seq, ...items.flatMap(({ pieces }) => Object.values(pieces)));
}

/** Whether a turn came with all its items. A server that does not say has sent what it has. */
function isWhole({ itemsView = 'full' }: JsonObject): boolean {
  return itemsView === 'full';
}

/** The items of one turn as told; if that is not all of them, in the places of those that are known here. */
function itemsOf(known: ReadonlyMap<string, ItemState>, turn: JsonObject): ItemState[] {
  const { id: turnId, items, status = 'inProgress' } = turn;
  if (typeof turnId !== 'string') return [];
  const isRunning = status === 'inProgress';
  const told = (Array.isArray(items) ? items : []).map(itemOf).filter((item) => item !== undefined);
  const states = told.map((item) => {
    const before = known.get(item.id);
    const isOpen = isRunning && before?.isOpen !== false && !hasEnd(jsonObject(item));
    return itemState(before, item, turnId, isOpen);
  });
  if (isWhole(turn)) return states;
  const kept = [...known.values()].filter((item) => item.turnId === turnId);
  return eachOnce([...(isRunning ? kept : closeItems(kept, () => true)), ...states]);
}

/** Whether an item's own members say that it is complete. */
function hasEnd({ completedAtMs, status = 'inProgress' }: JsonObject): boolean {
  return typeof completedAtMs === 'number' || status !== 'inProgress';
}

function sharedTurn({ turns }: ThreadState, turn: TurnState): TurnState {
  const known = turns.find(({ id }) => id === turn.id);
  return known !== undefined && sameValue(known, turn) ? known : turn;
}

/** The list as it was if the other has the very same members. */
function shared<T>(before: readonly T[], after: readonly T[]): readonly T[] {
  return before.length === after.length && before.every((member, index) => member === after[index]) ? before : after;
}
