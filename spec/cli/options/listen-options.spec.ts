import { listenOptions } from '../../../src/cli/options/listen-options.js';
import { parseArguments } from '../../../src/cli/parse-arguments.js';

describe('the options of those who listen', () => {
  it('may be left out', () => {
    expect(listenOptions({ listen: 'stdio' })).toEqual({
      listen: { type: 'stdio' },
      allowedOrigins: [],
      tokenFile: undefined,
    });
  });

  it('name any number of pages and the file with the token', () => {
    const args = ['serve', '--listen', 'ws://127.0.0.1:0', '--allow-origin', 'https://a.example'];
    expect(
      parseArguments([...args, '--allow-origin', 'vscode-webview://b1', '--token-file', '/run/token']),
    ).toMatchObject({
      options: { allowedOrigins: ['https://a.example', 'vscode-webview://b1'], tokenFile: '/run/token' },
    });
    // One set of arguments leaves nothing behind for the next.
    expect(parseArguments(args)).toMatchObject({ options: { allowedOrigins: ['https://a.example'] } });
  });

  it.each([
    '*',
    'a.example',
    'https://a.example/',
    'https://*.example',
    'https://a.example/path',
    'https://',
    'null',
    '',
  ])('take no origin that is none: "%s"', (origin) => {
    expect(() => listenOptions({ listen: 'stdio', allowOrigin: [origin] })).toThrow(
      `--allow-origin takes an origin such as https://example.org, not "${origin}"`,
    );
  });
});
