import { asyncScheduler, type SchedulerLike } from 'rxjs';
import type { WebSocket } from 'ws';

import type { Wire } from '../protocol/index.js';
import { webSocketWire } from '../transports/index.js';
import { keepAlive } from './keep-alive.js';
import type { LiveWireOptions } from './live-wire-options.js';

/** Milliseconds between two pings. */
const HEARTBEAT = 30_000;

/** A wire over a socket of `ws` that finds out when the peer is gone without a word. */
export function liveWire(socket: WebSocket, options: LiveWireOptions): Wire {
  const { heartbeat = HEARTBEAT } = options;
  const scheduler: SchedulerLike = options.scheduler ?? asyncScheduler;
  const wire = webSocketWire(socket, options);
  if (heartbeat > 0) {
    const pings = keepAlive(socket, heartbeat, scheduler, () => {
      wire.close({ reason: 'peer unresponsive', orderly: false });
      socket.terminate();
    });
    wire.closed$.subscribe({ complete: () => pings.unsubscribe() });
  }
  return wire;
}
