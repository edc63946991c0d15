import { sessionHandlers } from '../../src/app-server/session-handlers.js';

describe('the handshake (H1)', () => {
  const initialize = (options: Parameters<typeof sessionHandlers>[0], name = 'spec'): unknown =>
    sessionHandlers(options).initialize({ clientInfo: { name, version: '2' } }, {} as never);

  it('tells who the server is and whom it heard', () => {
    expect(initialize({})).toEqual({
      userAgent: 'rx-sluice (spec; 2)',
      codexHome: '',
      platformFamily: 'unknown',
      platformOs: 'unknown',
    });
    expect(initialize({ userAgent: 'x/1', home: '/h', platform: { family: 'unix', os: 'linux' } })).toEqual({
      userAgent: 'x/1 (spec; 2)',
      codexHome: '/h',
      platformFamily: 'unix',
      platformOs: 'linux',
    });
  });

  it.each(['a\nb', 'a\u0000', 'naïve →'])('refuses the name %j, which cannot stand in a header (U-R2.5)', (name) => {
    expect(() => initialize({}, name)).toThrow('Must be a valid HTTP header value');
  });
});
