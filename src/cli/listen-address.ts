import { UsageError } from './usage-error.js';

/** Where a server listens. */
export type ListenAddress =
  | { readonly type: 'stdio' }
  | { readonly type: 'tcp'; readonly host: string; readonly port: number }
  | { readonly type: 'unix'; readonly path: string };

/** One that clients connect to. */
export type SocketAddress = Exclude<ListenAddress, { readonly type: 'stdio' }>;

/** Reads what `--listen` was given. */
export function listenAddress(given: string): ListenAddress {
  if (given === 'stdio') return { type: 'stdio' };
  if (given.startsWith('unix:')) {
    const path = given.slice('unix:'.length);
    if (path === '') throw new UsageError('--listen unix: takes the path of a socket, as in unix:/tmp/my.sock');
    return { type: 'unix', path };
  }
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url?.protocol === 'wss:')
    throw new UsageError('--listen wss:// is not served here: put a proxy in front of ws://');
  if (url?.protocol !== 'ws:' || url.pathname !== '/' || url.search + url.hash + url.username + url.password !== '') {
    throw new UsageError(`--listen takes stdio, ws://HOST:PORT or unix:PATH, not "${given}"`);
  }
  // A URL forgets a port that is the scheme's own.
  const port = url.port === '' && /:80\/?$/.test(given) ? '80' : url.port;
  if (port === '') throw new UsageError(`--listen ${given} has no port; port 0 takes any that is free`);
  return { type: 'tcp', host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/** Whether only programs on this machine reach an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);
}
