import { isLoopback, listenAddress } from '../../src/cli/listen-address.js';

describe('the address to listen on', () => {
  it.each([
    ['stdio', { type: 'stdio' }],
    ['unix:/tmp/a.sock', { type: 'unix', path: '/tmp/a.sock' }],
    ['ws://127.0.0.1:0', { type: 'tcp', host: '127.0.0.1', port: 0 }],
    ['ws://127.0.0.1:4321/', { type: 'tcp', host: '127.0.0.1', port: 4321 }],
    ['ws://localhost:80', { type: 'tcp', host: 'localhost', port: 80 }],
    ['ws://[::1]:9', { type: 'tcp', host: '::1', port: 9 }],
  ])('is read from %s', (given, address) => {
    expect(listenAddress(given)).toEqual(address);
  });

  it.each([
    ['ws://127.0.0.1', 'has no port'],
    ['ws://[::1:80]', 'has no port'],
    ['wss://127.0.0.1:1', 'put a proxy in front'],
    ['unix:', 'takes the path of a socket'],
    ['http://127.0.0.1:1', 'takes stdio, ws://HOST:PORT or unix:PATH, not "http://127.0.0.1:1"'],
    ['ws://127.0.0.1:1/path', 'not "ws://127.0.0.1:1/path"'],
    ['ws://user:secret@127.0.0.1:1', 'takes stdio'],
    ['ws://127.0.0.1:1?x', 'takes stdio'],
    ['ws://127.0.0.1:99999', 'takes stdio'],
    ['127.0.0.1:80', 'takes stdio'],
    ['', 'takes stdio'],
  ])('is not "%s"', (given, complaint) => {
    expect(() => listenAddress(given)).toThrow(complaint);
  });

  it.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['127.0.0.1.example.org', false],
    ['::', false],
    ['192.168.1.2', false],
  ])('of host %s: loopback is %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});
