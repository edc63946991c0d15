import type { ItemState, ThreadState } from '../../src/thread-state/index.js';

/** An item with what these specs have of each kind. */
interface Told {
  readonly type: string;
  readonly content?: readonly { readonly text?: string }[];
  readonly text?: string;
  readonly summary?: readonly string[];
  readonly command?: string;
  readonly status?: string;
  readonly aggregatedOutput?: string | null;
}

/** A state in words, as a terminal would show it. */
export function describeThread({ items, turns, status, approvals, lag, partial }: ThreadState) {
  return {
    items: items.map(describeItem),
    turns: turns.map(({ status: how, error }) => (error === undefined ? how : `${how}: ${error.message}`)),
    status: [status.type, ...status.activeFlags].join(' '),
    approvals: approvals.map(({ id, itemId }) => `${id} for ${String(itemId)}`),
    skipped: lag.skipped,
    partial,
  };
}

function describeItem({ item, isOpen }: ItemState): string {
  const { type, content = [], text = '', summary = [], command, status, aggregatedOutput } = item as Told;
  const more = isOpen ? '...' : '';
  switch (type) {
    case 'userMessage':
      return `> ${content.map((part) => part.text).join()}${more}`;
    case 'agentMessage':
      return text + more;
    case 'reasoning':
      return `(${summary.join(' / ')}${more})`;
    case 'commandExecution':
      return `$ ${String(command)} [${String(status)}]${aggregatedOutput ?? ''}${more}`;
    default:
      return type + more;
  }
}
