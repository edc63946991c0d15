import { reduceThreadSummary } from '../../../src/app-server/store/reduce-thread-summary.js';
import type { ThreadEntry } from '../../../src/app-server/index.js';
import { agentSays, archived, named, summaryOf, turnCompleted, turnStarted, userSays } from './thread-samples.js';

const reduce = (...entries: readonly ThreadEntry[]): ReturnType<typeof summaryOf> =>
  entries.reduce(reduceThreadSummary, summaryOf('t'));

describe('reduceThreadSummary', () => {
  it('takes the preview from the first words of the user, and from those alone', () => {
    expect(reduce(turnStarted('a'), agentSays('a', 'hello')).preview).toBe('');
    expect(reduce(userSays('a', 'first'), userSays('b', 'second')).preview).toBe('first');
  });

  it('keeps looking for words while there are none, and takes 200 characters', () => {
    const picture: ThreadEntry = {
      type: 'item',
      at: 1,
      turnId: 'a',
      item: { type: 'userMessage', id: 'i', content: [{ type: 'image', text: 'not words' }] },
    };
    expect(reduce(picture, userSays('a', 'x'.repeat(201))).preview).toBe('x'.repeat(200));
  });

  it('joins what was said in pieces', () => {
    const content = ['one', 'two'].map((text) => ({ type: 'text', text }));
    expect(reduce({ type: 'item', at: 1, turnId: 'a', item: { type: 'userMessage', id: 'i', content } }).preview).toBe(
      'one\ntwo',
    );
  });

  it.each([turnStarted('a', 150), userSays('a', 'x', 150), turnCompleted('a', 150)])(
    'counts work as an update: $type',
    (entry) => expect(reduce(entry).updatedAt).toBe(150),
  );

  it.each([named('x', 150), archived(true, 150)])('counts housekeeping as none: $type', (entry) =>
    expect(reduce(entry).updatedAt).toBe(100),
  );

  it('never goes back in time', () => expect(reduce(turnStarted('a', 50)).updatedAt).toBe(100));

  it('takes name and archive as they were last set', () => {
    expect(reduce(named('x'), named('y'), archived(true))).toMatchObject({ name: 'y', archived: true });
    expect(reduce(named('x'), named(null), archived(true), archived(false))).toMatchObject({
      name: null,
      archived: false,
    });
  });

  it('returns the same object when nothing changes', () => {
    const summary = summaryOf('t', { preview: 'p' });
    for (const entry of [turnStarted('a', 100), named(null), archived(false)]) {
      expect(reduceThreadSummary(summary, entry)).toBe(summary);
    }
  });
});
