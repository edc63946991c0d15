import { isPromiseLike } from '../../src/protocol/index.js';

describe('isPromiseLike', () => {
  it('C8 knows a promise and whatever else has a then', () => {
    expect([Promise.resolve(1), { then: () => undefined }].map(isPromiseLike)).toEqual([true, true]);
  });

  it('C8 takes everything else for a value', () => {
    const values = [undefined, null, 1, 'then', [], {}, { then: 1 }, (async function* () {})()];
    expect(values.some(isPromiseLike)).toBe(false);
  });
});
