import { BEARER_PREFIX, bearerProtocols, SUBPROTOCOL } from '../../src/transports/index.js';

describe('bearerProtocols', () => {
  it.each(['secret', 'a/b+c=', 'ÿ~~~???>>>', ''])('carries %s in characters a subprotocol may have', (token) => {
    const [plain, carrier = ''] = bearerProtocols(token);
    expect(plain).toBe(SUBPROTOCOL);
    expect(carrier).toMatch(/^[A-Za-z0-9._-]+$/);
    expect(Buffer.from(carrier.slice(BEARER_PREFIX.length), 'base64url').toString('latin1')).toBe(token);
  });
});
