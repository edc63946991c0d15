import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { remoteServer } from '../../src/cli/remote-server.js';
import { fakeTerminal } from './fake-terminal.js';
import { fakeWorld } from './fake-world.js';

const folder = mkdtempSync(join(tmpdir(), 'rx-sluice-remote-'));
writeFileSync(join(folder, 'token'), 's3cret\n', { mode: 0o600 });

afterAll(() => rmSync(folder, { recursive: true }));

describe('a server elsewhere', () => {
  it.each([
    ['ws://127.0.0.1:1', undefined, { url: 'ws://127.0.0.1:1' }],
    ['wss://a.example', 'token', { url: 'wss://a.example', token: 's3cret' }],
    ['unix:a.sock', undefined, { url: `ws+unix:${folder}/a.sock` }],
    ['unix:/run/a.sock', undefined, { url: 'ws+unix:/run/a.sock' }],
  ])('at %s with token file %s is connected to', (url, tokenFile, asked) => {
    const world = fakeWorld({ terminal: { ...fakeTerminal(), cwd: folder } });
    remoteServer({ url, tokenFile }, world).subscribe((client) => {
      expect(client.contract.handshake?.request).toBe('initialize');
    });
    expect(world.asked).toEqual([asked]);
    expect(world.stdio.sent).toMatchObject([
      { method: 'initialize', params: { clientInfo: { name: 'rx-sluice-cli' } } },
    ]);
  });
});
