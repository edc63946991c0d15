import { TransportError, isRpcError, isTransportError } from '../../src/protocol/index.js';
import { loadSecondCopy } from './second-copy.js';

describe('TransportError', () => {
  it('A3: says why no answer came, and names the method', () => {
    const cause = new Error('socket hang up');
    const error = new TransportError('closed', 'the connection has ended', 'turn/start', { cause });
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.reason, error.message, error.method, error.cause]).toEqual([
      'TransportError',
      'closed',
      'turn/start: the connection has ended',
      'turn/start',
      cause,
    ]);
  });

  it('names no method when a whole connection failed', () => {
    const error = new TransportError('protocol', 'the peer sent no JSON');
    expect([error.message, error.method]).toEqual(['the peer sent no JSON', undefined]);
    expect(error).not.toHaveProperty('cause');
  });
});

describe('isTransportError', () => {
  it('A3: recognises one of another copy of the package, which instanceof does not', () => {
    const foreign = new (loadSecondCopy().TransportError)('full', 'a');
    expect([foreign instanceof TransportError, isTransportError(foreign)]).toEqual([false, true]);
  });

  it('A3: tells it from other errors', () => {
    expect([isTransportError(new Error('a')), isRpcError(new TransportError('full', 'a'))]).toEqual([false, false]);
  });
});
