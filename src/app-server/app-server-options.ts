import type { Observable, SchedulerLike } from 'rxjs';

import type { LimitOptions, Validation } from '../protocol/index.js';
import type { Session } from '../server/index.js';
import type { Agent } from './agent.js';
import type { AuthSource } from './auth-source.js';
import type { CommandRunner } from './exec/command-runner.js';
import type { Model } from './schemas/config.js';
import type { ConfigWarning } from './schemas/events.js';
import type { ThreadStore } from './store/thread-store.js';

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
  /** Runs the commands of `command/exec`. Default: none, they are refused. */
  readonly commandRunner?: CommandRunner;
  /** Milliseconds a command of `command/exec` may take that says nothing of time. Default 60,000; Infinity for none. */
  readonly execTimeout?: number;
  /**
   * Where threads live beyond this server's memory. It belongs to the server, which closes it when it shuts down.
   * Default: none, and every thread is ephemeral.
   */
  readonly store?: ThreadStore;
  /**
   * Milliseconds a thread stays loaded when nobody watches it, no turn runs and nobody asks for it. 0: as soon as the
   * last one has unsubscribed. Infinity: for ever. Default 1,800,000.
   */
  readonly unloadAfter?: number;
  /** Whether a session follows every new thread as if it had started it. Default: none does. */
  readonly autoAttach?: (session: Session) => boolean;
  /** The settings for a folder, as `config/read` tells them; emits once. Default: none. */
  readonly config?: (cwd: string) => Observable<Record<string, unknown>>;
  /** What `model/list` tells. Default none. */
  readonly models?: readonly Model[];
  /** What agents are given to prove on whose behalf they work. Default: nobody is signed in. */
  readonly auth?: AuthSource;
  readonly memory?: Partial<MemoryLimits>;
  readonly validate?: Partial<Validation>;
}
