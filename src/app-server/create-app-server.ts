import { asyncScheduler, of } from 'rxjs';

import { createServer, type Server } from '../server/index.js';
import { appServerContract, type AppServerContract } from './app-server-contract.js';
import type { AppServerOptions } from './app-server-options.js';
import type { AuthSource } from './auth-source.js';
import { configHandlers } from './config-handlers.js';
import { execHandlers } from './exec/exec-handlers.js';
import { LoadedThreads } from './loaded-threads.js';
import { newId } from './new-id.js';
import { sessionHandlers } from './session-handlers.js';
import { threadChangeHandlers } from './thread-change-handlers.js';
import { threadHandlers } from './thread-handlers.js';
import type { ThreadHost } from './thread-host.js';
import { threadListHandlers } from './thread-list-handlers.js';
import { turnHandlers } from './turn-handlers.js';

/** Milliseconds a thread stays loaded that nobody watches or uses. */
const HALF_AN_HOUR = 1_800_000;

/** Nobody is signed in. */
const NOBODY: AuthSource = { token$: of(null), renew: () => of(null) };

/**
 * Makes the reference app server: threads whose turns an agent works on, spoken to in the words of `codex app-server`.
 *
 * A thread's events go to those who started it or a turn in it; its beginning and its status go to everyone. A turn runs
 * on its own: it outlives the request that started it and the client that sent it. The end of a turn ends its open items
 * and questions too. A second `turn/start` in a running turn hands its input to the agent and answers with that turn.
 *
 * With a `store`, threads outlive the server's memory: one that nobody watched or used for a while is unloaded, and
 * `thread/resume` brings it back, with a snapshot that continues in the events. Nothing waits for the store but the
 * requests that are about it.
 *
 * ```
 *  turn/start ─▶ {turn}  thread/status/changed  turn/started  item/started  ..delta..  item/completed
 *                                                             thread/status/changed  turn/completed
 * ```
 *
 * **Use it when** you want an agent behind the protocol. **Rather use** `createServer` for a contract of your own.
 *
 * - Loses: nothing here, also when the store fails: then a `warning` and a diagnostic tell what is not kept; text deltas may give way where a reader is slow, and the item's end has the text again.
 * - On idling: a thread nobody watches waits for its unloading on one timer for all of them; `shutdown()` ends it.
 * - On interrupt: the agent is unsubscribed, open items get no end of their own, `turn/completed` closes them.
 * - On shutdown: running turns are interrupted first, so that their end still reaches the clients; the store is closed.
 *
 * @example An agent in the client's own process
 * ```ts
 * const server = createAppServer({ agent: ({ newItemId, text }) => of({ type: 'warning', message: `heard: ${text}` }) });
 * const client = startInProcess(server, { handshake: { clientInfo: { name: 'me', version: '1' } } });
 * ```
 * @see {@link Agent}, because that is the part you write.
 */
export function createAppServer(options: AppServerOptions): Server<AppServerContract> {
  const { scheduler = asyncScheduler, configWarnings = [], cwd = '/', store, auth = NOBODY } = options;

  const host: ThreadHost = {
    // Made below, of handlers that need the host.
    get server() {
      return server;
    },
    memory: { output: 262_144, message: 4_194_304, thread: 8_388_608, turns: 1_000, ...options.memory },
    store,
    auth,
    now: () => scheduler.now(),
    newId: options.newId ?? newId,
  };
  const threads = new LoadedThreads(host, scheduler, options.unloadAfter ?? HALF_AN_HOUR);

  const server = createServer(
    appServerContract,
    {
      ...sessionHandlers(options),
      ...configHandlers(options),
      ...threadHandlers(host, threads, options),
      ...threadListHandlers(store, threads),
      ...threadChangeHandlers(host, threads),
      ...turnHandlers(host, threads, options.agent),
      ...execHandlers({ runner: options.commandRunner, scheduler, timeout: options.execTimeout, cwd }),
    },
    {
      ...options,
      scheduler,
      onSession: (connection) => {
        for (const warning of configWarnings) connection.notify('configWarning', warning);
      },
      onShutdown: () => {
        threads.end();
        return store?.close();
      },
    },
  );
  return server;
}
