import { join } from 'node:path';

import { firstValueFrom } from 'rxjs';

import { socketAddress, socketWire } from '../../../src/codex/socket/socket-wire.js';
import { listenWebSocket } from '../../../src/websocket/index.js';
import { scratch } from '../binary/fake-package.js';

describe('socketAddress', () => {
  it.each([
    ['ws://127.0.0.1:4500', 'ws://127.0.0.1:4500'],
    ['wss://example.org/codex', 'wss://example.org/codex'],
    ['unix:/run/codex.sock', 'ws+unix:/run/codex.sock'],
    ['unix:///run/codex.sock', 'ws+unix:/run/codex.sock'],
    ['ws+unix:/run/codex.sock', 'ws+unix:/run/codex.sock'],
  ])('puts %s as %s', (url, address) => {
    expect(socketAddress(url)).toBe(address);
  });

  it.each(['http://127.0.0.1', 'unix:relative', 'ws:', 'nowhere', ''])('refuses "%s"', (url) => {
    expect(() => socketAddress(url)).toThrow(new TypeError(`url: "${url}" is none of ws://…, wss://… and unix:/…`));
  });
});

describe('socketWire', () => {
  it.each(['tcp', 'unix'])('leads to what listens: %s', async (kind) => {
    const unix = join(scratch(), 's.sock');
    const listener = listenWebSocket(kind === 'unix' ? { unix } : { token: 'secret' });
    const { url } = await firstValueFrom(listener.listening$);
    const accepted = firstValueFrom(listener.wires$);
    const wire = socketWire(socketAddress(kind === 'unix' ? `unix:${unix}` : url), { token: 'secret' });
    expect(wire.send({ method: 'first' })).toBe(false);
    const other = await accepted;
    expect(await firstValueFrom(other.inbound$)).toEqual({ method: 'first' });
    const heard = firstValueFrom(wire.inbound$);
    other.send({ method: 'second' });
    expect(await heard).toEqual({ method: 'second' });
    listener.close('over');
    expect(await firstValueFrom(wire.closed$)).toEqual({ reason: 'over', orderly: true });
  });

  it('says so when a token would travel unprotected', async () => {
    const wire = socketWire('ws://example.org', { token: 'secret' });
    expect(await firstValueFrom(wire.closed$)).toMatchObject({
      reason: 'a token is told only over wss:, to this machine, or over a unix socket',
      orderly: false,
    });
  });

  describe('without the package ws', () => {
    const load = jest.fn();

    beforeEach(() => {
      jest.doMock('../../../src/websocket/index.js', load);
    });
    afterEach(() => {
      jest.dontMock('../../../src/websocket/index.js');
    });

    it.each(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'])('says what to install: %s', async (code) => {
      const cause = Object.assign(new Error("Cannot find package 'ws'"), { code });
      expect(await closedWithout(cause)).toMatchObject({
        reason: 'sockets need the package ws: npm install ws',
        orderly: false,
        error: expect.objectContaining({ cause }),
      });
    });

    it('passes on whatever else keeps it from being loaded', async () => {
      const cause = new SyntaxError('half a file');
      expect(await closedWithout(cause)).toEqual({ reason: 'half a file', orderly: false, error: cause });
    });

    async function closedWithout(cause: Error): Promise<unknown> {
      load.mockImplementation(() => {
        throw cause;
      });
      let closed: Promise<unknown> = Promise.resolve();
      await jest.isolateModulesAsync(async () => {
        const { socketWire: isolated } = await import('../../../src/codex/socket/socket-wire.js');
        closed = firstValueFrom(isolated('ws://127.0.0.1:1', {}).closed$);
        await closed;
      });
      return closed;
    }
  });
});
