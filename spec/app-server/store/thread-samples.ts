import type { ThreadEntry, ThreadSummary } from '../../../src/app-server/index.js';

/** A thread nobody has worked on. */
export function summaryOf(id: string, change: Partial<ThreadSummary> = {}): ThreadSummary {
  return {
    id,
    name: null,
    preview: '',
    cwd: '/work',
    source: 'cli',
    approvalPolicy: 'untrusted',
    createdAt: 100,
    updatedAt: 100,
    archived: false,
    ...change,
  };
}

export const turnStarted = (turnId: string, at = 101): ThreadEntry => ({ type: 'turnStarted', at, turnId });

export const userSays = (turnId: string, text: string, at = 102, id = `${turnId}-in`): ThreadEntry => ({
  type: 'item',
  at,
  turnId,
  item: { type: 'userMessage', id, content: [{ type: 'text', text }] },
});

export const agentSays = (turnId: string, text: string, at = 103, id = `${turnId}-out`): ThreadEntry => ({
  type: 'item',
  at,
  turnId,
  item: { type: 'agentMessage', id, text },
});

export const turnCompleted = (turnId: string, at = 104, status: 'completed' | 'failed' = 'completed'): ThreadEntry => ({
  type: 'turnCompleted',
  at,
  turn: { id: turnId, status, error: null, startedAt: 101, completedAt: at, durationMs: 3_000 },
});

export const named = (name: string | null, at = 105): ThreadEntry => ({ type: 'named', at, name });

export const archived = (isArchived: boolean, at = 106): ThreadEntry => ({
  type: 'archived',
  at,
  archived: isArchived,
});

/** A turn in which something was asked and answered. */
export const wholeTurn = (turnId: string): readonly ThreadEntry[] => [
  turnStarted(turnId),
  userSays(turnId, `ask ${turnId}`),
  agentSays(turnId, `grüße ✓ ${turnId}`),
  turnCompleted(turnId),
];
