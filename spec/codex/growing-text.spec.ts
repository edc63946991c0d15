import { type CodexDelta, growingText } from '../../src/codex/index.js';
import { defineContract, type ParamsOf } from '../../src/index.js';
import { type Equal, expectType } from '../protocol/expect-type.js';

const piece = { threadId: 't', turnId: 'u', itemId: 'i', delta: 'ab' };

describe('growingText', () => {
  const { conflate, delivery, scope } = growingText();

  it('may be lost, and belongs to its thread (E1)', () => {
    expect(delivery).toBe('best-effort');
    expect(scope?.(piece)).toBe('t');
  });

  it('has the type of a piece of text where none is named, in a contract too', () => {
    const contract = defineContract({ serverNotifications: { delta: growingText() } });
    expectType<Equal<ParamsOf<(typeof contract)['serverNotifications']['delta']>, CodexDelta>>();
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
