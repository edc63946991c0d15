import { framesOf, isPortWord } from '../../src/transports/port-frame.js';

describe('framesOf', () => {
  it('finds the frames of a packet, and none in anything else', () => {
    expect(framesOf({ sluice: [1, ['ping']] })).toEqual([1, ['ping']]);
    expect(framesOf({ sluice: [] })).toEqual([]);
    for (const value of [undefined, null, 'sluice', [['ping']], {}, { sluice: {} }, { frames: [] }]) {
      expect(framesOf(value)).toBeUndefined();
    }
  });
});

describe('isPortWord', () => {
  it.each([
    [['hello', 'a', null, 1, 1]],
    [['hello', 'a', 'b', 1_024, Number.MAX_SAFE_INTEGER]],
    [['more']],
    [['taken', 3]],
    [['void']],
    [['ping']],
    [['pong']],
    [['close', 'shutdown', true]],
  ])('knows %j', (frame) => {
    expect(isPortWord(frame)).toBe(true);
  });

  it.each([
    [[]],
    [['sing']],
    [['hello']],
    [['hello', 1, null, 1, 1]],
    [['hello', 'a', 2, 1, 1]],
    [['hello', 'a', undefined, 1, 1]],
    [['hello', 'a', null, 0, 1]],
    // What Infinity is in JSON.
    [['hello', 'a', null, 1, null]],
    [['taken', '3']],
    [['taken', 1.5]],
    [['taken', -1]],
    [['close', 'shutdown']],
    [['close', 1, true]],
  ])('does not take %j for one', (frame) => {
    expect(isPortWord(frame)).toBe(false);
  });
});
