import { sameToken } from '../../src/websocket/same-token.js';

describe('sameToken', () => {
  it('tells equal from unequal, of any length', () => {
    expect(sameToken('secret', 'secret')).toBe(true);
    for (const other of ['Secret', 'secre', 'secret!', '']) expect(sameToken('secret', other)).toBe(false);
  });
});
