import { from, type ObservableInput, timer } from 'rxjs';

import { backOff, toWireSource, type WireSource } from '../client/index.js';
import type { CloseInfo, Wire } from '../protocol/index.js';

/** When another wire is tried, and how often. */
export interface ReconnectingOptions {
  /**
   * Milliseconds before the first attempt; doubled for each further one. Or a function of what ended the last wire and
   * the attempt's number, whose first value starts the attempt; if it completes without one, or errors, no more are made.
   * Default 250.
   */
  readonly delay?: number | ((lost: CloseInfo, attempt: number) => ObservableInput<unknown>);
  /** Milliseconds that no delay exceeds. Default 30,000. */
  readonly maxDelay?: number;
  /** Part of the delay that is random, from 0 to 1, so that clients do not come back together. Default 0.5. */
  readonly jitter?: number;
  /** Most attempts in a row; they are counted anew after a session that was open and heard from. Default Infinity. */
  readonly attempts?: number;
  /**
   * Milliseconds until the handshake must be answered: the pipe of a peer that has vanished may stay open for long.
   * Default 30,000.
   */
  readonly timeout?: number;
  /** A number from 0 to 1. Default `Math.random`. */
  readonly random?: () => number;
}

/**
 * Makes a client that connects again when its wire is lost. It stands in the place of a wire in `connect`.
 *
 * The client stays the same: its views, handlers and ids go on. What cannot go on is told: a request that was sent
 * errors with `TransportError('closed')` and is never sent again by itself; the views get a marker, `unknown`, where
 * events may be missing, before the first event of the new wire; an open question is settled as `closed`, and comes again
 * if the server asks it again. A request that was not sent yet waits for the next session, within its time limit.
 *
 * ```
 *  wires      1-----x       2--x     3----        x: lost
 *  state$     c-r---1-------2--------r----        connecting, ready, reconnecting(n)
 *  events$    ---ab-------------------(?c)-       ?: { type: 'lagged', skipped: 0, unknown: true }
 *  request    ----s-#   w---------------s-a|      sent and lost; made while there is no wire, it waits
 * ```
 *
 * **Use it when** the server goes on, or can be started again, without this client. **Rather use** a plain wire when the
 * end of the wire is the end of the work: a command line, a test.
 *
 * - Ends: on `shutdown()`, when the attempts are used up, when the server refuses the handshake, or when this client
 *   itself closes the connection (`slow-consumer`). A server that closes in order is connected to again.
 * - Defaults: those of a wire to another process, whatever the wires say.
 *
 * @example A socket, made anew after each loss
 * ```ts
 * const client = connect(reconnecting(() => wire, { attempts: 10 }), contract);
 * client.state$.subscribe((state) => render(state.type === 'reconnecting' ? `attempt ${state.attempt}` : state.type));
 * ```
 * @param connect Makes a new wire each time. A throw is a failed attempt, and so is a wire that ends before it is ready.
 * @see `resyncOnLag`, because it asks for the state that the gap may have changed.
 */
export function reconnecting(connect: () => Wire, options: ReconnectingOptions = {}): WireSource {
  const { delay = 250, maxDelay = 30_000, jitter = 0.5, attempts = Infinity, timeout = 30_000 } = options;
  const { random = Math.random } = options;
  return toWireSource({
    connect,
    attempts,
    timeout,
    due: (lost, attempt, scheduler) =>
      typeof delay === 'function'
        ? from(delay(lost, attempt))
        : timer(backOff({ delay, maxDelay, jitter, random }, attempt), scheduler),
  });
}
