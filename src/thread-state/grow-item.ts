import { indexOfItem, withItem } from './item-list.js';
import { type JsonObject, jsonObject } from './json-object.js';
import type { ThreadItem, ThreadState } from './thread-state.js';

/** Where in an item a piece of text belongs. */
interface Growth {
  readonly member: string;
  /** The member is a list of texts, and this member of the event says which of them grows. */
  readonly index?: string;
}

const GROWTHS: ReadonlyMap<unknown, Growth> = new Map<unknown, Growth>([
  ['item/agentMessage/delta', { member: 'text' }],
  ['item/plan/delta', { member: 'text' }],
  ['item/commandExecution/outputDelta', { member: 'aggregatedOutput' }],
  ['item/reasoning/summaryPartAdded', { member: 'summary', index: 'summaryIndex' }],
  ['item/reasoning/summaryTextDelta', { member: 'summary', index: 'summaryIndex' }],
  ['item/reasoning/textDelta', { member: 'content', index: 'contentIndex' }],
]);

/** Whether an event adds text to an item. */
export function isGrowth(method: unknown): method is string {
  return GROWTHS.has(method);
}

/**
 * Adds a piece of text to an open item.
 *
 * Pieces of different kinds may come out of a buffer in another order than they went in, since each is folded with its
 * own kind; so each kind keeps a number of its own. Text is only ever appended to, never looked at: the engine keeps it
 * in pieces until somebody reads it, and a hundred thousand of them cost what they weigh.
 */
export function growItem(state: ThreadState, method: string, params: JsonObject, seq: number | undefined): ThreadState {
  const { itemId, delta = '' } = params;
  const growth = GROWTHS.get(method);
  const index = indexOfItem(state.items, itemId);
  const known = state.items[index];
  if (growth === undefined || known?.isOpen !== true || typeof delta !== 'string') return state;
  if (seq !== undefined && seq <= (known.pieces[method] ?? -1)) return state;

  const before = jsonObject(known.item)[growth.member];
  const after = growth.index === undefined ? text(before) + delta : grownList(before, params[growth.index], delta);
  if (after === before || after === undefined) return state;
  const item: ThreadItem = { ...known.item, [growth.member]: after };
  const pieces = seq === undefined ? known.pieces : { ...known.pieces, [method]: seq };
  return { ...state, items: withItem(state.items, index, { ...known, item, pieces }) };
}

/** One text of a list, grown. A text whose beginning was lost waits for the item's end. */
function grownList(before: unknown, at: unknown, delta: string): readonly unknown[] | undefined {
  const list: readonly unknown[] = Array.isArray(before) ? before : [];
  if (typeof at !== 'number' || !Number.isInteger(at) || at < 0 || at > list.length) return undefined;
  if (at < list.length && delta === '') return undefined;
  const grown = list.slice();
  grown[at] = text(list[at]) + delta;
  return grown;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
