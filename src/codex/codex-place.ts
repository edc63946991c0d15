import type { Observer, SchedulerLike } from 'rxjs';

import type { WireSource } from '../client/index.js';
import { type SpawnedWire, spawnWire } from '../node/index.js';
import type { Wire } from '../protocol/index.js';
import { reconnecting, type ReconnectingOptions } from '../transports/index.js';
import { type CodexProgram, codexCommand } from './codex-command.js';
import { socketAddress, socketWire } from './socket/socket-wire.js';

/** Where codex is: started here, unless `url` or `wire` leads to another. */
export interface CodexPlace extends CodexProgram {
  /** A codex that listens already: `ws:`, `wss:`, or `unix:` and the path of its socket. Needs the package `ws`. */
  readonly url?: string;
  /** Told to the codex at `url`; only over `wss:`, to this machine, or over a unix socket. */
  readonly token?: string;
  /** A wire of your own, or a source of wires. */
  readonly wire?: Wire | WireSource;
  /**
   * Starts codex again, or connects again, when it is lost; `true` for the defaults of `reconnecting`. What was asked is
   * not asked again; threads come back by `rejoin`. Default false: the end of codex is the end of its client.
   */
  readonly reconnect?: boolean | ReconnectingOptions;
  /** The clock. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}

const WAYS = ['wire', 'url', 'binary', 'config', 'args', 'env', 'cwd'] as const;

/**
 * The wire to the codex at a place, or one after another.
 *
 * @param started Told of each program that is started.
 * @throws What can be known to be wrong before the first attempt: see {@link connectCodex}.
 */
export function wireTo(place: CodexPlace, started: Observer<SpawnedWire>): Wire | WireSource {
  refuseContradictions(place);
  const { wire, reconnect = false } = place;
  if (wire !== undefined) return wire;
  const make = place.url === undefined ? starter(place, started) : dialler(place.url, place);
  return reconnect === false ? make() : reconnecting(make, reconnect === true ? {} : reconnect);
}

function starter(place: CodexPlace, started: Observer<SpawnedWire>): () => Wire {
  const command = { ...codexCommand(place), ...clockOf(place) };
  return () => {
    const wire = spawnWire(command);
    started.next(wire);
    return wire;
  };
}

function dialler(url: string, place: CodexPlace): () => Wire {
  const address = socketAddress(url);
  const { token } = place;
  return () => socketWire(address, { ...clockOf(place), ...(token !== undefined && { token }) });
}

function clockOf({ scheduler }: CodexPlace): { readonly scheduler?: SchedulerLike } {
  return scheduler === undefined ? {} : { scheduler };
}

function refuseContradictions(place: CodexPlace): void {
  const [way, other] = WAYS.filter((name) => place[name] !== undefined);
  if (other !== undefined && (way === 'wire' || way === 'url')) {
    throw new TypeError(`\`${way}\` and \`${other}\` exclude each other`);
  }
  if (place.token !== undefined && way !== 'url') throw new TypeError('a `token` is for the codex at a `url`');
  if (place.reconnect !== undefined && way === 'wire') {
    throw new TypeError('put `reconnecting` around what makes the `wire`');
  }
}
