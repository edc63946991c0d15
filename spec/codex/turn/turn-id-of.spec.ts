import { turnIdOf } from '../../../src/codex/turn/turn-id-of.js';

describe('turnIdOf', () => {
  it.each([
    [{ threadId: 't', turnId: '2' }, '2'],
    [{ threadId: 't', turn: { id: '2' } }, '2'],
    [{ threadId: 't' }, undefined],
    [{ turnId: null, turn: null }, undefined],
    [{ turnId: 2 }, undefined],
    ['text', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('of %j is %s', (params, id) => {
    expect(turnIdOf(params)).toBe(id);
  });
});
