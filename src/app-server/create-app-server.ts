import { asyncScheduler, Observable } from 'rxjs';

import { ErrorCode, RpcError } from '../protocol/index.js';
import { createServer, type Handlers, type Server } from '../server/index.js';
import { appServerContract, type AppServerContract } from './app-server-contract.js';
import type { AppServerOptions } from './app-server-options.js';
import { newId } from './new-id.js';
import type { InitializeParams } from './schemas/session.js';
import type { ThreadHost } from './thread-host.js';
import { ThreadRecord } from './thread-record.js';
import { TurnRun } from './turn-run.js';

/**
 * Makes the reference app server: threads whose turns an agent works on, spoken to in the words of `codex app-server`.
 *
 * A thread's events go to those who started it or a turn in it; its beginning and its status go to everyone. A turn runs
 * on its own: it outlives the request that started it and the client that sent it. The end of a turn ends its open items
 * and questions too. A second `turn/start` in a running turn hands its input to the agent and answers with that turn.
 *
 * ```
 *  turn/start ─▶ {turn}  thread/status/changed  turn/started  item/started  ..delta..  item/completed
 *                                                             thread/status/changed  turn/completed
 * ```
 *
 * **Use it when** you want an agent behind the protocol. **Rather use** `createServer` for a contract of your own.
 *
 * - Loses: nothing here; text deltas may give way where a reader is slow, and the item's end has the text again.
 * - On interrupt: the agent is unsubscribed, open items get no end of their own, `turn/completed` closes them.
 * - On shutdown: running turns are interrupted first, so that their end still reaches the clients.
 *
 * @example An agent in the client's own process
 * ```ts
 * const server = createAppServer({ agent: ({ newItemId, text }) => of({ type: 'warning', message: `heard: ${text}` }) });
 * const client = startInProcess(server, { handshake: { clientInfo: { name: 'me', version: '1' } } });
 * ```
 * @see {@link Agent}, because that is the part you write.
 */
export function createAppServer(options: AppServerOptions): Server<AppServerContract> {
  const { scheduler = asyncScheduler, configWarnings = [], cwd = '/' } = options;
  const threads = new Map<string, ThreadRecord>();
  let isEnding = false;

  const handlers: Handlers<AppServerContract> = {
    initialize: (params) => toInitializeResult(params, options),

    'configRequirements/read': () => ({ requirements: options.configRequirements ?? null }),

    'thread/start': (params, { connection }) => {
      const settings = {
        cwd: params.cwd ?? cwd,
        approvalPolicy: params.approvalPolicy ?? ('untrusted' as const),
        ephemeral: params.ephemeral ?? true,
      };
      const thread = new ThreadRecord(host, settings);
      threads.set(thread.id, thread);
      thread.watch(connection);
      const { approvalPolicy } = settings;
      return answerThen({ thread: thread.toThread(), cwd: settings.cwd, approvalPolicy }, () => {
        server.broadcast('thread/started', { thread: thread.toThread() });
      });
    },

    'thread/read': ({ threadId, includeTurns }) => ({ thread: find(threadId).toThread(includeTurns ?? false) }),

    'turn/start': ({ threadId, input }, { connection }) => {
      const thread = find(threadId);
      if (isEnding) throw new RpcError(ErrorCode.InternalError, 'server is shutting down', { reason: 'shuttingDown' });
      thread.watch(connection);
      const running = thread.turn;
      if (running !== undefined) {
        return answerThen({ turn: running.toTurn('notLoaded') }, () => {
          if (running.isRunning) running.addInput(input);
        });
      }
      const turn = new TurnRun(host, thread, options.agent, input);
      thread.turn = turn;
      return new Observable((subscriber) => {
        thread.step(() => {
          subscriber.next({ turn: turn.toTurn('notLoaded') });
          subscriber.complete();
          turn.begin();
        });
      });
    },

    'turn/interrupt': ({ threadId, turnId }) => {
      const { turn } = find(threadId);
      if (turn === undefined) throw invalid('no active turn to interrupt');
      if (turn.id !== turnId) throw invalid(`expected active turn id ${turnId} but found ${turn.id}`);
      return answerThen({}, () => {
        turn.end('interrupted');
      });
    },
  };

  const server = createServer(appServerContract, handlers, {
    ...options,
    scheduler,
    onSession: (connection) => {
      for (const warning of configWarnings) connection.notify('configWarning', warning);
    },
    onShutdown: () => {
      isEnding = true;
      for (const { turn } of threads.values()) turn?.end('interrupted');
    },
  });

  const host: ThreadHost = {
    server,
    memory: { output: 262_144, message: 4_194_304, thread: 8_388_608, turns: 1_000, ...options.memory },
    source: options.sessionSource ?? 'appServer',
    now: () => scheduler.now(),
    newId: options.newId ?? newId,
  };

  function find(threadId: string): ThreadRecord {
    const thread = threads.get(threadId);
    if (thread === undefined) throw invalid(`thread not found: ${threadId}`);
    return thread;
  }

  return server;
}

/** Answers, and does the rest only when the answer is out: what the rest emits comes after it. */
function answerThen<R>(result: R, rest: () => void): Observable<R> {
  return new Observable((subscriber) => {
    subscriber.next(result);
    subscriber.complete();
    rest();
  });
}

function invalid(message: string): RpcError {
  return new RpcError(ErrorCode.InvalidRequest, message);
}

function toInitializeResult({ clientInfo }: InitializeParams, options: AppServerOptions) {
  const { name, version } = clientInfo;
  // The name ends up in headers of requests an agent makes.
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(name)) {
    throw invalid(`Invalid clientInfo.name: '${name}'. Must be a valid HTTP header value.`);
  }
  return {
    userAgent: `${options.userAgent ?? 'rx-sluice'} (${name}; ${version})`,
    codexHome: options.home ?? '',
    platformFamily: options.platform?.family ?? 'unknown',
    platformOs: options.platform?.os ?? 'unknown',
  };
}
