import crypto from 'node:crypto';

import { sameToken } from '../../src/websocket/same-token.js';

describe('sameToken', () => {
  it('tells equal from unequal, of any length', () => {
    expect(sameToken('secret', 'secret')).toBe(true);
    for (const other of ['Secret', 'secre', 'secret!', '']) expect(sameToken('secret', other)).toBe(false);
  });

  it('compares what has one length, in constant time', () => {
    const compare = jest.spyOn(crypto, 'timingSafeEqual');
    for (const other of ['secret', 's', 'x'.repeat(10_000)]) sameToken('secret', other);
    const lengths = compare.mock.calls.map((compared) => compared.map(({ byteLength }) => byteLength));
    compare.mockRestore();
    expect(lengths).toEqual([
      [32, 32],
      [32, 32],
      [32, 32],
    ]);
  });
});
