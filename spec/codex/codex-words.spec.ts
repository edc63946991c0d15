import { codexWords } from '../../src/codex/index.js';

describe('codexWords', () => {
  const { handshake, legacy, resolved } = codexWords;

  it('read what a client can take from its handshake', () => {
    const read = (capabilities?: object): unknown => handshake.capabilities({ clientInfo: {}, capabilities });
    expect(read()).toEqual({ experimental: false, optOut: [] });
    expect(read({ experimentalApi: true, optOutNotificationMethods: ['thread/started'] })).toEqual({
      experimental: true,
      optOut: ['thread/started'],
    });
    expect(read({ lag: true })).toEqual({ experimental: false, optOut: [], lag: true });
  });

  it('read the version from its answer', () => {
    expect(handshake.version({ userAgent: 'demo/0.169.0 (x)' })).toBe('0.169.0');
    expect(handshake.version({})).toBeUndefined();
  });

  it('tell which question is settled, and read it back', () => {
    const params = resolved.params({ id: 0, method: 'm', params: { threadId: 't' } });
    expect(params).toEqual({ threadId: 't', requestId: 0 });
    expect(resolved.id(params)).toBe(0);
  });

  it('know the older events that may not be lost', () => {
    expect(legacy.lossless.every((name) => name.startsWith(legacy.prefix))).toBe(true);
  });
});
