import { CodexNotFoundError, isCodexNotFoundError } from '../../../src/codex/index.js';

describe('CodexNotFoundError', () => {
  it('tells what to do, and where it looked, a line each', () => {
    const error = new CodexNotFoundError(['binary x: no such file', 'PATH: /bin']);
    expect(error.message.split('\n')).toEqual([
      'no codex program was found; install it with `npm install @openai/codex` or name it in `binary` or CODEX_BINARY. Looked at:',
      '  binary x: no such file',
      '  PATH: /bin',
    ]);
    expect(error).toMatchObject({ name: 'CodexNotFoundError', looked: ['binary x: no such file', 'PATH: /bin'] });
  });

  it('is recognised by its brand, and nothing else is', () => {
    expect(isCodexNotFoundError(new CodexNotFoundError([]))).toBe(true);
    for (const other of [new Error('x'), null, undefined, 'x']) expect(isCodexNotFoundError(other)).toBe(false);
  });
});
