import { emptyThread, reduceThread, type ThreadInput, type ThreadState } from '../../src/thread-state/index.js';

/** The events of thread `t` and turn `u` in a few words each, as a client emits them but for their number. */
const at = { threadId: 't', turnId: 'u' };
const told = (method: string, params: object) => ({ type: 'notification', method, params });

export const status = (type: string, ...activeFlags: string[]): ThreadInput =>
  told('thread/status/changed', { threadId: 't', status: { type, activeFlags } });
export const turnStarted = (id = 'u'): ThreadInput =>
  told('turn/started', { threadId: 't', turn: { id, status: 'inProgress', items: [], error: null } });
export const turnCompleted = (how = 'completed', more: object = {}, id = 'u'): ThreadInput =>
  told('turn/completed', { threadId: 't', turn: { id, status: how, items: [], error: null, durationMs: 5, ...more } });
export const message = (id: string, text = ''): { type: string; id: string; text: string } => ({
  type: 'agentMessage',
  id,
  text,
});
export const command = (id: string, state = 'inProgress', output: string | null = null) => ({
  type: 'commandExecution',
  id,
  command: 'ls',
  status: state,
  aggregatedOutput: output,
});
export const started = (item: object, turnId = 'u'): ThreadInput =>
  told('item/started', { threadId: 't', turnId, item });
export const completed = (item: object, turnId = 'u'): ThreadInput =>
  told('item/completed', { threadId: 't', turnId, item });
export const said = (itemId: string, delta: string): ThreadInput =>
  told('item/agentMessage/delta', { ...at, itemId, delta });
export const printed = (itemId: string, delta: string): ThreadInput =>
  told('item/commandExecution/outputDelta', { ...at, itemId, delta });
export const asked = (id: number | string, itemId = 'c', turnId = 'u'): ThreadInput => ({
  type: 'serverRequest',
  id,
  method: 'item/commandExecution/requestApproval',
  params: { threadId: 't', turnId, itemId, command: 'ls' },
});
export const resolved = (requestId: number | string): ThreadInput =>
  told('serverRequest/resolved', { threadId: 't', requestId });
export const answered = (id: number | string): ThreadInput => ({ type: 'answered', id });
export const failing = (text: string, willRetry: boolean): ThreadInput =>
  told('error', { ...at, error: { message: text }, willRetry });

/** A thread as `thread/read` has it. */
export const threadOf = (turns: readonly object[], type = 'idle') => ({ id: 't', status: { type }, turns });
export const turnOf = (items: readonly object[], how = 'completed', more: object = {}) => ({
  id: 'u',
  status: how,
  items,
  itemsView: 'full',
  error: null,
  ...more,
});
export const snapshot = (thread: unknown, seq?: number): ThreadInput => ({
  type: 'snapshot',
  thread,
  ...(seq === undefined ? {} : { seq }),
});

/** The inputs numbered from `first`, as a client numbers what it receives. Gaps and answers given have no number. */
export function numbered(inputs: readonly ThreadInput[], first = 1): ThreadInput[] {
  return inputs.map((input, index) =>
    input.type === 'lagged' || input.type === 'answered' ? input : { ...input, seq: first + index },
  );
}

/** The state thread `t` comes to. */
export function after(inputs: readonly ThreadInput[], from: ThreadState = emptyThread('t')): ThreadState {
  return inputs.reduce<ThreadState>((state, input) => reduceThread(state, input), from);
}

/** An item's growing text. */
export function textOf(state: ThreadState, id: string): unknown {
  const item = state.items.find((known) => known.id === id)?.item as { text?: string; aggregatedOutput?: string };
  return item.text ?? item.aggregatedOutput;
}
