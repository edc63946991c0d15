import { ExitCode } from '../../src/cli/exit-code.js';
import { exitCodeLines } from '../../src/cli/exit-code-lines.js';

describe('the lines on exit codes', () => {
  it('explain every one', () => {
    for (const code of Object.values(ExitCode)) expect(exitCodeLines()).toMatch(new RegExp(`^ +${code}  \\w`, 'm'));
  });

  it('explain those that are asked for, in a column', () => {
    expect(exitCodeLines(['Success', 'Interrupted'])).toMatch(
      /^\nExit codes:\n {4}0 {2}it was done: .*\n {2}130 {2}interrupted by Ctrl-C$/,
    );
  });
});
