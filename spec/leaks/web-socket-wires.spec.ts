import { firstValueFrom, lastValueFrom, type SchedulerAction, type Subscription, VirtualTimeScheduler } from 'rxjs';

import type { Wire } from '../../src/protocol/index.js';
import { webSocketWire, type WebSocketLike } from '../../src/transports/index.js';
import { connectWebSocket, listenWebSocket } from '../../src/websocket/index.js';
import { stillHeld, type Watch } from './still-held.js';

/** A socket that keeps nothing it is sent. */
class Socket implements WebSocketLike {
  readyState = 1;
  bufferedAmount = 0;
  private readonly listeners = new Map<string, (event: object) => void>();

  send(): void {
    // Nobody reads it.
  }

  close(): void {
    // Its peer does not answer.
  }

  addEventListener(type: string, listener: (event: object) => void): void {
    this.listeners.set(type, listener);
  }

  emit(type: string, event: object = {}): void {
    this.listeners.get(type)?.(event);
  }
}

/** A clock whose appointments are watched. */
class WatchedClock extends VirtualTimeScheduler {
  constructor(private readonly watch: Watch) {
    super();
  }

  override schedule<T>(work: (this: SchedulerAction<T>, state?: T) => void, delay?: number, state?: T): Subscription {
    return this.watch('appointment', super.schedule(work, delay, state));
  }
}

function listen(wire: Wire, watch: Watch): void {
  wire.inbound$.subscribe(watch('reader', { next: () => undefined }));
  wire.closed$.subscribe(watch('closed$', { next: () => undefined }));
  wire.writable$.subscribe(watch('writable$', { next: () => undefined }));
}

describe('section 5: a wire over a WebSocket', () => {
  it('holds nothing that it has read or sent', async () => {
    const found = await stillHeld((watch) => {
      const socket = new Socket();
      const wire = webSocketWire(socket);
      socket.emit('message', watch('event', { data: '{"method":"early"}' }));
      wire.inbound$.subscribe((message) => watch('message', message));
      socket.emit('message', watch('event', { data: '{"method":"late"}' }));
      wire.send(watch('sent', { method: 'sent', params: {} }));
      return [wire, socket];
    });
    expect(found).toEqual({});
  });

  it('holds no look at its full sink that is over, however long it stays full', async () => {
    const socket = new Socket();
    socket.bufferedAmount = Infinity;
    let wire: Wire | undefined;
    const found = await stillHeld((watch, round) => {
      if (round > 0) return;
      const clock = new WatchedClock(watch);
      wire = webSocketWire(socket, { scheduler: clock });
      wire.send({ method: 'fills it' });
      // Each look makes an appointment for the next.
      clock.maxFrames = 50 * 20;
      clock.flush();
      return [wire, clock];
    });
    expect(found).toEqual({});
    expect(wire?.send({ method: 'is full' })).toBe(false);
  });

  it('holds neither reader nor listeners once its socket has closed', async () => {
    const found = await stillHeld((watch) => {
      const socket = new Socket();
      const wire = webSocketWire(socket);
      listen(wire, watch);
      wire.close();
      socket.emit('close', watch('end', { code: 1_000, reason: '' }));
      return [wire, socket];
    });
    expect(found).toEqual({});
  });

  it('is not held by the clock on which its peer had to answer the close', async () => {
    const clock = new VirtualTimeScheduler();
    const found = await stillHeld((watch) => {
      const socket = watch('socket', new Socket());
      const wire = watch('wire', webSocketWire(socket, { scheduler: clock }));
      listen(wire, watch);
      wire.close();
      socket.emit('close');
      return clock;
    });
    expect(found).toEqual({});
  });
});

describe('section 5: a listener for WebSockets', () => {
  it('holds no client that has gone, and no end of it is held by a clock or a timer', async () => {
    const listener = listenWebSocket();
    const { url } = await firstValueFrom(listener.listening$);
    const found = await stillHeld(async (watch) => {
      const accepted = firstValueFrom(listener.wires$);
      const near = watch('near', connectWebSocket(url));
      const far = watch('far', await accepted);
      listen(near, watch);
      listen(far, watch);
      near.send({ method: 'x' });
      near.close();
      await Promise.all([lastValueFrom(near.closed$), lastValueFrom(far.closed$)]);
      // The end of a connection is told before the socket itself has gone.
      await new Promise((resolve) => setImmediate(resolve));
    });
    expect(found).toEqual({});
    listener.close();
  });

  it('holds nobody whom it has refused', async () => {
    const listener = listenWebSocket({ token: 'secret' });
    const { url } = await firstValueFrom(listener.listening$);
    listener.wires$.subscribe();
    const found = await stillHeld(async (watch) => {
      const wire = watch('wire', connectWebSocket(url, { token: 'wrong' }));
      listen(wire, watch);
      await lastValueFrom(wire.closed$);
    });
    expect(found).toEqual({});
    listener.close();
  });

  it('is held by nobody after its end, and holds, if kept, nobody who listened', async () => {
    const kept: unknown[] = [];
    const found = await stillHeld(async (watch, round) => {
      const listener = watch(round < 25 ? 'kept' : 'listener', listenWebSocket());
      if (round < 25) kept.push(listener);
      const { url } = await firstValueFrom(listener.listening$);
      const accepted = firstValueFrom(listener.wires$);
      listener.wires$.subscribe(watch('wires$', { next: () => undefined }));
      listener.listening$.subscribe(watch('listening$', { next: () => undefined }));
      listener.closed$.subscribe(watch('closed$', { next: () => undefined }));
      const near = connectWebSocket(url);
      watch('far', await accepted);
      listener.close();
      await lastValueFrom(near.closed$);
      await new Promise((resolve) => setImmediate(resolve));
    });
    expect(found).toEqual({ kept: kept.length });
  });
});
