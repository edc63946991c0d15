import { parseArguments } from '../../src/cli/parse-arguments.js';
import { VERSION } from '../../src/cli/version.js';

const textOf = (...args: readonly string[]): string => {
  const task = parseArguments(args);
  return task.type === 'told' ? task.text : '';
};

describe('the arguments', () => {
  it('mean run unless their first word names a command', () => {
    expect(parseArguments([]).type).toBe('run');
    expect(parseArguments(['--yes']).type).toBe('run');
    expect(parseArguments(['serve']).type).toBe('serve');
    expect(parseArguments(['exec', 'ls']).type).toBe('exec');
  });

  it.each([
    [['--', 'serve', 'x'], 'serve x'],
    [['--yes', 'exec', 'x'], 'exec x'],
    [['run', 'serve'], 'serve'],
    [['excute'], 'excute'],
  ])('name a command in the first place only: %j', (args, command) => {
    expect(parseArguments(args)).toMatchObject({ type: 'run', options: { command } });
  });

  it.each([['--help'], ['-h'], ['help']])('ask for help of the program: %s', (word) => {
    const text = textOf(word);
    expect(text).toMatch(/^Usage: rx-sluice /);
    for (const name of ['run', 'exec', 'serve', 'bridge', 'codegen'])
      expect(text).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(text).toContain('Exit codes:');
    // What npm start takes stands there too.
    expect(text).toContain('--overflow <how>');
  });

  it.each(['run', 'exec', 'serve', 'bridge', 'codegen'])('ask for help of %s', (name) => {
    const text = textOf(name, '--help');
    expect(text).toMatch(new RegExp(`^Usage: rx-sluice ${name} `));
    expect(text).toContain('Exit codes:');
    expect(textOf('help', name)).toBe(text);
    expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
  });

  it('ask for help, whatever else they say', () => {
    expect(textOf('--pace', 'x', '--faster', '-h')).toBe(textOf('run', '--help'));
  });

  it.each(['-V', '--version'])('ask for the version: %s', (word) => {
    expect(textOf(word)).toBe(`${VERSION}\n`);
  });

  it.each([
    [['--faster'], "unknown option '--faster'"],
    [['--paec', '5'], "unknown option '--paec' (Did you mean --pace?)"],
    [['--yes=no'], "unknown option '--yes=no' (Did you mean --yes?)"],
    [['--pace'], "option '--pace <ms>' argument missing"],
    [['exec'], "missing required argument 'input'"],
    [['exec', 'a', 'b'], "too many arguments for 'exec'. Expected 1 argument but got 2"],
    [['serve', 'x'], "too many arguments for 'serve'. Expected 0 arguments but got 1"],
    [['help', 'srve'], "unknown command 'srve'"],
    [['codegen'], "required option '--out <folder>' not specified"],
    [['--capacity', '0'], '--capacity takes a whole number from 1, not "0"'],
  ])('are refused in one line: %j', (args, message) => {
    expect(parseArguments(args)).toEqual({ type: 'invalid', message });
  });
});
