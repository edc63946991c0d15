import { growingText } from '../../src/codex/index.js';

const piece = { threadId: 't', turnId: 'u', itemId: 'i', delta: 'ab' };

describe('growingText', () => {
  const { conflate, delivery, scope } = growingText();

  it('may be lost, and belongs to its thread (E1)', () => {
    expect(delivery).toBe('best-effort');
    expect(scope?.(piece)).toBe('t');
  });

  it('is folded with what is of the same text only, up to a bound (E3)', () => {
    const others = [{ threadId: 'T' }, { turnId: 'U' }, { itemId: 'I' }, { summaryIndex: 0 }, { contentIndex: 0 }];
    const keys = [piece, ...others.map((other) => ({ ...piece, ...other }))].map((params) => conflate?.key(params));
    expect(new Set(keys).size).toBe(6);
    expect(conflate?.key({ ...piece, delta: 'cd' })).toBe(keys[0]);
    expect(conflate?.merge?.(piece, { ...piece, delta: 'cd' })).toEqual({ ...piece, delta: 'abcd' });
    expect(conflate?.maxBytes).toBe(65_536);
  });
});
