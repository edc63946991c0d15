import type { SchedulerLike } from 'rxjs';

import type { LimitOptions, Validation } from '../protocol/index.js';
import type { Agent } from './agent.js';
import type { ConfigWarning } from './schemas/events.js';

/** How much of a thread's text the server remembers for `thread/read`. What it sends is not affected. */
export interface MemoryLimits {
  /** Characters of one command's output; a longer one lacks its middle and says so. Default 262,144. */
  readonly output: number;
  /** Characters of one message of the agent, cut in the same way. Default 4,194,304. */
  readonly message: number;
  /** Characters of all items of a thread; beyond it the oldest turns lose their items. Default 8,388,608. */
  readonly thread: number;
  /** Past turns of a thread; beyond it the oldest are forgotten. Default 1,000. */
  readonly turns: number;
}

/** How an app server behaves. */
export interface AppServerOptions extends LimitOptions {
  /** Works on the turns. */
  readonly agent: Agent;
  /** The clock: all times the server tells, and all its limits of time. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
  /** The folder of threads that name none. Default `/`. */
  readonly cwd?: string;
  /** Warnings every client gets once its session is open, in this order. Default none. */
  readonly configWarnings?: readonly ConfigWarning[];
  /** What `configRequirements/read` answers. Default `null`: nothing is required. */
  readonly configRequirements?: Readonly<Record<string, unknown>> | null;
  /** Which kind of program started the server; the `source` of its threads. Default `appServer`. */
  readonly sessionSource?: string;
  /** Name and version of the server, as the handshake tells them. Default `rx-sluice`. */
  readonly userAgent?: string;
  /** Where the server keeps its files, as the handshake tells it. Default the empty string: it keeps none. */
  readonly home?: string;
  /** The platform, as the handshake tells it. Default `unknown` twice. */
  readonly platform?: { readonly family: string; readonly os: string };
  /** Makes the ids of threads, turns and items. Default: random ones. */
  readonly newId?: () => string;
  readonly memory?: Partial<MemoryLimits>;
  readonly validate?: Partial<Validation>;
}
