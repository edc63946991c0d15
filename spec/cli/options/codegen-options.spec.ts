import { parseArguments } from '../../../src/cli/parse-arguments.js';

describe('the options of codegen', () => {
  it('name the folder, and the codex unless it is to be found', () => {
    expect(parseArguments(['codegen', '--out', 'gen'])).toEqual({
      type: 'codegen',
      options: { binary: undefined, out: 'gen', experimental: false },
    });
    expect(parseArguments(['codegen', '--codex', '/opt/codex', '--out=gen', '--experimental'])).toMatchObject({
      options: { binary: '/opt/codex', experimental: true },
    });
  });

  it.each([
    [['--out', ''], '--out takes a folder'],
    [['--out', 'x', '--codex', ' '], '--codex takes the path of a program'],
    [['--codex', 'x'], "required option '--out <folder>' not specified"],
  ])('are refused in one line: %j', (args, message) => {
    expect(parseArguments(['codegen', ...args])).toEqual({ type: 'invalid', message });
  });
});
