import { closedError } from '../../src/client/closed-error.js';
import { isTransportError } from '../../src/protocol/index.js';

describe('closedError', () => {
  it('is the reason as a TransportError, with what broke as its cause', () => {
    const broke = new Error('EPIPE');
    const error = closedError({ reason: 'broken pipe', orderly: false, error: broke });
    expect(isTransportError(error)).toBe(true);
    expect(error).toMatchObject({ reason: 'closed', message: 'broken pipe', cause: broke });
  });

  it('has no cause where nothing broke', () => {
    expect('cause' in closedError({ reason: 'shutdown', orderly: true })).toBe(false);
  });
});
