import { invalidRequest } from '../../src/app-server/invalid-request.js';
import { isRpcError } from '../../src/protocol/index.js';

it('is an error the client sees as it is', () => {
  const error = invalidRequest('thread not found: 7');
  expect(isRpcError(error)).toBe(true);
  expect(error.toObject()).toEqual({ code: -32600, message: 'thread not found: 7' });
});
