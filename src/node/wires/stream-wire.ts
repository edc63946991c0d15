import type { Readable, Writable } from 'node:stream';

import type { Wire } from '../../protocol/index.js';
import { StreamChannel, type StreamOptions } from './stream-channel.js';

/** The two streams of a {@link streamWire}, and how they are read and written. */
export interface StreamWireOptions extends StreamOptions {
  /** Where messages come from. It is destroyed when the wire has ended. */
  readonly readable: Readable;
  /** Where messages go. It is ended when the wire ends, and destroyed when it has taken what was sent. */
  readonly writable: Writable;
}

/**
 * A wire over any two streams of bytes: the pipes of ssh or docker, a socket, a pair of streams in a test.
 *
 * One JSON message a line, or behind a `Content-Length` header. Reading goes on whatever subscribers do, unless the
 * wire is paused; what one turn of the event loop sends is written together. Bytes that are no message arrive as
 * `{ malformed }` and end nothing.
 *
 * ```
 *  readable   {"id":1,…}\n   {"id":    2,…}\n   oops\n     |
 *  inbound$   1----------------------2----------!--------|
 * ```
 *
 * **Use it when** you have streams. **Rather use** `spawnWire` for a program you start, since it also ends it, and
 * `stdioWire` in that program.
 *
 * - Loses: nothing. A message over `maxMessageBytes` is skipped, and told.
 * - Backs up: above `highWaterMark` bytes that wait to be written, the sink is full.
 * - On close: what was sent is written, for at most `grace`; then both streams are destroyed.
 * - Ends with: `peer closed`, `broken pipe` (with the error), or what `close` was told; a stream carries no reason to the
 *   other side.
 *
 * @example
 * ```ts
 * const ssh = spawn('ssh', ['host', 'codex', 'app-server']);
 * const client = connect(streamWire({ readable: ssh.stdout, writable: ssh.stdin }), contract);
 * ```
 * @throws TypeError if the framing has no such name.
 */
export function streamWire({ readable, writable, ...options }: StreamWireOptions): Wire {
  const channel: StreamChannel = new StreamChannel(readable, writable, options, {
    ended: (info) => channel.finish(info),
    broken: (info) => channel.finish(info),
    flushed: () => {
      readable.destroy();
      // One that has taken everything ends by itself; who reads the other side of it may not have come that far.
      if (!writable.writableFinished) writable.destroy();
    },
  });
  return channel;
}
