import { UsageError } from '../../src/cli/usage-error.js';

describe('UsageError', () => {
  it('is an error with a name and a line', () => {
    expect(String(new UsageError('--pace is odd'))).toBe('UsageError: --pace is odd');
  });
});
