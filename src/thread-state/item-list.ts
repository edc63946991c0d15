import { jsonObject } from './json-object.js';
import { sameValue } from './same-value.js';
import type { ItemState, ThreadItem, ThreadState } from './thread-state.js';

type Items = ThreadState['items'];

/** Shared by all closed items. */
const NO_PIECES: ItemState['pieces'] = Object.freeze({});

/** The value as an item, if it has what every item has. */
export function itemOf(value: unknown): ThreadItem | undefined {
  const { type, id } = jsonObject(value);
  return typeof type === 'string' && typeof id === 'string' ? (value as ThreadItem) : undefined;
}

/** Place of an item, -1 if there is none. Searched from the end, where the open ones are. */
export function indexOfItem(items: Items, id: unknown): number {
  let index = items.length - 1;
  while (index >= 0 && items[index]?.id !== id) index -= 1;
  return index;
}

/** The list with one place changed, or added at the end; the list itself if that changes nothing. */
export function withItem(items: Items, index: number, item: ItemState): Items {
  if (index < 0) return [...items, item];
  if (items[index] === item) return items;
  const changed = items.slice();
  changed[index] = item;
  return changed;
}

/** What is known of an item by now; `known` itself if that says the same. */
export function itemState(
  known: ItemState | undefined,
  item: ThreadItem,
  turnId: string | undefined,
  isOpen: boolean,
): ItemState {
  const isSame = known?.isOpen === isOpen && known.turnId === turnId && sameValue(known.item, item);
  if (isSame) return known;
  return { id: item.id, turnId, isOpen, item, pieces: NO_PIECES };
}

/** The list with the open items that `isEnded` says yes to closed as they stand. */
export function closeItems(items: Items, isEnded: (item: ItemState) => boolean): Items {
  if (!items.some((item) => item.isOpen && isEnded(item))) return items;
  return items.map((item) => (item.isOpen && isEnded(item) ? { ...item, isOpen: false, pieces: NO_PIECES } : item));
}
