import { execFileSync } from 'node:child_process';

import { shellLine } from '../../src/cli/shell-line.js';

describe('the line for the shell', () => {
  it('is the one word as it came', () => {
    expect(shellLine(['ls | wc -l'])).toBe('ls | wc -l');
  });

  it('quotes several words, so that the program gets what was given', () => {
    const words = ['%s\n', "it's", 'a b', '$HOME', '', '*', '`x`', '\\', '-n', 'plain'];
    expect(shellLine(['printf', ...words])).toContain(" 'it'\\''s' 'a b' '$HOME' '' ");
    const printed = execFileSync('/bin/sh', ['-c', shellLine(['printf', ...words])], { encoding: 'utf8' });
    expect(printed).toBe(
      words
        .slice(1)
        .map((word) => `${word}\n`)
        .join(''),
    );
  });

  it.each([[[]], [['']], [[' ', 'x']]])('refuses a command that is empty: %j', (words) => {
    expect(() => shellLine(words)).toThrow('the command is empty');
  });
});
