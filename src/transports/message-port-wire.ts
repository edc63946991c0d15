import { Observable, Subscription } from 'rxjs';

import type { Wire } from '../protocol/index.js';
import type { MessagePortLike } from './message-port-like.js';
import type { PostMessageWireOptions } from './post-message-port.js';
import { postMessageWire } from './post-message-wire.js';

/**
 * A wire over a `MessagePort`, a `Worker`, or what else has `postMessage` and tells of messages by events.
 *
 * It is a {@link postMessageWire}: with credit, a greeting and a heartbeat. The port stays yours: the wire starts it, and
 * listens to it until it ends, but does not close it.
 *
 * **Use it when** the port has events. **Rather use** {@link postMessageWire} where they have other names, or where somebody
 * else may post to you, and who it was has to be looked at first.
 *
 * - Ends with: `port closed`, or `peer exited with code 1` where that is told; `port failed` if a packet could not be read;
 *   and as {@link postMessageWire}.
 * - All else as {@link postMessageWire}.
 *
 * @example In a page; its worker does the same with self
 * ```ts
 * const worker = new Worker(new URL('./server.js', import.meta.url), { type: 'module' });
 * const client = connect(messagePortWire(worker), contract);
 * ```
 */
export function messagePortWire(port: MessagePortLike, options: PostMessageWireOptions = {}): Wire {
  return postMessageWire(
    {
      post: (value) => port.postMessage(value),
      listen: (receive) => {
        const listening = listen(port, 'message', (event) => receive(dataOf(event)));
        port.start?.();
        return () => listening.unsubscribe();
      },
      closed: new Observable<string>((reader) => {
        reader.add(listen(port, 'close', () => reader.next('port closed')));
        reader.add(listen(port, 'messageerror', (event) => reader.error(dataOf(event))));
        // Only these tell it; and the event of a page with this name would be another.
        if ('on' in port)
          reader.add(listen(port, 'exit', (code) => reader.next(`peer exited with code ${String(code)}`)));
      }),
    },
    options,
  );
}

function listen(port: MessagePortLike, type: string, listener: (event: unknown) => void): Subscription {
  if ('addEventListener' in port) {
    port.addEventListener(type, listener);
    return new Subscription(() => port.removeEventListener(type, listener));
  }
  port.on(type, listener);
  return new Subscription(() => port.off(type, listener));
}

/** An event has its value in `data`; Node passes the value itself. */
function dataOf(event: unknown): unknown {
  return typeof event === 'object' && event !== null && 'data' in event ? event.data : event;
}
