import type { Turn } from '../../src/app-server/index.js';
import { TurnHistory } from '../../src/app-server/turn-history.js';

const turnOf = (id: string, chars: number): Turn => ({
  id,
  items: [
    { type: 'userMessage', id: 'u', content: [{ type: 'text', text: 'a' }, { type: 'image' }] },
    { type: 'agentMessage', id: 'm', text: 'x'.repeat(chars - 3) },
    {
      type: 'commandExecution',
      id: 'c',
      command: 'b',
      cwd: '/',
      processId: null,
      status: 'completed',
      aggregatedOutput: 'c',
      exitCode: 0,
      durationMs: 0,
    },
  ],
  itemsView: 'full',
  status: 'completed',
  error: null,
  startedAt: 0,
  completedAt: 0,
  durationMs: 0,
});

const views = (history: TurnHistory): string[] => history.toTurns().map(({ id, itemsView }) => `${id} ${itemsView}`);

describe('TurnHistory', () => {
  it('keeps turns whole while they fit', () => {
    const history = new TurnHistory({ turns: 3, chars: 30 });
    for (const id of ['a', 'b', 'c']) history.add(turnOf(id, 10));
    expect(views(history)).toEqual(['a full', 'b full', 'c full']);
  });

  it('takes the items of the oldest turns when there is too much text', () => {
    const history = new TurnHistory({ turns: 9, chars: 25 });
    for (const id of ['a', 'b', 'c', 'd']) history.add(turnOf(id, 10));
    expect(views(history)).toEqual(['a notLoaded', 'b notLoaded', 'c full', 'd full']);
    expect(history.toTurns()[0]?.items).toEqual([]);
  });

  it('does not keep a turn that is too much by itself', () => {
    const history = new TurnHistory({ turns: 9, chars: 25 });
    history.add(turnOf('a', 26));
    history.add(turnOf('b', 10));
    expect(views(history)).toEqual(['a notLoaded', 'b full']);
  });

  it('forgets the oldest turns when there are too many', () => {
    const history = new TurnHistory({ turns: 2, chars: 25 });
    for (const id of ['a', 'b', 'c', 'd']) history.add(turnOf(id, 10));
    expect(views(history)).toEqual(['c full', 'd full']);
    for (const id of ['e', 'f', 'g']) history.add(turnOf(id, 20));
    expect(views(history)).toEqual(['f notLoaded', 'g full']);
  });
});
