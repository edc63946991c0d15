import { firstValueFrom, lastValueFrom, toArray } from 'rxjs';

import { connectWebSocket, listenWebSocket } from '../../src/websocket/index.js';

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

  it('can be closed where nobody answers', async () => {
    const wire = connectWebSocket('ws://127.0.0.1:1');
    wire.close({ reason: 'changed my mind', orderly: true });
    expect(await firstValueFrom(wire.closed$)).toEqual({ reason: 'changed my mind', orderly: true });
  });
});
