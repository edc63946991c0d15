import { DecodeError, ErrorCode, RpcError, TransportError, isOverloaded } from '../../src/protocol/index.js';
import { loadSecondCopy } from './second-copy.js';

describe('isOverloaded', () => {
  it.each([
    ['our own queue', new TransportError('full', 'the queue is full', 'm')],
    ["the server's queue", new RpcError(ErrorCode.Overloaded, 'Overloaded')],
    ['the queue of another copy', new (loadSecondCopy().TransportError)('full', 'a')],
  ])('C4: is true when %s was full', (_name, error) => {
    expect(isOverloaded(error)).toBe(true);
  });

  it.each([
    ['a closed connection', new TransportError('closed', 'gone')],
    ['a timeout', new TransportError('timeout', 'late')],
    ['another answer', new RpcError(ErrorCode.InternalError, 'Overloaded')],
    ['an answer that does not fit', new DecodeError('m', [], undefined)],
    ['an error that is only shaped like it', { code: ErrorCode.Overloaded, reason: 'full' }],
    ['nothing', undefined],
  ])('C4: is false for %s', (_name, error) => {
    expect(isOverloaded(error)).toBe(false);
  });
});
