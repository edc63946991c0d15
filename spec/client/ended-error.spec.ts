import { endedError } from '../../src/client/ended-error.js';
import { RpcError, TransportError } from '../../src/protocol/index.js';

describe('endedError', () => {
  describe('A3 names its method and keeps the cause', () => {
    it('of a connection that ended', () => {
      const cause = new Error('EPIPE');
      const error = endedError(new TransportError('closed', 'broken pipe', undefined, { cause }), 'turn/start');
      expect(error).toMatchObject({
        reason: 'closed',
        method: 'turn/start',
        message: 'turn/start: broken pipe',
        cause,
      });
    });

    it('of a connection that says nothing of a cause', () => {
      expect(endedError(undefined, 'turn/start')).toMatchObject({
        reason: 'closed',
        message: 'turn/start: the connection has ended',
      });
      expect('cause' in endedError(new TransportError('closed', 'gone'), 'turn/start')).toBe(false);
    });
  });

  it('H1 of a handshake that was refused has the words of the server', () => {
    const refusal = new RpcError(-32600, 'too old', { minimum: 2 });
    const error = endedError(refusal, 'turn/start');
    expect(error).toMatchObject({ code: -32600, message: 'too old', data: { minimum: 2 }, method: 'turn/start' });
    expect(error.cause).toBe(refusal);
  });
});
