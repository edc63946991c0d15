import type { ThreadInput } from '../../src/thread-state/index.js';
import { isGrowth } from '../../src/thread-state/grow-item.js';
import {
  after,
  command,
  completed,
  message,
  numbered,
  printed,
  said,
  started,
  textOf,
  turnStarted,
} from './thread-events.js';

const thought = { type: 'reasoning', id: 'r', summary: [], content: [] };
const thinking = (kind: string, at: object): ThreadInput => ({
  type: 'unknown',
  method: `item/reasoning/${kind}`,
  params: { threadId: 't', turnId: 'u', itemId: 'r', ...at },
});
const open = after([turnStarted(), started(message('m')), started(command('c')), started(thought)]);

describe('text in pieces', () => {
  it('is appended to an open message and to the output of a command', () => {
    const state = after([said('m', 'Hel'), printed('c', 'a\n'), said('m', 'lo'), printed('c', 'b\n')], open);
    expect([textOf(state, 'm'), textOf(state, 'c')]).toEqual(['Hello', 'a\nb\n']);
  });

  it('grows the part of a thought that is meant', () => {
    const state = after(
      [
        thinking('summaryPartAdded', { summaryIndex: 0 }),
        thinking('summaryTextDelta', { summaryIndex: 0, delta: 'a' }),
        thinking('summaryPartAdded', { summaryIndex: 1 }),
        thinking('summaryTextDelta', { summaryIndex: 1, delta: 'b' }),
        thinking('summaryTextDelta', { summaryIndex: 0, delta: 'c' }),
        thinking('textDelta', { contentIndex: 0, delta: 'raw' }),
      ],
      open,
    );
    expect(state.items[2]?.item).toEqual({ ...thought, summary: ['ac', 'b'], content: ['raw'] });
    expect(after([thinking('summaryPartAdded', { summaryIndex: 1 })], state)).toBe(state);
  });

  it.each([2, -1, 0.5, '0', undefined, 1e9])(
    'that belongs to a part numbered %p, which has no beginning, is left out',
    (at) => {
      expect(after([thinking('summaryTextDelta', { summaryIndex: at, delta: 'x' })], after([], open))).toBe(open);
    },
  );

  it('is left out where its item is closed, unknown, or it is no text', () => {
    const closed = after([completed(message('m', 'all'))], open);
    expect(after([said('m', 'more')], closed)).toBe(closed);
    expect(after([said('nobody', 'x'), said('m', ''), said('m', 7 as never)], closed)).toBe(closed);
  });

  it('makes up for a member that is missing or of another kind', () => {
    const state = after(
      [started({ type: 'agentMessage', id: 'x' }), started({ type: 'plan', id: 'y', text: 4 })],
      open,
    );
    const plan: ThreadInput = {
      type: 'unknown',
      method: 'item/plan/delta',
      params: { threadId: 't', itemId: 'y', delta: '2' },
    };
    const grown = after([said('x', '1'), plan], state);
    expect([textOf(grown, 'x'), textOf(grown, 'y')]).toEqual(['1', '2']);
  });

  it('gives way to the text in the end of its item', () => {
    const state = after([said('m', 'Hxl'), completed(message('m', 'Hello'))], open);
    expect(textOf(state, 'm')).toBe('Hello');
  });
});

describe('pieces that were folded together on their way', () => {
  it('of different items may change places (E8)', () => {
    // m4 and m6 went on as one, in the place of the first; c5 came after it.
    const [m, c] = numbered([said('m', '46'), printed('c', '5')], 5);
    const state = after(
      [
        { ...m, seq: 6 },
        { ...c, seq: 5 },
      ] as ThreadInput[],
      open,
    );
    expect([textOf(state, 'm'), textOf(state, 'c')]).toEqual(['46', '5']);
  });

  it('of different kinds in one item may change places', () => {
    const state = after(
      [
        { ...thinking('summaryTextDelta', { summaryIndex: 0, delta: '46' }), seq: 6 },
        { ...thinking('textDelta', { contentIndex: 0, delta: '5' }), seq: 5 },
      ] as ThreadInput[],
      open,
    );
    expect(state.items[2]?.item).toEqual({ ...thought, summary: ['46'], content: ['5'] });
  });
});

it('isGrowth knows the events that add text', () => {
  expect(['item/agentMessage/delta', 'item/started', undefined].map(isGrowth)).toEqual([true, false, false]);
});
