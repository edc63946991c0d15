import type { Lagged } from '../backpressure/index.js';
import { jsonObject } from './json-object.js';

/**
 * Where several pieces of text were folded into one event and a snapshot has only some of them, none can be added: the
 * rest cannot be told apart, and all of it would say some things twice. Such an event is as good as lost.
 *
 * @param covered The number up to which a snapshot has everything.
 * @returns The loss; undefined if the event is whole.
 */
export function tornBy(covered: number, event: unknown): Lagged | undefined {
  const { first, seq } = jsonObject(event);
  if (typeof first !== 'number' || typeof seq !== 'number' || first > covered || seq <= covered) return undefined;
  return { type: 'lagged', skipped: 1, first, last: seq };
}
