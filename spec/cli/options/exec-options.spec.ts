import type { ExecOptions } from '../../../src/cli/options/exec-options.js';
import { parseArguments } from '../../../src/cli/parse-arguments.js';

function optionsOf(...args: readonly string[]): ExecOptions {
  const task = parseArguments(['exec', ...args]);
  if (task.type !== 'exec') throw new Error(JSON.stringify(task));
  return task.options;
}

describe('the options of exec', () => {
  it('may be left out', () => {
    expect(optionsOf('ls -l | wc')).toEqual({ input: 'ls -l | wc', yes: false, json: false, server: { type: 'own' } });
  });

  it('may stand before and behind the input', () => {
    expect(optionsOf('-y', 'ls', '--json')).toMatchObject({ input: 'ls', yes: true, json: true });
    expect(optionsOf('--', '--json')).toMatchObject({ input: '--json', json: false });
  });

  it.each([
    [['--codex'], { type: 'codex', binary: undefined }],
    [['--codex-binary', '/opt/codex'], { type: 'codex', binary: '/opt/codex' }],
    [['--connect', 'ws://127.0.0.1:1'], { type: 'connect', url: 'ws://127.0.0.1:1', tokenFile: undefined }],
    [
      ['--connect', 'wss://a.example', '--token-file', 't'],
      { type: 'connect', url: 'wss://a.example', tokenFile: 't' },
    ],
    [['--connect', 'unix:/tmp/s'], { type: 'connect', url: 'unix:/tmp/s', tokenFile: undefined }],
  ])('choose the server: %j', (args, server) => {
    expect(optionsOf(...args, 'do it').server).toEqual(server);
  });

  it.each([
    [[''], 'the input is empty'],
    [['x', '--token-file', 't'], '--token-file goes with --connect'],
    [['x', '--codex', '--connect', 'ws://a:1'], '--connect and --codex exclude each other'],
    [['x', '--connect', 'http://a'], '--connect takes ws://HOST:PORT, wss://HOST or unix:PATH, not "http://a"'],
    [['x', '--connect', 'unix:'], '--connect takes ws://HOST:PORT, wss://HOST or unix:PATH, not "unix:"'],
  ])('are refused in one line: %j', (args, message) => {
    expect(parseArguments(['exec', ...args])).toEqual({ type: 'invalid', message });
  });
});
