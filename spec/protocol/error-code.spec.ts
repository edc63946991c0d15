import { ErrorCode } from '../../src/protocol/index.js';

describe('ErrorCode', () => {
  it('A3: lists the codes this library sends, as they stand on the wire', () => {
    expect(ErrorCode).toEqual({
      ParseError: -32700,
      InvalidRequest: -32600,
      MethodNotFound: -32601,
      InvalidParams: -32602,
      InternalError: -32603,
      Overloaded: -32001,
      RequestCancelled: -32800,
    });
  });
});
