import { CLI_DEFAULTS, parseArguments, type CliOptions } from '../../src/cli/cli-options.js';

function optionsOf(...args: readonly string[]): CliOptions {
  const parsed = parseArguments(args);
  if (parsed.type !== 'run') throw new Error(`${parsed.type}: ${'message' in parsed ? parsed.message : ''}`);
  return parsed.options;
}

function complaintAbout(...args: readonly string[]): string {
  const parsed = parseArguments(args);
  return parsed.type === 'invalid' ? parsed.message : parsed.type;
}

describe('the arguments', () => {
  it('may be left out', () => {
    expect(optionsOf()).toEqual({ ...CLI_DEFAULTS, yes: false });
  });

  it('set what they name, joined by = or not', () => {
    expect(optionsOf('--yes', '--pace', '5', '--capacity=9', '--overflow', 'drop-all', '--conflate=7')).toEqual({
      ...CLI_DEFAULTS,
      yes: true,
      pace: 5,
      capacity: 9,
      overflow: 'drop-all',
      conflate: 7,
    });
    expect(optionsOf('-y', '--no-conflate', '--pace=0')).toMatchObject({ yes: true, conflate: undefined, pace: 0 });
  });

  it('leave the command to the shell when it is one word', () => {
    expect(optionsOf('-y', '--', 'ls | wc -l').command).toBe('ls | wc -l');
  });

  it('pass a command of several words as they are', () => {
    expect(optionsOf('--', 'printf', '%s\n', "it's", 'a b', '$HOME').command).toBe(
      `printf '%s\n' 'it'\\''s' 'a b' '$HOME'`,
    );
  });

  it('end at the first word that is no option, with or without --', () => {
    expect(optionsOf('--pace', '1', 'ls', '-l', '--yes')).toMatchObject({
      command: 'ls -l --yes',
      pace: 1,
      yes: false,
    });
    expect(optionsOf('--', '--yes')).toMatchObject({ command: '--yes', yes: false });
  });

  it('ask for help, whatever else they say', () => {
    expect(parseArguments(['--help'])).toEqual({ type: 'help' });
    expect(parseArguments(['--pace', 'x', '-h'])).toEqual({ type: 'help' });
  });

  it.each([
    [['--pace', 'fast'], '--pace takes a whole number from 0, not "fast"'],
    [['--pace', '1.5'], '--pace takes a whole number from 0, not "1.5"'],
    [['--pace', '99999999999'], '--pace takes a whole number from 0, not "99999999999"'],
    [['--pace', '-5'], '--pace takes a whole number from 0, not "-5"'],
    [['--yes', '--', ' '], 'the command is empty'],
    [['--capacity', '0'], '--capacity takes a whole number from 1, not "0"'],
    [['--capacity='], '--capacity takes a whole number from 1, not ""'],
    [['--conflate', '0'], '--conflate takes a whole number from 1, not "0"'],
    [['--conflate', '5', '--no-conflate'], '--conflate and --no-conflate exclude each other'],
    [['--overflow', 'latest'], '--overflow is one of drop-oldest, drop-newest, drop-all, error, not "latest"'],
    [['--faster'], "Unknown option '--faster'"],
    [['--yes=no'], "Option '-y, --yes' does not take an argument"],
  ] as const)('are refused in one line: %j', (args, complaint) => {
    expect(complaintAbout(...args)).toBe(complaint);
  });

  it.each(['--pace', '--overflow'])('are refused when %s has no value', (option) => {
    expect(complaintAbout(option)).toMatch(new RegExp(`^Option '${option} <value>' argument missing$`));
    expect(complaintAbout(option, '--yes')).toMatch(new RegExp(`^Option '${option}' argument is ambiguous$`));
  });
});
