import { DecodeError, isDecodeError, isRpcError } from '../../src/protocol/index.js';
import { loadSecondCopy } from './second-copy.js';

describe('DecodeError', () => {
  const issues = [
    { path: ['turn', 'items', 0], message: 'expected string' },
    { path: [], message: 'unrecognised' },
  ];

  it('A3: names the method and each place that differs', () => {
    const error = new DecodeError('turn/start', issues, { turn: {} });
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.method, error.issues, error.value]).toEqual([
      'DecodeError',
      'turn/start',
      issues,
      { turn: {} },
    ]);
    expect(error.message).toBe(
      'turn/start: the answer does not fit its schema: turn.items.0 expected string; (root) unrecognised',
    );
  });
});

describe('isDecodeError', () => {
  it('A3: recognises one of another copy of the package, which instanceof does not', () => {
    const foreign = new (loadSecondCopy().DecodeError)('m', [], undefined);
    expect([foreign instanceof DecodeError, isDecodeError(foreign)]).toEqual([false, true]);
  });

  it('A3: tells it from other errors', () => {
    expect([isDecodeError(new Error('a')), isRpcError(new DecodeError('m', [], undefined))]).toEqual([false, false]);
  });
});
