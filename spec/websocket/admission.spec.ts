import { bearerProtocols } from '../../src/transports/index.js';
import { refusalOf } from '../../src/websocket/admission.js';

const page = 'https://app.example';

describe('refusalOf', () => {
  it('lets a program in, and no page, unless told otherwise', () => {
    expect(refusalOf({}, {})).toBeUndefined();
    for (const origin of [page, 'null', 'file://', '']) {
      expect(refusalOf({ origin }, {})).toEqual({ status: 403, text: 'Forbidden' });
    }
  });

  it('lets in pages of the origins on the list, compared exactly', () => {
    const rules = { allowedOrigins: [page] };
    expect(refusalOf({ origin: page }, rules)).toBeUndefined();
    for (const origin of [`${page}.evil.example`, 'http://app.example', `${page}:8443`, page.toUpperCase()]) {
      expect(refusalOf({ origin }, rules)?.status).toBe(403);
    }
  });

  it.each([
    ['a header', { authorization: 'Bearer secret' }],
    ['a header in other letters', { authorization: 'bearer   secret ' }],
    ['subprotocols', { 'sec-websocket-protocol': bearerProtocols('secret').join(', ') }],
  ])('lets in who knows the token, by %s', (_name, headers) => {
    expect(refusalOf(headers, { token: 'secret' })).toBeUndefined();
  });

  it.each([
    ['no token', {}],
    ['another', { authorization: 'Bearer other' }],
    ['part of it', { authorization: 'Bearer secre' }],
    ['another scheme', { authorization: 'Basic secret' }],
    ['two', { authorization: 'Bearer secret secret' }],
    ['another subprotocol', { 'sec-websocket-protocol': bearerProtocols('other').join(', ') }],
    ['it in no subprotocol', { 'sec-websocket-protocol': 'secret' }],
  ])('refuses who tells %s, without saying why', (_name, headers) => {
    expect(refusalOf(headers, { token: 'secret' })).toEqual({ status: 401, text: 'Unauthorized' });
  });

  it('wants the origin and the token of a page', () => {
    const rules = { allowedOrigins: [page], token: 'secret' };
    expect(refusalOf({ origin: page }, rules)?.status).toBe(401);
    expect(refusalOf({ authorization: 'Bearer secret', origin: 'https://evil.example' }, rules)?.status).toBe(403);
    expect(refusalOf({ authorization: 'Bearer secret', origin: page }, rules)).toBeUndefined();
  });
});
