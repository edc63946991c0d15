import { createServer as createTcpServer, connect as connectTcp, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';

import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';

import { connect, defineContract, notification, request, serverRequest, type, type Wire } from '../../../src/index.js';
import { type Framing, streamWire } from '../../../src/node/index.js';
import { createServer } from '../../../src/server/index.js';

const contract = defineContract({
  requests: { add: request({ params: type<number>(), result: type<number>() }) },
  serverRequests: { approve: serverRequest({ params: type<string>(), result: type<boolean>() }) },
  serverNotifications: { tick: notification({ params: type<number>() }) },
});

/** Both ends of a pipe each way. */
function pipes(options: { framing?: Framing; maxMessageBytes?: number; highWaterMark?: number } = {}): {
  client: Wire;
  server: Wire;
  toServer: PassThrough;
  toClient: PassThrough;
} {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  return {
    client: streamWire({ readable: toClient, writable: toServer, ...options }),
    server: streamWire({ readable: toServer, writable: toClient, ...options }),
    toServer,
    toClient,
  };
}

/** Two ends of a connection, as a real kernel buffers it. */
async function sockets(): Promise<readonly [Socket, Socket]> {
  const listener = createTcpServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const accepted = new Promise<Socket>((resolve) => listener.once('connection', resolve));
  const address = listener.address();
  const socket = connectTcp(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
  const pair = [socket, await accepted] as const;
  listener.close();
  return pair;
}

describe('streamWire', () => {
  it.each<Framing>(['lines', 'content-length'])('carries all three lanes, framed by %s', async (framing) => {
    const { client: clientWire, server: serverWire } = pipes({ framing });
    const server = createServer(contract, { add: (n) => n + 1 });
    const connection = server.attach(serverWire);
    const client = connect(clientWire, contract);
    client.handle('approve', (what) => what === 'ä…');
    const ticks = firstValueFrom(client.notifications('tick'));
    expect(await client.call('add', 1)).toBe(2);
    connection.notify('tick', 7);
    expect(await ticks).toBe(7);
    expect(await firstValueFrom(server.request(connection, 'approve', 'ä…'))).toBe(true);
    await lastValueFrom(client.shutdown());
    expect(await firstValueFrom(connection.closed$)).toEqual({ reason: 'peer closed', orderly: true });
    await lastValueFrom(server.shutdown());
  });

  it('D3: a socket that is reset ends the client with the error, and every request with it', async () => {
    const [near, far] = await sockets();
    const client = connect(streamWire({ readable: near, writable: near }), contract);
    const answers = [client.call('add', 1), client.call('add', 2)].map((answer) =>
      answer.catch((error: unknown) => error),
    );
    far.resume();
    far.resetAndDestroy();
    for (const answer of await Promise.all(answers)) expect(answer).toMatchObject({ reason: 'closed' });
    expect(await firstValueFrom(client.closed$)).toMatchObject({ reason: 'broken pipe', orderly: false });
  });

  it('DESIGN 5: garbage, a line over the limit and a cut last line are told; the connection goes on until its end', async () => {
    const { client: clientWire, toClient } = pipes({ maxMessageBytes: 1_000 });
    const client = connect(clientWire, contract);
    const found = lastValueFrom(client.diagnostics$.pipe(toArray()));
    const answer = client.call('add', 1);
    toClient.write(`garbage\n\n\r\n${'x'.repeat(5_000)}\n{"id":0,"result":2}\r\n`);
    expect(await answer).toBe(2);
    toClient.end('{"id":');
    expect(await firstValueFrom(client.closed$)).toEqual({ reason: 'peer closed', orderly: true });
    expect((await found).map((one) => ('error' in one ? String(one.error) : one.type))).toEqual([
      expect.stringContaining('not JSON'),
      'RangeError: a message of 5000 bytes is over the limit of 1000',
      expect.stringContaining('not JSON'),
    ]);
  });

  it('DESIGN 5: reads a message nested as deep as the limit allows, and refuses an answer too deep to be written', async () => {
    const { client, server: serverWire, toServer } = pipes();
    const server = createServer(defineContract({ requests: { echo: request({}) } }), { echo: (params) => params });
    server.attach(serverWire);
    const answers = lastValueFrom(client.inbound$.pipe(take(2), toArray()));
    const [open, close] = ['['.repeat(1_000_000), ']'.repeat(1_000_000)];
    toServer.write(`{"id":1,"method":"echo","params":${open}${close}}\n{"id":2,"method":"echo","params":7}\n`);
    expect(await answers).toEqual([
      { id: 1, error: { code: -32603, message: expect.stringMatching(/^cannot be sent: /) } },
      { id: 2, result: 7 },
    ]);
    await lastValueFrom(server.shutdown());
  });

  it('reads whatever subscribers do', async () => {
    const { server, toServer } = pipes();
    server.inbound$.subscribe();
    for (let n = 0; n < 50; n += 1) toServer.write(`{"method":"${'x'.repeat(10_000)}"}\n`);
    while (toServer.readableLength > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  it('E7: says that its sink is full, holds little more than the high-water mark, and says when there is room', async () => {
    const [near, far] = await sockets();
    const wire = streamWire({ readable: near, writable: near, highWaterMark: 10_000 });
    far.pause();
    const message = { method: 'tick', params: 'x'.repeat(1_000) };
    let isFull = false;
    // What the kernel takes is not held here.
    while (!isFull) {
      for (let n = 0; n < 5 && !isFull; n += 1) isFull = !wire.send(message);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(near.writableLength).toBeLessThan(12_000);
    const room = firstValueFrom(wire.writable$);
    far.resume();
    await room;
    expect(wire.send(message)).toBe(true);
    wire.close();
    far.destroy();
  });

  it('closes both streams when what was sent is out', async () => {
    const { client, server, toServer, toClient } = pipes();
    const read = lastValueFrom(server.inbound$.pipe(toArray()));
    client.inbound$.subscribe();
    client.send({ method: 'last' });
    client.close({ reason: 'enough', orderly: true });
    expect(client.send({ method: 'later' })).toBe(true);
    client.close({ reason: 'again', orderly: false });
    expect(await read).toEqual([{ method: 'last' }]);
    expect(await firstValueFrom(client.closed$)).toEqual({ reason: 'enough', orderly: true });
    while (!toServer.destroyed || !toClient.destroyed) await new Promise((resolve) => setImmediate(resolve));
  });

  it('leaves a stream that has taken all that was sent to who reads its other side', async () => {
    const { client, server } = pipes();
    const read = lastValueFrom(client.inbound$.pipe(toArray()));
    client.pause?.();
    for (let n = 0; n < 20; n += 1) server.send({ method: 'tick', params: 'x'.repeat(2_000) });
    server.close();
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    client.resume?.();
    expect(await read).toHaveLength(20);
    expect(await firstValueFrom(client.closed$)).toEqual({ reason: 'peer closed', orderly: true });
  });

  it('tells a stream that breaks before anybody reads', async () => {
    const { client, toClient } = pipes();
    toClient.destroy(new Error('gone'));
    expect(await firstValueFrom(client.closed$)).toMatchObject({ reason: 'broken pipe', orderly: false });
    let isComplete = false;
    client.inbound$.subscribe({ complete: () => (isComplete = true) });
    expect(isComplete).toBe(true);
  });
});
