import { LAGGED_METHOD } from '../../src/protocol/lagged-method.js';

describe('LAGGED_METHOD', () => {
  it('E7 is the same word at both ends of a wire, whatever version they have', () => {
    expect(LAGGED_METHOD).toBe('$/lagged');
  });
});
