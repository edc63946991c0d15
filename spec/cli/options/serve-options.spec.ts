import { parseArguments } from '../../../src/cli/parse-arguments.js';

describe('the options of serve', () => {
  it('may be left out', () => {
    const options = { listen: { type: 'stdio' }, allowedOrigins: [], tokenFile: undefined, store: undefined };
    expect(parseArguments(['serve'])).toEqual({ type: 'serve', options });
  });

  it('say where to listen and where to keep threads', () => {
    expect(parseArguments(['serve', '--listen', 'unix:/tmp/a.sock', '--store', 'threads'])).toMatchObject({
      options: { listen: { type: 'unix', path: '/tmp/a.sock' }, store: 'threads' },
    });
  });

  it.each([
    [['--allow-origin', 'https://a.example'], '--allow-origin and --token-file go with --listen ws:// or unix:'],
    [['--token-file', 't'], '--allow-origin and --token-file go with --listen ws:// or unix:'],
    [['--store', ''], '--store takes a folder'],
    [['--listen', 'tcp://x'], '--listen takes stdio, ws://HOST:PORT or unix:PATH, not "tcp://x"'],
  ])('are refused in one line: %j', (args, message) => {
    expect(parseArguments(['serve', ...args])).toEqual({ type: 'invalid', message });
  });
});
