import { type AddressInfo, createServer, type Server } from 'node:net';

import { firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import { WebSocketServer } from 'ws';

import { connectWebSocket, listenWebSocket } from '../../src/websocket/index.js';

const urlOf = (address: AddressInfo | string | null): string =>
  `ws://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;

/** One that takes connections and says nothing. */
async function silentServer(): Promise<readonly [Server, string]> {
  const server = createServer((socket) => socket.on('error', () => undefined).resume());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return [server, urlOf(server.address())];
}

describe('connectWebSocket', () => {
  it.each(['ws://example.org', 'ws://192.168.0.1:80', 'ws://127.0.0.1.example'])(
    'does not tell a token to %s',
    (url) => {
      expect(() => connectWebSocket(url, { token: 'secret' })).toThrow(
        new TypeError('a token is told only over wss:, to this machine, or over a unix socket'),
      );
    },
  );

  it.each(['wss://localhost:1', 'ws://localhost:1', 'ws://[::1]:1', 'ws://127.0.0.1:1', 'ws+unix:/nowhere.sock'])(
    'tells it to %s, and says that it could not connect',
    async (url) => {
      const wire = connectWebSocket(url, { token: 'secret' });
      expect(wire.send({ method: 'waits' })).toBe(true);
      expect(await firstValueFrom(wire.closed$)).toMatchObject({
        reason: 'could not connect',
        orderly: false,
        error: expect.objectContaining({ message: expect.any(String) }),
      });
    },
  );

  it('refuses what is no URL', () => {
    expect(() => connectWebSocket('nowhere')).toThrow(SyntaxError);
  });

  it('closed before it is open, still delivers what was sent, and its reason', async () => {
    const listener = listenWebSocket();
    const { url } = await firstValueFrom(listener.listening$);
    const accepted = firstValueFrom(listener.wires$);
    const wire = connectWebSocket(url);
    wire.send({ method: 'last' });
    wire.close({ reason: 'enough', orderly: true });
    const other = await accepted;
    expect(await lastValueFrom(other.inbound$.pipe(toArray()))).toEqual([{ method: 'last' }]);
    expect(await firstValueFrom(other.closed$)).toEqual({ reason: 'enough', orderly: true });
    listener.close();
  });

  it('gives up an opening request that is not answered', async () => {
    const [silent, url] = await silentServer();
    const wire = connectWebSocket(url, { connectTimeout: 30 });
    expect(await firstValueFrom(wire.closed$)).toMatchObject({ reason: 'could not connect' });
    silent.close();
  });

  it('tells further headers, and finds out when the server is gone without a word', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', autoPong: false });
    await new Promise((resolve) => server.once('listening', resolve));
    const opened = new Promise((resolve) =>
      server.once('connection', (_socket, request) => resolve(request.headers['x-more'])),
    );
    const wire = connectWebSocket(urlOf(server.address()), { headers: { 'x-more': 'yes' }, heartbeat: 30 });
    expect(await opened).toBe('yes');
    expect(await firstValueFrom(wire.closed$)).toEqual({ reason: 'peer unresponsive', orderly: false });
    server.close();
  });

  it('a message over its limit ends the connection, and both sides read why', async () => {
    const listener = listenWebSocket();
    const accepted = firstValueFrom(listener.wires$);
    const { url } = await firstValueFrom(listener.listening$);
    const wire = connectWebSocket(url, { maxMessageBytes: 1_000 });
    const server = await accepted;
    wire.inbound$.subscribe();
    server.inbound$.subscribe();
    server.send({ method: 'x', params: 'x'.repeat(1_000) });
    const told = { reason: 'a message was over the limit', orderly: false };
    expect(await firstValueFrom(wire.closed$)).toEqual({ ...told, error: expect.any(RangeError) });
    expect(await firstValueFrom(server.closed$)).toEqual(told);
    listener.close();
  });

  it('can be closed where nobody answers', async () => {
    const wire = connectWebSocket('ws://127.0.0.1:1');
    wire.close({ reason: 'changed my mind', orderly: true });
    expect(await firstValueFrom(wire.closed$)).toEqual({ reason: 'changed my mind', orderly: true });
  });
});
