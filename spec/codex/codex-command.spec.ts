import { codexCommand } from '../../src/codex/codex-command.js';
import { CodexNotFoundError } from '../../src/codex/index.js';
import { install, scratch } from './binary/fake-package.js';

describe('codexCommand', () => {
  it('is the native program, with its settings and arguments', () => {
    expect(codexCommand({ binary: process.execPath, config: { model: 'm' }, args: ['--disable', 'plugins'] })).toEqual({
      command: process.execPath,
      args: ['app-server', '-c', 'model="m"', '--disable', 'plugins'],
    });
  });

  it('has an environment and a folder only where they are given', () => {
    const env = { CODEX_BINARY: process.execPath };
    expect(codexCommand({ env, cwd: '/' })).toEqual({ command: process.execPath, args: ['app-server'], env, cwd: '/' });
  });

  it('is never what lies in the folder codex is to work in', () => {
    const cwd = scratch();
    install(cwd);
    expect(() => codexCommand({ cwd, env: {} })).toThrow(CodexNotFoundError);
  });

  it('refuses a setting that cannot be told', () => {
    expect(() => codexCommand({ binary: process.execPath, config: { a: NaN, b: null as never } })).toThrow(TypeError);
  });
});
