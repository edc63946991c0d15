import { applyThreadEntry, type StoredThread, type ThreadEntry } from '../../../src/app-server/index.js';
import {
  agentSays,
  archived,
  named,
  summaryOf,
  turnCompleted,
  turnStarted,
  userSays,
  wholeTurn,
} from './thread-samples.js';

const empty: StoredThread = { summary: summaryOf('t'), turns: [] };
const apply = (...entries: readonly ThreadEntry[]): StoredThread => entries.reduce(applyThreadEntry, empty);

describe('applyThreadEntry', () => {
  it('makes turns of entries, with all their items', () => {
    const { summary, turns } = apply(...wholeTurn('a'), turnStarted('b', 120));
    expect(turns).toEqual([
      {
        id: 'a',
        items: [
          { type: 'userMessage', id: 'a-in', content: [{ type: 'text', text: 'ask a' }] },
          { type: 'agentMessage', id: 'a-out', text: 'grüße ✓ a' },
        ],
        itemsView: 'full',
        status: 'completed',
        error: null,
        startedAt: 101,
        completedAt: 104,
        durationMs: 3_000,
      },
      {
        id: 'b',
        items: [],
        itemsView: 'full',
        status: 'inProgress',
        error: null,
        startedAt: 120,
        completedAt: null,
        durationMs: null,
      },
    ]);
    expect(summary).toMatchObject({ preview: 'ask a', updatedAt: 120 });
  });

  it('puts an item in the place of the one with its id', () => {
    const { turns } = apply(
      userSays('a', 'hi'),
      agentSays('a', 'draft'),
      userSays('a', 'more', 104, 'm'),
      agentSays('a', 'final'),
    );
    expect(turns[0]?.items.map((item) => (item.type === 'agentMessage' ? item.text : item.id))).toEqual([
      'a-in',
      'final',
      'm',
    ]);
  });

  it('keeps the items of turns apart, also when a past turn gets one more', () => {
    const { turns } = apply(...wholeTurn('a'), ...wholeTurn('b'), agentSays('a', 'late', 200, 'late'));
    expect(turns.map(({ items }) => items.map(({ id }) => id))).toEqual([
      ['a-in', 'a-out', 'late'],
      ['b-in', 'b-out'],
    ]);
  });

  it('leaves a turn that never ended in progress', () => {
    expect(apply(turnStarted('a'), agentSays('a', 'x')).turns[0]?.status).toBe('inProgress');
  });

  it('brings a turn along whose beginning is missing', () => {
    expect(apply(agentSays('a', 'x')).turns).toMatchObject([{ id: 'a', status: 'inProgress', startedAt: null }]);
    expect(apply(turnCompleted('a', 104, 'failed')).turns).toMatchObject([{ id: 'a', status: 'failed', items: [] }]);
  });

  it('gives the same turn for an entry that comes twice', () => {
    const entries = wholeTurn('a');
    expect(apply(...entries, ...entries.slice(1))).toEqual(apply(...entries));
  });

  it('changes nothing of a thread it was given', () => {
    const before = apply(...wholeTurn('a'));
    const copy = structuredClone(before);
    for (const entry of [...wholeTurn('a'), ...wholeTurn('b'), named('n'), archived(true)]) {
      applyThreadEntry(before, entry);
    }
    expect(before).toEqual(copy);
  });

  it('leaves the turns alone for a name and an archive', () => {
    const before = apply(...wholeTurn('a'));
    const after = [named('n'), archived(true)].reduce(applyThreadEntry, before);
    expect(after.turns).toBe(before.turns);
    expect(after.summary).toMatchObject({ name: 'n', archived: true });
  });
});
