import { CLI_DEFAULTS } from '../../src/cli/cli-options.js';
import { ExitCode } from '../../src/cli/exit-code.js';
import { helpText } from '../../src/cli/help-text.js';

describe('the help text', () => {
  it('names every option and its default', () => {
    for (const option of [
      '-y, --yes',
      '--pace',
      '--capacity',
      '--overflow',
      '--conflate',
      '--no-conflate',
      '-h, --help',
    ]) {
      expect(helpText).toContain(option);
    }
    for (const value of Object.values(CLI_DEFAULTS)) expect(helpText).toContain(`default: ${value}`);
  });

  it('lists every exit code', () => {
    for (const code of Object.values(ExitCode)) expect(helpText).toMatch(new RegExp(`^ +${code}  \\w`, 'm'));
  });

  it('fits into a terminal', () => {
    expect(helpText.split('\n').filter((line) => line.length > 120)).toEqual([]);
  });
});
