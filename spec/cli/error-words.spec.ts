import { errorWords } from '../../src/cli/error-words.js';
import { RpcError, TransportError } from '../../src/protocol/index.js';

const lost = (cause?: unknown): TransportError =>
  new TransportError('closed', 'could not connect', 'thread/start', { cause });

describe('the words of an error', () => {
  it('tell what broke a wire', () => {
    expect(errorWords(lost(new Error('Unexpected server response: 401')))).toBe(
      'thread/start: could not connect: Unexpected server response: 401',
    );
  });

  it.each([[undefined], [new Error('')], [new Error('could not connect')], ['error']])(
    'tell it once, and only if there is something to tell: %p',
    (cause) => {
      expect(errorWords(lost(cause))).toBe('thread/start: could not connect');
    },
  );

  it('are those of any other error', () => {
    expect(errorWords(new RpcError(-32600, 'not today', undefined, { cause: new Error('x') }))).toBe('not today');
    expect(errorWords('text')).toBe('text');
  });
});
