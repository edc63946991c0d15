import { Console } from 'node:console';
import type { Readable, Writable } from 'node:stream';

import type { Wire } from '../../protocol/index.js';
import type { StreamOptions } from './stream-channel.js';
import { streamWire } from './stream-wire.js';

/** How a {@link stdioWire} reads and writes. */
export interface StdioWireOptions extends StreamOptions {
  /** Default `process.stdin`. */
  readonly stdin?: Readable;
  /** Default `process.stdout`. */
  readonly stdout?: Writable;
  /**
   * What `console.log` and its like do while the wire is open: a line of theirs in the middle of messages is garbage to the
   * client. `stderr`: they write there. `leave`: nothing is changed. Default `stderr`.
   */
  readonly console?: 'stderr' | 'leave';
}

const TO_STDOUT = ['log', 'info', 'debug', 'dir', 'dirxml', 'table'] as const;

/**
 * The server's own end of a pipe: messages come on stdin and go to stdout.
 *
 * The wire ends when stdin does: that is how a client says that it has gone. Everything `streamWire` says holds here too.
 *
 * **Use it when** your program is the one that is spawned. **Rather use** `spawnWire` on the other side.
 *
 * - On close: stdin and stdout are ended; nothing of the wire keeps the process alive.
 *
 * @example
 * ```ts
 * server.attach(stdioWire());
 * ```
 */
export function stdioWire(options: StdioWireOptions = {}): Wire {
  const { stdin = process.stdin, stdout = process.stdout, console: mode = 'stderr', ...rest } = options;
  const wire = streamWire({ readable: stdin, writable: stdout, ...rest });
  if (mode === 'stderr') wire.closed$.subscribe({ complete: toStderr() });
  return wire;
}

/** Lets the console write to stderr. Returns what takes it back. */
function toStderr(): () => void {
  const target = globalThis.console as unknown as Record<string, unknown>;
  const stderr = new Console(process.stderr) as unknown as Record<string, unknown>;
  const changed = TO_STDOUT.map((name) => ({ name, before: target[name], after: stderr[name] }));
  for (const { name, after } of changed) target[name] = after;
  return () => {
    // Whoever has changed it since keeps it.
    for (const { name, before, after } of changed) if (target[name] === after) target[name] = before;
  };
}
