import { toExitCode } from '../../src/node/to-exit-code.js';

describe('toExitCode', () => {
  it('is what the process said', () => expect(toExitCode({ code: 3, signal: null })).toBe(3));
  it('is 128 and the number of the signal that ended it', () => {
    expect(toExitCode({ code: null, signal: 'SIGKILL' })).toBe(137);
    expect(toExitCode({ code: null, signal: 'SIGTERM' })).toBe(143);
  });
  it('is 128 if nobody knows', () => expect(toExitCode({ code: null, signal: null })).toBe(128));
});
