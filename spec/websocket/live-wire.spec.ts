import { createServer } from 'node:net';

import { firstValueFrom } from 'rxjs';
import { WebSocket, WebSocketServer } from 'ws';

import { liveWire } from '../../src/websocket/live-wire.js';

describe('liveWire', () => {
  it('finds a peer that is there and says nothing', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', autoPong: false });
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const socket = new WebSocket(`ws://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`);
    const wire = liveWire(socket, { heartbeat: 30 });
    expect(await firstValueFrom(wire.closed$)).toEqual({ reason: 'peer unresponsive', orderly: false });
    server.close();
  });

  it('gives up a handshake that is not answered', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `ws://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    const wire = liveWire(new WebSocket(url, { handshakeTimeout: 50 }), { heartbeat: 0 });
    expect(await firstValueFrom(wire.closed$)).toMatchObject({ reason: 'could not connect' });
    server.close();
  });
});
