import { notification, type NotificationSpec, type } from '../protocol/index.js';
import type { CodexDelta, TextGrowth } from './schemas/events.js';

/** Text of one item that may wait as one event, in bytes; what comes beyond it waits as the next one. */
const MERGED_DELTA_BYTES = 65_536;

/**
 * Describes an event that adds text to an item: best-effort, and neighbouring pieces of one text become one before any is
 * given up, since the item's end has all of it again. A piece of a list of texts is folded with its own kind only.
 */
export function growingText<P extends TextGrowth = CodexDelta>(): NotificationSpec<NoInfer<P>, 'best-effort'> {
  return notification({
    params: type<P>(),
    scope: (params) => params.threadId,
    delivery: 'best-effort',
    conflate: {
      key: ({ threadId, turnId, itemId, summaryIndex = '', contentIndex = '' }) =>
        `${threadId} ${turnId} ${itemId} ${summaryIndex} ${contentIndex}`,
      merge: (waiting, incoming) => ({ ...waiting, delta: waiting.delta + incoming.delta }),
      maxBytes: MERGED_DELTA_BYTES,
    },
  });
}
