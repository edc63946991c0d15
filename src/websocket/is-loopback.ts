import { BlockList, isIP } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether a host name or address, as it stands in a URL, is this machine and cannot be another. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1');
  const version = isIP(name);
  return version === 0 ? name.toLowerCase() === 'localhost' : LOOPBACK.check(name, version === 6 ? 'ipv6' : 'ipv4');
}
