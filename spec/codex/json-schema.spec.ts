import { wordsOf } from '../../src/codex/json-schema.js';

describe('wordsOf', () => {
  it('has the words of a schema, and none where there are none', () => {
    const schema = { type: 'string' };
    expect(wordsOf(schema)).toBe(schema);
    expect([wordsOf(true), wordsOf(false), wordsOf(undefined)]).toEqual([{}, {}, {}]);
  });
});
