import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { SocketAddress } from '../../src/cli/listen-address.js';
import { isProtected, openListener } from '../../src/cli/open-listener.js';
import { ProgramError } from '../../src/cli/program-error.js';
import { fakeTerminal } from './fake-terminal.js';
import { fakeWorld } from './fake-world.js';

const folder = mkdtempSync(join(tmpdir(), 'rx-sluice-listener-'));
const tokenFile = join(folder, 'token');
writeFileSync(tokenFile, 's3cret\n', { mode: 0o600 });

afterAll(() => rmSync(folder, { recursive: true }));

const tcp = (host: string): SocketAddress => ({ type: 'tcp', host, port: 0 });
const open = { allowedOrigins: [], tokenFile: undefined };
const page = { allowedOrigins: ['https://a.example'], tokenFile: undefined };

describe('opening a listener', () => {
  it('hands on where, and who may connect', () => {
    const world = fakeWorld();
    openListener(tcp('0.0.0.0'), { ...page, tokenFile }, world, 8).subscribe();
    expect(world.asked).toEqual([
      { host: '0.0.0.0', port: 0, allowedOrigins: ['https://a.example'], token: 's3cret', maxConnections: 8 },
    ]);
  });

  it('finds files below the folder the program was started in', () => {
    const world = fakeWorld({ terminal: { ...fakeTerminal(), cwd: folder } });
    openListener({ type: 'unix', path: 'a.sock' }, { ...open, tokenFile: 'token' }, world).subscribe();
    expect(world.asked).toEqual([{ unix: join(folder, 'a.sock'), allowedOrigins: [], token: 's3cret' }]);
  });

  it.each(['0.0.0.0', '::', '192.168.1.2', 'example.org'])('beyond this machine takes a token: %s', (host) => {
    const world = fakeWorld();
    const errors: unknown[] = [];
    openListener(tcp(host), page, world).subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors).toEqual([new ProgramError(7, `${host} is reached from other machines: that takes --token-file`)]);
    expect(world.asked).toEqual([]);
  });

  it.each([tcp('127.0.0.1'), tcp('localhost'), tcp('::1'), { type: 'unix', path: '/tmp/a.sock' } as const])(
    'on this machine takes none: %j',
    (address) => {
      const world = fakeWorld();
      openListener(address, open, world).subscribe();
      expect(world.asked).toHaveLength(1);
    },
  );
});

describe('a listener', () => {
  it.each([
    [tcp('127.0.0.1'), open, false],
    [tcp('127.0.0.1'), page, true],
    [tcp('127.0.0.1'), { ...open, tokenFile }, true],
    [{ type: 'unix', path: '/tmp/a.sock' } as const, open, true],
  ])('at %j with %j: protected is %s', (address, protection, expected) => {
    expect(isProtected(address, protection)).toBe(expected);
  });
});
