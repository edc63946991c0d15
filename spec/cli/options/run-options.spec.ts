import { RUN_DEFAULTS, type RunOptions } from '../../../src/cli/options/run-options.js';
import { parseArguments } from '../../../src/cli/parse-arguments.js';

function optionsOf(...args: readonly string[]): RunOptions {
  const task = parseArguments(args);
  if (task.type !== 'run') throw new Error(JSON.stringify(task));
  return task.options;
}

describe('the options of run', () => {
  it('may be left out', () => {
    expect(optionsOf()).toEqual({ ...RUN_DEFAULTS, yes: false });
    expect(optionsOf('run')).toEqual(optionsOf());
  });

  it('set what they name, joined by = or not', () => {
    expect(optionsOf('--yes', '--pace', '5', '--capacity=9', '--overflow', 'drop-all', '--conflate=7')).toEqual({
      ...RUN_DEFAULTS,
      yes: true,
      pace: 5,
      capacity: 9,
      overflow: 'drop-all',
      conflate: 7,
    });
    expect(optionsOf('-y', '--no-conflate', '--pace=0')).toMatchObject({ yes: true, conflate: undefined, pace: 0 });
  });

  it('are taken from the last of two that contradict each other', () => {
    expect(optionsOf('--conflate', '5', '--no-conflate').conflate).toBeUndefined();
    expect(optionsOf('--no-conflate', '--conflate', '5').conflate).toBe(5);
  });

  it('leave the command to the shell when it is one word, and pass several as they are', () => {
    expect(optionsOf('-y', '--', 'ls | wc -l').command).toBe('ls | wc -l');
    expect(optionsOf('--', 'printf', '%s\n', "it's").command).toBe(`printf '%s\n' 'it'\\''s'`);
  });

  it.each([
    [['--codex'], undefined],
    [['--codex-binary', '/opt/codex'], '/opt/codex'],
    [['--codex', '--codex-binary=codex'], 'codex'],
  ])('choose codex: %j', (args, binary) => {
    expect(optionsOf(...args, 'ls')).toEqual({
      ...RUN_DEFAULTS,
      command: 'ls',
      yes: false,
      codex: { type: 'codex', binary },
    });
  });

  it('end at the first word that is no option, with or without --', () => {
    const afterPace = optionsOf('--pace', '1', 'ls', '-l', '--yes', '--', '-h');
    expect(afterPace).toMatchObject({ command: 'ls -l --yes -- -h', pace: 1, yes: false });
    expect(optionsOf('--', '--yes')).toMatchObject({ command: '--yes', yes: false });
  });

  it.each([
    [['--pace', 'fast'], '--pace takes a whole number from 0, not "fast"'],
    [['--pace', '-5'], '--pace takes a whole number from 0, not "-5"'],
    [['--pace', '--yes'], '--pace takes a whole number from 0, not "--yes"'],
    [['--yes', '--', ' '], 'the command is empty'],
    [['--yes', '--', ''], 'the command is empty'],
    [['--capacity='], '--capacity takes a whole number from 1, not ""'],
    [['--conflate', '0'], '--conflate takes a whole number from 1, not "0"'],
    [['--overflow', 'latest'], '--overflow is one of drop-oldest, drop-newest, drop-all, error, not "latest"'],
  ])('are refused in one line: %j', (args, message) => {
    expect(parseArguments(args)).toEqual({ type: 'invalid', message });
  });

  it('have their defaults in the help', () => {
    const task = parseArguments(['run', '--help']);
    const text = task.type === 'told' ? task.text.replaceAll(/\s+/g, ' ') : '';
    for (const value of Object.values(RUN_DEFAULTS)) expect(text).toContain(`default: ${value}`);
  });
});
