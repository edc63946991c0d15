import type { ThreadSummary, Turn } from '../../src/app-server/index.js';
import { toPastTurn, toStoredThread } from '../../src/app-server/to-stored-thread.js';

const summary: ThreadSummary = {
  id: 't',
  name: 'Groceries',
  preview: 'buy milk',
  cwd: '/w',
  source: 'cli',
  approvalPolicy: 'never',
  createdAt: 1,
  updatedAt: 2,
  archived: true,
};
const turn: Turn = {
  id: 'u',
  items: [],
  itemsView: 'full',
  status: 'inProgress',
  error: null,
  startedAt: 1,
  completedAt: null,
  durationMs: null,
};

describe('a stored thread', () => {
  it('is shown as one that is not loaded', () => {
    expect(toStoredThread(summary)).toEqual({
      id: 't',
      sessionId: 't',
      name: 'Groceries',
      preview: 'buy milk',
      ephemeral: false,
      createdAt: 1,
      updatedAt: 2,
      status: { type: 'notLoaded' },
      cwd: '/w',
      source: 'cli',
      turns: [],
    });
  });

  it('has no turn in progress: one that never ended was interrupted (U-R11.12)', () => {
    const failed: Turn = { ...turn, id: 'v', status: 'failed' };
    expect(toStoredThread(summary, [turn, failed]).turns).toEqual([{ ...turn, status: 'interrupted' }, failed]);
    expect(toPastTurn(failed)).toBe(failed);
  });
});
