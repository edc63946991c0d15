import { messageOf } from '../../src/protocol/message-of.js';

describe('messageOf', () => {
  it('is the message of an error', () => {
    expect(messageOf(new TypeError('no such thing'))).toBe('no such thing');
  });

  it('is the text of anything else', () => {
    expect([messageOf('broken'), messageOf(7), messageOf(undefined)]).toEqual(['broken', '7', 'undefined']);
  });

  it('is there for what has no text at all', () => {
    expect(messageOf(Object.create(null))).toBe('unknown error');
  });
});
