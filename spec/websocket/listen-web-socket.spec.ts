import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { get } from 'node:http';
import { connect as connectTcp, createServer as createTcpServer, type Socket } from 'node:net';
import { join } from 'node:path';

import { firstValueFrom, lastValueFrom, map, take, toArray } from 'rxjs';
import { WebSocket } from 'ws';

import {
  connect,
  defineContract,
  isLagged,
  notification,
  request,
  serverRequest,
  type,
  type Wire,
} from '../../src/index.js';
import { createServer } from '../../src/server/index.js';
import { bearerProtocols, webSocketWire } from '../../src/transports/index.js';
import {
  connectWebSocket,
  listenWebSocket,
  type ListenWebSocketOptions,
  type WebSocketListener,
} from '../../src/websocket/index.js';
import { temporaryFolders } from '../node/thread-log/temporary-folder.js';

const newFolder = temporaryFolders();

const contract = defineContract({
  requests: {
    add: request({ params: type<number>(), result: type<number>() }),
    ask: request({ params: type<string>(), result: type<boolean>() }),
  },
  serverRequests: { approve: serverRequest({ params: type<string>(), result: type<boolean>() }) },
  serverNotifications: { tick: notification({ params: type<number>(), delivery: 'best-effort' }) },
});

const opened: WebSocketListener[] = [];
async function listen(options: ListenWebSocketOptions = {}): Promise<{ listener: WebSocketListener; url: string }> {
  const listener = listenWebSocket(options);
  opened.push(listener);
  const { url } = await firstValueFrom(listener.listening$);
  return { listener, url };
}
afterEach(() => {
  for (const listener of opened.splice(0)) listener.close();
});

function serve(listener: WebSocketListener): ReturnType<typeof newServer> {
  const server = newServer();
  listener.wires$.subscribe((wire) => server.attach(wire));
  return server;
}
const newServer = () =>
  createServer(contract, { add: (n) => n + 1, ask: (what, context) => context.request('approve', what) });

const statusOf = (url: string, protocols: readonly string[], headers: Record<string, string>): Promise<number> =>
  new Promise((resolve) => {
    const socket = new WebSocket(url, [...protocols], { headers });
    socket.on('open', () => {
      resolve(101);
      socket.close();
    });
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => {});
  });

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const UPGRADE = [
  'GET / HTTP/1.1',
  'Host: x',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  '\r\n',
].join('\r\n');

/** A client that writes this and never hangs up by itself. */
function rawClient(url: string, text: string): Socket {
  const socket = connectTcp({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true });
  if (text !== '') socket.write(text);
  return socket;
}

/** The subprotocol in the answer to an opening request that offers these. */
const protocolOf = (url: string, offered: readonly string[]): Promise<string | undefined> =>
  new Promise((resolve) => {
    const request = get(url.replace('ws:', 'http:'), {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        'sec-websocket-protocol': offered.join(', '),
      },
    });
    request.on('upgrade', ({ headers }, socket) => {
      socket.destroy();
      resolve(headers['sec-websocket-protocol']);
    });
  });

describe('listenWebSocket and connectWebSocket', () => {
  it('carry commands, questions and events for several clients', async () => {
    const { listener, url } = await listen();
    expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/);
    const server = serve(listener);
    const clients = [1, 2].map(() => connect(connectWebSocket(url), contract));
    for (const client of clients) {
      client.handle('approve', (what) => what === 'ä…🙂');
      expect(await client.call('add', 1)).toBe(2);
      expect(await client.call('ask', 'ä…🙂')).toBe(true);
    }
    const heard = clients.map((client) => lastValueFrom(client.notifications('tick').pipe(take(3), toArray())));
    for (let n = 0; n < 3; n += 1) server.broadcast('tick', n);
    expect(await Promise.all(heard)).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
    await lastValueFrom(server.shutdown());
    for (const client of clients) expect(await firstValueFrom(client.closed$)).toMatchObject({ orderly: true });
  });

  it('speak to a socket that is not ours through webSocketWire', async () => {
    const { listener, url } = await listen();
    serve(listener);
    const client = connect(webSocketWire(new WebSocket(url)), contract);
    expect(await client.call('add', 41)).toBe(42);
    await lastValueFrom(client.shutdown());
  });

  it('D3: tell each other why they end', async () => {
    const { listener, url } = await listen();
    const accepted = firstValueFrom(listener.wires$);
    const client = connectWebSocket(url);
    const server = await accepted;
    client.inbound$.subscribe();
    server.inbound$.subscribe();
    server.close({ reason: 'slow-consumer', orderly: false });
    expect(await firstValueFrom(client.closed$)).toEqual({ reason: 'slow-consumer', orderly: false });

    const again = firstValueFrom(listener.wires$);
    const second = connectWebSocket(url);
    second.inbound$.subscribe();
    const other = await again;
    other.inbound$.subscribe();
    second.close({ reason: 'enough', orderly: true });
    expect(await firstValueFrom(other.closed$)).toEqual({ reason: 'enough', orderly: true });
  });

  it('deliver what was sent last before the end', async () => {
    const { listener, url } = await listen();
    listener.wires$.subscribe((wire) => {
      for (let n = 0; n < 1_000; n += 1) wire.send({ method: 'n', params: n });
      wire.close();
    });
    expect(await lastValueFrom(connectWebSocket(url).inbound$.pipe(toArray()))).toHaveLength(1_000);
  });

  it('D3: a peer that is cut off ends the wire and every request on it', async () => {
    const { listener, url } = await listen();
    const accepted = firstValueFrom(listener.wires$);
    const socket = new WebSocket(url);
    const server = createServer(contract, { add: (n) => n, ask: (what, context) => context.request('approve', what) });
    const connection = server.attach(await accepted);
    const question = firstValueFrom(server.request(connection, 'approve', 'x')).catch((error: unknown) => error);
    await new Promise((resolve) => socket.once('message', resolve));
    socket.terminate();
    expect(await firstValueFrom(connection.closed$)).toMatchObject({ reason: 'connection lost', orderly: false });
    expect(await question).toMatchObject({ reason: 'closed' });
  });

  it('E7: a client that stops reading fills the sink, and hears what it has lost when it reads again', async () => {
    const { listener, url } = await listen({ highWaterMark: 10_000 });
    const server = createServer(
      {
        ...contract,
        requests: { ...contract.requests, hi: request({}) },
        handshake: { request: 'hi', capabilities: () => ({ lag: true }) },
      },
      { add: (n) => n, ask: () => true, hi: () => undefined },
    );
    const accepted = firstValueFrom(listener.wires$);
    const wire = connectWebSocket(url);
    const client = connect(wire, { ...contract, requests: { hi: request({}) }, handshake: { request: 'hi' } });
    const connection = server.attach(await accepted);
    await firstValueFrom(client.ready$);
    let received = 0;
    let skipped = 0;
    client.events$.subscribe((event) => (isLagged(event) ? (skipped += event.skipped) : (received += 1)));
    wire.pause?.();
    const text = 'x'.repeat(1_000);
    let sent = 0;
    while (server.stats().events.skipped < 1_000) {
      for (let n = 0; n < 100; n += 1) server.notify(connection, 'tick', text as unknown as number);
      sent += 100;
      await new Promise((resolve) => setImmediate(resolve));
    }
    wire.resume?.();
    while (received + skipped < sent) await new Promise((resolve) => setImmediate(resolve));
    expect([received + skipped, skipped >= 1_000]).toEqual([sent, true]);
  });
});

describe('listenWebSocket: what clients send', () => {
  const pair = async (options?: ListenWebSocketOptions): Promise<{ wire: Wire; socket: WebSocket }> => {
    const { listener, url } = await listen(options);
    const accepted = firstValueFrom(listener.wires$);
    const socket = new WebSocket(url);
    await new Promise((resolve) => socket.once('open', resolve));
    return { wire: await accepted, socket };
  };

  it('DESIGN 5: garbage and binary frames are told, and end nothing', async () => {
    const { wire, socket } = await pair();
    for (const frame of ['oops', Buffer.from([0xff]), '{"method":"a"}']) socket.send(frame);
    const read = await lastValueFrom(wire.inbound$.pipe(take(3), toArray()));
    expect(read.map((one) => ('malformed' in one ? one.malformed.message : one))).toEqual([
      expect.stringMatching(/^not JSON/),
      'a binary frame is no message',
      { method: 'a' },
    ]);
  });

  it('a message over the limit ends the connection before it is read, and both sides read why', async () => {
    const { wire, socket } = await pair({ maxMessageBytes: 1_000 });
    const client = webSocketWire(socket);
    wire.inbound$.subscribe();
    client.inbound$.subscribe();
    client.send({ method: 'x', params: 'x'.repeat(1_000) });
    const told = { reason: 'a message was over the limit', orderly: false };
    expect(await firstValueFrom(client.closed$)).toEqual(told);
    expect(await firstValueFrom(wire.closed$)).toEqual({ ...told, error: expect.any(RangeError) });
  });

  it('one that nobody reads waits in the connection, and is delivered to who comes late', async () => {
    const { wire, socket } = await pair();
    const text = JSON.stringify({ method: 'x', params: 'x'.repeat(100_000) });
    // More than a kernel holds: what was not read waits at the client.
    for (let n = 0; n < 500; n += 1) socket.send(text);
    for (let n = 0; n < 100; n += 1) await turn();
    expect(socket.bufferedAmount).toBeGreaterThan(1_000_000);
    expect(await lastValueFrom(wire.inbound$.pipe(take(500), toArray()))).toHaveLength(500);
  });
});

describe('listenWebSocket: who is let in', () => {
  it('upstream: refuses pages by their origin and anybody by a wrong token', async () => {
    const { listener, url } = await listen({ token: 'secret', allowedOrigins: ['https://app.example'] });
    const wires: Wire[] = [];
    listener.wires$.subscribe((wire) => wires.push(wire));
    expect(await statusOf(url, [], {})).toBe(401);
    expect(await statusOf(url, [], { authorization: 'Bearer wrong' })).toBe(401);
    expect(await statusOf(url, [], { authorization: 'Bearer secret', origin: 'https://evil.example' })).toBe(403);
    expect(wires).toEqual([]);
    expect(await statusOf(url, [], { authorization: 'Bearer secret' })).toBe(101);
    expect(await statusOf(url, bearerProtocols('secret'), { origin: 'https://app.example' })).toBe(101);
    expect(wires).toHaveLength(2);
  });

  it('tells a client that was refused, with the status', async () => {
    const { listener, url } = await listen({ token: 'secret' });
    serve(listener);
    const wire = connectWebSocket(url, { token: 'wrong' });
    expect(await firstValueFrom(wire.closed$)).toMatchObject({
      reason: 'could not connect',
      orderly: false,
      error: expect.objectContaining({ message: expect.stringContaining('401') }),
    });
    const right = connect(connectWebSocket(url, { token: 'secret' }), contract);
    expect(await right.call('add', 1)).toBe(2);
    await lastValueFrom(right.shutdown());
  });

  it.each([
    ['theirs first', [...bearerProtocols('secret')].reverse(), 'rx-sluice'],
    ['ours first', bearerProtocols('secret'), 'rx-sluice'],
    ['another', ['mqtt'], undefined],
  ])('never repeats a token as the subprotocol it agrees to: %s', async (_name, protocols, agreed) => {
    const { listener, url } = await listen();
    listener.wires$.subscribe();
    expect(await protocolOf(url, protocols)).toBe(agreed);
  });

  it('takes no more than so many', async () => {
    const { listener, url } = await listen({ maxConnections: 1 });
    const wires: Wire[] = [];
    listener.wires$.subscribe((wire) => wires.push(wire));
    expect(await statusOf(url, [], {})).toBe(101);
    const [wire] = wires;
    if (wire !== undefined) await firstValueFrom(wire.closed$);
    const second = connectWebSocket(url);
    while (wires.length < 2) await turn();
    expect(await statusOf(url, [], {})).toBe(503);
    second.close();
  });

  it('takes one at least, whatever it is told', async () => {
    const { listener, url } = await listen({ maxConnections: 0 });
    listener.wires$.subscribe();
    expect(await statusOf(url, [], {})).toBe(101);
  });

  it('refuses a client that nobody would take', async () => {
    const { url } = await listen();
    expect(await statusOf(url, [], {})).toBe(503);
  });

  it('cuts off who was refused and does not hang up', async () => {
    const { url } = await listen({ token: 'secret' });
    const socket = rawClient(url, UPGRADE);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.on('end', () => {
      // What is written to a connection that is gone breaks it; one that is half open would take it for ever.
      const knock = (): void => {
        if (!socket.destroyed) socket.write('x', () => setImmediate(knock));
      };
      knock();
    });
    socket.resume();
    await closed;
  });

  it('listens to other machines only with a token', () => {
    for (const host of ['0.0.0.0', '::', 'example.org']) {
      expect(() => listenWebSocket({ host })).toThrow(`listening on ${host} lets other machines in: give a token`);
    }
    const opening = listenWebSocket({ host: '0.0.0.0', unix: join(newFolder(), 'app.sock') });
    opened.push(opening);
    for (const token of ['', 'two words', 'tab\t']) {
      expect(() => listenWebSocket({ token })).toThrow('a token is made of visible characters');
    }
  });

  it('answers a plain request that this is a WebSocket server', async () => {
    const { url } = await listen();
    expect((await fetch(url.replace('ws:', 'http:'))).status).toBe(426);
  });
});

describe('listenWebSocket: where it listens', () => {
  it('a unix socket only this user can connect to, whose stale file is removed, and which goes with it', async () => {
    const unix = join(newFolder(), 'app.sock');
    const { listener, url } = await listen({ unix });
    expect(url).toBe(`ws+unix:${unix}`);
    expect(statSync(unix).mode & 0o777).toBe(0o600);
    serve(listener);
    const client = connect(connectWebSocket(url, { token: 'any' }), contract);
    expect(await client.call('add', 1)).toBe(2);
    const second = listenWebSocket({ unix });
    expect(await firstValueFrom(second.closed$)).toMatchObject({ orderly: false });
    listener.close('done');
    expect(await firstValueFrom(client.closed$)).toEqual({ reason: 'done', orderly: true });
    while (existsSync(unix)) await new Promise((resolve) => setImmediate(resolve));
  });

  it('has made it so from the first moment on, whatever the umask', () => {
    const unix = join(newFolder(), 'app.sock');
    const before = process.umask(0);
    try {
      opened.push(listenWebSocket({ unix }));
      // Nothing has had its turn yet.
      expect(statSync(unix).mode & 0o777).toBe(0o600);
      expect(process.umask(0)).toBe(0);
    } finally {
      process.umask(before);
    }
  });

  it('not at all if it is closed while it looks at what a dead server has left', async () => {
    const unix = join(newFolder(), 'app.sock');
    const script = `require('node:net').createServer().listen(${JSON.stringify(unix)}, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', script]);
    listenWebSocket({ unix }).close();
    while (existsSync(unix)) await turn();
    for (let n = 0; n < 20; n += 1) await turn();
    expect(existsSync(unix)).toBe(false);
  });

  it.each(['127.0.0.1', 'localhost'])('not at all if it is closed at once, at %s', async (host) => {
    const listener = listenWebSocket({ host });
    let url: unknown;
    listener.listening$.subscribe((found) => (url = found));
    listener.close();
    expect(await firstValueFrom(listener.closed$)).toEqual({ reason: 'server closed', orderly: true });
    expect(url).toBeUndefined();
  });

  it('no more once it is closed: who has not finished asking is cut off', async () => {
    const { listener, url } = await listen();
    const silent = rawClient(url, '');
    const half = rawClient(url, 'GET / HTTP/1.1\r\nHost: x\r\n');
    const cut = [silent, half].map(
      (socket) => new Promise((resolve) => socket.resume().on('error', resolve).on('end', resolve)),
    );
    for (const socket of [silent, half]) await new Promise((resolve) => socket.once('ready', resolve));
    // Answered later than both were accepted.
    await fetch(url.replace('ws:', 'http:'));
    listener.close();
    await Promise.all(cut);
  });

  it('says when it cannot listen', async () => {
    const taken = createTcpServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const listener = listenWebSocket({ port: typeof address === 'object' && address ? address.port : 0 });
    const ends = { wires: 0, listening: 0 };
    listener.wires$.subscribe({ complete: () => (ends.wires += 1) });
    listener.listening$.subscribe({ complete: () => (ends.listening += 1) });
    expect(await firstValueFrom(listener.closed$.pipe(map(({ reason }) => reason)))).toMatch(
      /^could not listen: .*EADDRINUSE/,
    );
    expect(ends).toEqual({ wires: 1, listening: 1 });
    taken.close();
  });
});
