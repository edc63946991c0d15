import { fromCloseFrame, toCloseFrame } from '../../src/transports/close-code.js';

describe('toCloseFrame', () => {
  it('tells an orderly end and another one apart, by codes a page may send', () => {
    expect(toCloseFrame({ reason: 'shutdown', orderly: true })).toEqual({ code: 1_000, reason: 'shutdown' });
    expect(toCloseFrame({ reason: 'slow-consumer', orderly: false })).toEqual({ code: 4_000, reason: 'slow-consumer' });
  });

  it.each([
    ['a', 123],
    ['é', 61],
    ['…', 41],
    ['🙂', 30],
  ])('cuts a reason of %s to what a frame takes, in whole characters', (character, count) => {
    const { reason } = toCloseFrame({ reason: character.repeat(200), orderly: true });
    expect(reason).toBe(character.repeat(count));
    expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
  });
});

describe('fromCloseFrame', () => {
  it.each([
    [1_000, 'peer closed', true],
    [1_005, 'peer closed', true],
    [1_001, 'peer went away', true],
    [1_006, 'connection lost', false],
    [1_009, 'a message was over the limit', false],
    [1_011, 'closed with code 1011', false],
    [4_000, 'closed with code 4000', false],
  ])('%d without a reason is "%s"', (code, reason, orderly) => {
    expect(fromCloseFrame(code, '')).toEqual({ reason, orderly });
    expect(fromCloseFrame(code, 'its own')).toEqual({ reason: 'its own', orderly });
  });

  it.each([true, false])('reads what the other side wrote (orderly: %s)', (orderly) => {
    const { code, reason } = toCloseFrame({ reason: 'why', orderly });
    expect(fromCloseFrame(code, reason)).toEqual({ reason: 'why', orderly });
  });
});
