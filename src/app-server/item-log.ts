import type { ItemOutcome, StartedItem } from './agent.js';
import { BoundedText } from './bounded-text.js';
import type { CommandStatus, ThreadItem, UserInput, UserMessageItem } from './schemas/thread-item.js';

/** Most characters kept of one item's text. */
export interface ItemTextLimits {
  readonly output: number;
  readonly message: number;
}

/** What deltas of an item are called on the wire. */
export type DeltaMethod = 'item/agentMessage/delta' | 'item/commandExecution/outputDelta';

interface OpenItem {
  readonly item: Exclude<ThreadItem, UserMessageItem>;
  readonly startedAtMs: number;
  readonly text: BoundedText;
  readonly deltaMethod: DeltaMethod;
}

/**
 * The items of one turn, in the order they began, as the protocol shows them.
 *
 * Text that grows is kept within the limits while its item is open and becomes part of the item when that is completed.
 *
 * @internal
 */
export class ItemLog {
  private readonly items = new Map<string, ThreadItem>();
  private readonly open = new Map<string, OpenItem>();

  constructor(private readonly limits: ItemTextLimits) {}

  /** An item that is complete from the start: what the user said. */
  say(id: string, content: readonly UserInput[], now: number): UserMessageItem {
    const item: UserMessageItem = {
      type: 'userMessage',
      id,
      content: [...content],
      startedAtMs: now,
      completedAtMs: now,
    };
    this.items.set(id, item);
    return item;
  }

  /** @throws if an item has this id already. */
  start(started: StartedItem, cwd: string, now: number): ThreadItem {
    if (this.items.has(started.id)) throw new Error(`the agent started the item ${started.id} twice`);
    const item = toItem(started, cwd, now);
    const isMessage = item.type === 'agentMessage';
    this.items.set(item.id, item);
    this.open.set(item.id, {
      item,
      startedAtMs: now,
      text: new BoundedText(isMessage ? this.limits.message : this.limits.output),
      deltaMethod: isMessage ? 'item/agentMessage/delta' : 'item/commandExecution/outputDelta',
    });
    return item;
  }

  /** @throws if no such item is open. */
  append(itemId: string, delta: string): DeltaMethod {
    const { text, deltaMethod } = this.openItem(itemId);
    text.append(delta);
    return deltaMethod;
  }

  /** @throws if no such item is open. */
  complete(itemId: string, outcome: ItemOutcome, now: number): ThreadItem {
    const open = this.openItem(itemId);
    this.open.delete(itemId);
    const item = completed(open, outcome, now);
    this.items.set(itemId, item);
    return item;
  }

  /** All items, the open ones with what they have so far. */
  toItems(): ThreadItem[] {
    return [...this.items.values()].map((item) => {
      const open = this.open.get(item.id);
      return open === undefined ? item : withText(open, undefined);
    });
  }

  /** Those that are not completed, with what they have so far. */
  openItems(): ThreadItem[] {
    return [...this.open.values()].map((open) => withText(open, undefined));
  }

  /** The last thing the agent said, once it is completed. */
  lastMessage(): ThreadItem | undefined {
    return [...this.items.values()].reverse().find(({ type, id }) => type === 'agentMessage' && !this.open.has(id));
  }

  private openItem(itemId: string): OpenItem {
    const open = this.open.get(itemId);
    if (open === undefined) throw new Error(`the agent spoke of the item ${itemId}, which is not open`);
    return open;
  }
}

function toItem(started: StartedItem, cwd: string, startedAtMs: number): OpenItem['item'] {
  const times = { startedAtMs, completedAtMs: null };
  if (started.type === 'agentMessage') return { type: started.type, id: started.id, text: '', ...times };
  return {
    type: started.type,
    id: started.id,
    command: started.command,
    cwd: started.cwd ?? cwd,
    processId: started.processId ?? null,
    status: 'inProgress',
    aggregatedOutput: null,
    exitCode: null,
    durationMs: null,
    ...times,
  };
}

function completed(open: OpenItem, outcome: ItemOutcome, now: number): ThreadItem {
  const item = withText(open, outcome.text);
  if (item.type !== 'commandExecution') return { ...item, completedAtMs: now };
  const { exitCode = null, processId = item.processId } = outcome;
  const status: CommandStatus = outcome.status ?? (exitCode === null || exitCode === 0 ? 'completed' : 'failed');
  // Something that never ran took no time.
  const durationMs =
    status === 'declined' || (status === 'failed' && exitCode === null) ? null : now - open.startedAtMs;
  return { ...item, status, exitCode, processId, durationMs, completedAtMs: now };
}

function withText({ item, text }: OpenItem, all: string | undefined): ThreadItem {
  const whole = all ?? text.toString();
  if (item.type === 'agentMessage') return { ...item, text: whole };
  return { ...item, aggregatedOutput: whole === '' ? null : whole };
}
