import { EventEmitter } from 'node:events';

import { asyncScheduler } from 'rxjs';
import type { WebSocket } from 'ws';

import { run } from '../../src/testing/index.js';
import { keepAlive } from '../../src/websocket/keep-alive.js';

class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  isPaused = false;
  pings = 0;

  ping(): void {
    this.pings += 1;
  }
}

function watch(
  times: (socket: FakeSocket, at: (frame: number, work: () => void) => void) => void,
  until = 95,
): unknown {
  const socket = new FakeSocket();
  let dead: number | undefined;
  run(() => {
    const at = (frame: number, work: () => void): void => {
      asyncScheduler.schedule(work, frame);
    };
    const pings = keepAlive(socket as unknown as WebSocket, 10, asyncScheduler, () => (dead = asyncScheduler.now()));
    times(socket, at);
    at(until, () => pings.unsubscribe());
  });
  return { dead, pings: socket.pings };
}

describe('keepAlive', () => {
  it('finds a peer that answers nothing from one ping to the next', () => {
    expect(watch(() => undefined)).toEqual({ dead: 20, pings: 1 });
  });

  it('takes an answer, or any message, as a sign of life', () => {
    expect(
      watch((socket, at) => {
        at(15, () => socket.emit('pong'));
        at(25, () => socket.emit('message'));
      }),
    ).toEqual({ dead: 40, pings: 3 });
  });

  it('finds nobody dead while reading is paused, and gives time for an answer afterwards', () => {
    expect(
      watch((socket, at) => {
        at(12, () => (socket.isPaused = true));
        at(42, () => (socket.isPaused = false));
      }),
    ).toEqual({ dead: 60, pings: 5 });
  });

  it('sends no ping before the socket is open, and none after the end', () => {
    expect(watch((socket) => (socket.readyState = 0), 15)).toEqual({ dead: undefined, pings: 0 });
  });
});
