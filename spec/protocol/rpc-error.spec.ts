import { RpcError, isRpcError, isTransportError } from '../../src/protocol/index.js';
import { loadSecondCopy } from './second-copy.js';

describe('RpcError', () => {
  it('A3: has what the peer said, and names its method', () => {
    const error = RpcError.from({ code: -32602, message: 'bad', data: { issues: [] } }, 'turn/start');
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.code, error.message, error.data, error.method]).toEqual([
      'RpcError',
      -32602,
      'bad',
      { issues: [] },
      'turn/start',
    ]);
  });

  it('A3: keeps its cause, whatever that is', () => {
    expect(new RpcError(1, 'a', undefined, { cause: undefined })).toHaveProperty('cause', undefined);
    expect(new RpcError(1, 'a', undefined, { cause: 'why' }).cause).toBe('why');
    expect(new RpcError(1, 'a', undefined, { method: 'm' })).not.toHaveProperty('cause');
  });

  it('has no method when a handler makes it', () => {
    expect(Object.hasOwn(new RpcError(1, 'a'), 'method')).toBe(false);
  });

  it('becomes the error member of a response, without data when there is none', () => {
    expect(new RpcError(-1, 'no', null).toObject()).toEqual({ code: -1, message: 'no', data: null });
    expect(Object.keys(new RpcError(-1, 'no').toObject())).toEqual(['code', 'message']);
  });

  it('passes through a response and back', () => {
    const object = { code: 7, message: 'seven', data: [7] };
    expect(RpcError.from(object, 'm').toObject()).toEqual(object);
  });

  it('does not show its brand when it is listed or printed', () => {
    const brand = Symbol.for('rx-sluice.RpcError');
    expect(Object.getOwnPropertyDescriptor(new RpcError(1, 'a'), brand)).toMatchObject({ enumerable: false });
  });
});

describe('isRpcError', () => {
  it('A3: recognises one of another copy of the package, which instanceof does not', () => {
    const foreign = new (loadSecondCopy().RpcError)(1, 'a');
    expect([foreign instanceof RpcError, isRpcError(foreign)]).toEqual([false, true]);
  });

  it('A3: tells it from other errors', () => {
    expect([isRpcError(new Error('a')), isRpcError(undefined), isTransportError(new RpcError(1, 'a'))]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
