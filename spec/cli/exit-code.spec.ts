import { ExitCode } from '../../src/cli/exit-code.js';

describe('exit codes', () => {
  it('are all different and fit into a byte', () => {
    const codes = Object.values(ExitCode);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.every((code) => Number.isInteger(code) && code >= 0 && code < 256)).toBe(true);
  });
});
