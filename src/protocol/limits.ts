import { atLeastOne } from './at-least-one.js';

/** The bounds of one connection. Each is a count unless said otherwise; 0 becomes 1. */
export interface Limits {
  /**
   * Requests that wait: at the client for a place on the wire, at the server to be started. Default 128, at a
   * client whose server is elsewhere 16,384.
   */
  readonly requests: number;
  /** Client: requests on the wire without an answer. Default 64, in process unlimited. */
  readonly inFlight: number;
  /** Server: handlers that run at the same time. Default unlimited. */
  readonly concurrency: number;
  /** Best-effort events that wait. Default 128. */
  readonly events: number;
  /** Lossless events that wait. One more closes the connection, once somebody listens. Default 16 x `events`. */
  readonly losslessEvents: number;
  /** Bytes of the lossless events that wait, estimated. More closes the connection. Default 64 MiB. */
  readonly bytes: number;
  /** Server requests that are open at a client. One more is refused. Default 128. */
  readonly serverRequests: number;
  /** Server: answers that wait for a full sink. More pause the wire's input. Default 128. */
  readonly unsentAnswers: number;
}

/** Limits as an application gives them: any of them, and `capacity` for the three that shape a queue. */
export interface LimitOptions {
  readonly limits?: Partial<Limits> | undefined;
  /** Shorthand for `requests`, `events` and `serverRequests`. Default 128. */
  readonly capacity?: number | undefined;
}

/** Requests that may wait at a client whose server is another process: they cost memory here only. */
const REMOTE_WAITING = 16_384;
/** Requests a client puts on the wire of another process: below the point where known servers refuse or forget. */
const REMOTE_IN_FLIGHT = 64;

/** Fills in the defaults, which differ where both ends share one process. */
export function resolveLimits(
  { limits = {}, capacity }: LimitOptions,
  end: 'client' | 'server',
  local: boolean,
): Limits {
  const waitingRequests = end === 'client' && !local ? REMOTE_WAITING : 128;
  const events = atLeastOne(limits.events ?? capacity ?? 128);
  return {
    requests: atLeastOne(limits.requests ?? capacity ?? waitingRequests),
    inFlight: atLeastOne(limits.inFlight ?? (local ? Infinity : REMOTE_IN_FLIGHT)),
    concurrency: atLeastOne(limits.concurrency ?? Infinity),
    events,
    losslessEvents: atLeastOne(limits.losslessEvents ?? events * 16),
    bytes: atLeastOne(limits.bytes ?? 64 * 1024 * 1024),
    serverRequests: atLeastOne(limits.serverRequests ?? capacity ?? 128),
    unsentAnswers: atLeastOne(limits.unsentAnswers ?? 128),
  };
}
