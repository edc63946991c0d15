import type { ThreadItem } from './schemas/thread-item.js';
import type { Turn } from './schemas/turn.js';

/** How much a thread remembers of its past turns. */
export interface HistoryLimits {
  readonly turns: number;
  /** Characters of text in all items together. */
  readonly chars: number;
}

/**
 * The past turns of a thread, within bounds: the oldest turns lose their items first and are forgotten later.
 *
 * @internal
 */
export class TurnHistory {
  private turns: { readonly turn: Turn; readonly chars: number }[] = [];
  private chars = 0;
  /** The first turn that still has its items. */
  private firstLoaded = 0;

  constructor(private readonly limits: HistoryLimits) {}

  /** @param turn With all its items. */
  add(turn: Turn): void {
    const chars = turn.items.reduce((sum, item) => sum + charsOf(item), 0);
    this.turns.push({ turn, chars });
    this.chars += chars;
    while (this.chars > this.limits.chars && this.firstLoaded < this.turns.length) this.unloadOldest();
    if (this.turns.length > this.limits.turns) {
      if (this.firstLoaded === 0) this.unloadOldest();
      this.turns.shift();
      this.firstLoaded -= 1;
    }
  }

  toTurns(): Turn[] {
    return this.turns.map(({ turn }) => turn);
  }

  private unloadOldest(): void {
    const oldest = this.turns[this.firstLoaded];
    if (oldest === undefined) return;
    this.chars -= oldest.chars;
    this.turns[this.firstLoaded] = { turn: { ...oldest.turn, items: [], itemsView: 'notLoaded' }, chars: 0 };
    this.firstLoaded += 1;
  }
}

function charsOf(item: ThreadItem): number {
  switch (item.type) {
    case 'userMessage':
      return item.content.reduce((sum, { text }) => sum + (text?.length ?? 0), 0);
    case 'agentMessage':
      return item.text.length;
    case 'commandExecution':
      return item.command.length + (item.aggregatedOutput?.length ?? 0);
  }
}
