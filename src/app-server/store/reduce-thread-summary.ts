import type { UserInput } from '../schemas/thread-item.js';
import type { ThreadEntry } from './thread-entry.js';
import type { ThreadSummary } from './thread-summary.js';

/** Characters of a thread's preview. */
const PREVIEW = 200;

/**
 * What an entry changes in the summary of its thread. Returns the summary itself if it changes nothing.
 *
 * Only work moves `updatedAt`: whoever sorts by it asks what was worked on last, not what was renamed or put away.
 */
export function reduceThreadSummary(summary: ThreadSummary, entry: ThreadEntry): ThreadSummary {
  switch (entry.type) {
    case 'named':
      return summary.name === entry.name ? summary : { ...summary, name: entry.name };
    case 'archived':
      return summary.archived === entry.archived ? summary : { ...summary, archived: entry.archived };
    case 'item':
    case 'turnStarted':
    case 'turnCompleted': {
      const preview = summary.preview === '' ? previewOf(entry) : summary.preview;
      // A clock may be set back; a thread does not get older by being worked on.
      const updatedAt = Math.max(summary.updatedAt, entry.at);
      if (preview === summary.preview && updatedAt === summary.updatedAt) return summary;
      return { ...summary, preview, updatedAt };
    }
  }
}

function previewOf(entry: ThreadEntry): string {
  if (entry.type !== 'item' || entry.item.type !== 'userMessage') return '';
  return textOf(entry.item.content).slice(0, PREVIEW);
}

function textOf(content: readonly UserInput[]): string {
  return content.flatMap(({ type, text }) => (type === 'text' && text !== undefined ? [text] : [])).join('\n');
}
