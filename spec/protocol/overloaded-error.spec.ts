import { isOverloaded, overloadedError } from '../../src/protocol/index.js';

describe('overloadedError', () => {
  it('C4 says why, and that it may be tried again', () => {
    expect(overloadedError().toObject()).toEqual({
      code: -32001,
      message: 'Overloaded',
      data: { reason: 'overloaded', retryable: true },
    });
    expect(isOverloaded(overloadedError())).toBe(true);
  });
});
