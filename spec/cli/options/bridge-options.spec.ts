import { parseArguments } from '../../../src/cli/parse-arguments.js';

const listen = ['--listen', 'ws://127.0.0.1:0'];

describe('the options of bridge', () => {
  it('end where the program begins, with or without --', () => {
    const program = ['codex', 'app-server', '--listen', 'stdio', '--', '-c'];
    for (const args of [
      [...listen, '--token-file', 't', '--', ...program],
      [...listen, '--token-file=t', ...program],
    ]) {
      expect(parseArguments(['bridge', ...args])).toEqual({
        type: 'bridge',
        options: {
          listen: { type: 'tcp', host: '127.0.0.1', port: 0 },
          allowedOrigins: [],
          tokenFile: 't',
          program: 'codex',
          args: ['app-server', '--listen', 'stdio', '--', '-c'],
          maxClients: 16,
        },
      });
    }
  });

  it.each([
    [['codex'], "required option '--listen <where>' not specified"],
    [listen, "missing required argument 'program'"],
    [[...listen, ''], 'the program is empty'],
    [[...listen, '--max-clients', '0', 'codex'], '--max-clients takes a whole number from 1, not "0"'],
    [['--listen', 'stdio', 'codex'], '--listen takes ws://HOST:PORT or unix:PATH here'],
  ])('are refused in one line: %j', (args, message) => {
    expect(parseArguments(['bridge', ...args])).toEqual({ type: 'invalid', message });
  });
});
