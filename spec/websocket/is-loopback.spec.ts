import { isLoopback } from '../../src/websocket/is-loopback.js';

describe('isLoopback', () => {
  it.each(['127.0.0.1', '127.1.2.3', '::1', '[::1]', 'localhost', 'LOCALHOST'])('%s is this machine', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each(['0.0.0.0', '::', '128.0.0.1', '192.168.0.1', 'localhost.example', '127.0.0.1.example', '', '[::2]'])(
    '%s is not, or need not be',
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );
});
