import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Command as LibraryCommand, Option as LibraryOption } from 'commander';

import { Command, CommanderError, Option } from '../../src/cli/commander.js';

const folder = join(__dirname, '../../src');

describe('the argument library', () => {
  it('is handed on as it is', () => {
    expect(Command).toBe(LibraryCommand);
    expect(Option).toBe(LibraryOption);
    expect(new CommanderError(1, 'code', 'message')).toBeInstanceOf(Error);
  });

  it('is loaded by one file, into which the build puts it', () => {
    const loaders = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && readFileSync(join(folder, file), 'utf8').includes("from 'commander'"),
    );
    expect(loaders).toEqual([join('cli', 'commander.ts')]);
  });
});
