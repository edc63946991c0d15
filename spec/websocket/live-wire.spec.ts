import { createHash } from 'node:crypto';
import { createServer } from 'node:net';

import { firstValueFrom, VirtualTimeScheduler } from 'rxjs';
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

  it('cuts the connection to it off, since it would not answer a close either', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const gone = new Promise((resolve) => {
      server.once('connection', (socket) => {
        socket.once('data', (request) => {
          const key = /sec-websocket-key: (.*)\r\n/i.exec(String(request))?.[1] ?? '';
          const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
          socket.write(
            `HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
          );
          socket.on('error', () => undefined).on('close', resolve);
        });
      });
    });
    const socket = new WebSocket(`ws://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`);
    liveWire(socket, { heartbeat: 30, closeTimeout: 1_000_000_000 });
    await gone;
    server.close();
  });

  it('pings no more once it has ended', async () => {
    const scheduler = new VirtualTimeScheduler();
    const wire = liveWire(new WebSocket('ws://127.0.0.1:1'), { scheduler });
    expect(scheduler.actions).toHaveLength(1);
    await firstValueFrom(wire.closed$);
    expect(scheduler.actions).toEqual([]);
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
