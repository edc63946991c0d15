import { ProgramError } from '../../src/cli/program-error.js';

describe('ProgramError', () => {
  it('says what kind it is of, and why', () => {
    const cause = new Error('EADDRINUSE');
    const error = new ProgramError(6, 'the port is taken', { cause });
    expect([error.exitCode, String(error), error.cause]).toEqual([6, 'ProgramError: the port is taken', cause]);
  });
});
