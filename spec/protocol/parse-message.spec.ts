import { parseMessage, tooLarge } from '../../src/protocol/parse-message.js';

describe('parseMessage (DESIGN 5: a malformed message is a diagnostic)', () => {
  it('reads a message', () => {
    expect(parseMessage('{"jsonrpc":"2.0","id":1,"result":"ä"}')).toEqual({
      jsonrpc: '2.0',
      id: 1,
      result: 'ä',
    });
  });

  it.each([
    ['{', /^not JSON: /],
    ['42', /^not a JSON-RPC message: a message is a JSON object/],
  ])('says why %s is none', (text, reason) => {
    const inbound = parseMessage(text);
    expect('malformed' in inbound && inbound.malformed.message).toMatch(reason);
  });
});

describe('tooLarge', () => {
  it('tells both sizes', () => {
    expect(tooLarge(100, 10)).toEqual({ malformed: new RangeError('a message of 100 bytes is over the limit of 10') });
  });
});
