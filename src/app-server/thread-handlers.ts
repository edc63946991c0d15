import { defaultIfEmpty, map, Observable, of, type Subscriber, switchMap } from 'rxjs';

import type { Connection, Handlers } from '../server/index.js';
import { answerThen } from './answer-then.js';
import type { AppServerContract } from './app-server-contract.js';
import type { AppServerOptions } from './app-server-options.js';
import { invalidRequest } from './invalid-request.js';
import type { LoadedThreads } from './loaded-threads.js';
import type { ThreadResumeParams, ThreadResumeResult, ThreadStartParams } from './schemas/thread.js';
import type { StoredThread } from './store/stored-thread.js';
import type { ThreadHost } from './thread-host.js';
import { ThreadRecord } from './thread-record.js';
import type { ThreadSettings } from './thread-settings.js';
import { toSeconds } from './to-seconds.js';
import { toStoredThread } from './to-stored-thread.js';

type ThreadMethod = 'thread/start' | 'thread/resume' | 'thread/read' | 'thread/unsubscribe';

/**
 * Serves what begins, shows and leaves one thread.
 *
 * @internal
 */
export function threadHandlers(
  host: ThreadHost,
  threads: LoadedThreads,
  options: Pick<AppServerOptions, 'autoAttach' | 'sessionSource' | 'cwd' | 'models'>,
): Pick<Handlers<AppServerContract>, ThreadMethod> {
  const { store } = host;
  const { autoAttach = () => false, sessionSource: source = 'appServer', cwd = '/', models = [] } = options;
  const usual: ThreadSettings = {
    cwd,
    approvalPolicy: 'untrusted',
    model: models.find(({ isDefault }) => isDefault)?.model ?? null,
    config: {},
  };

  /** The thread as the store has it; errors if it has none. */
  const stored = (threadId: string): Observable<StoredThread> =>
    (store?.read(threadId) ?? of(undefined)).pipe(
      defaultIfEmpty(undefined),
      map((found) => {
        if (found === undefined) throw invalidRequest(`thread not found: ${threadId}`);
        return found;
      }),
    );

  /** Those who follow a new thread without asking. */
  const followers = (): Connection<AppServerContract>[] =>
    [...host.server.everyone.members].filter(({ session }) => {
      try {
        return autoAttach(session);
      } catch (error) {
        host.server.diagnose({ type: 'callbackFailed', method: 'autoAttach', error });
        return false;
      }
    });

  return {
    'thread/start': (params, { connection }) => {
      threads.mustGoOn();
      const settings = toSettings(params, usual);
      const now = toSeconds(host.now());
      const thread = new ThreadRecord(
        host,
        settings,
        {
          summary: {
            id: host.newId(),
            name: null,
            preview: '',
            cwd: settings.cwd,
            source,
            approvalPolicy: settings.approvalPolicy,
            createdAt: now,
            updatedAt: now,
            archived: false,
          },
          turns: [],
        },
        params.ephemeral !== true,
      );
      thread.watch(connection);
      thread.journal?.create(thread.toSummary());
      threads.add(thread);
      return answerThen(of(toResult(thread)), () => {
        for (const follower of followers()) thread.watch(follower);
        host.server.broadcast('thread/started', { thread: thread.toThread() });
      });
    },

    'thread/resume': (params, { connection }) => {
      const { threadId } = params;
      threads.mustGoOn();
      const loaded = threads.get(threadId, 'retry thread/resume');
      if (loaded !== undefined) {
        return new Observable((subscriber) => {
          join(loaded, connection, subscriber);
        });
      }
      return stored(threadId).pipe(
        switchMap((found) => {
          const { cwd: folder, approvalPolicy } = found.summary;
          const thread = new ThreadRecord(
            host,
            toSettings(params, { ...usual, cwd: folder, approvalPolicy }),
            found,
            true,
          );
          return new Observable<ThreadResumeResult>((subscriber) => {
            threads.step(() => {
              if (subscriber.closed) return;
              threads.add(thread);
              join(thread, connection, subscriber, () => {
                thread.tellStatus();
              });
            });
          });
        }),
      );
    },

    'thread/read': ({ threadId, includeTurns }) => {
      const withTurns = includeTurns ?? false;
      const thread = threads.get(threadId);
      if (thread !== undefined) return { thread: thread.toThread(withTurns) };
      return stored(threadId).pipe(
        map(({ summary, turns }) => ({ thread: toStoredThread(summary, withTurns ? turns : []) })),
      );
    },

    'thread/unsubscribe': ({ threadId }, { connection }) => {
      const thread = threads.get(threadId);
      if (thread === undefined) return { status: 'notLoaded' };
      return { status: thread.unwatch(connection) ? 'unsubscribed' : 'notSubscribed' };
    },
  };
}

/**
 * Adds a connection to a thread's audience and answers it with a snapshot, in one step: an event is part of the snapshot
 * or comes after it. The open questions come last.
 */
function join(
  thread: ThreadRecord,
  connection: Connection<AppServerContract>,
  subscriber: Subscriber<ThreadResumeResult>,
  answered = (): void => undefined,
): void {
  thread.step(() => {
    if (subscriber.closed) return;
    thread.audience.join(connection);
    subscriber.next(toResult(thread, true));
    subscriber.complete();
    answered();
    thread.audience.welcome(connection);
    thread.turn?.watchersChanged();
  });
}

function toSettings(choices: ThreadStartParams | ThreadResumeParams, usual: ThreadSettings): ThreadSettings {
  const { cwd, approvalPolicy, model, config } = choices;
  return {
    cwd: cwd ?? usual.cwd,
    approvalPolicy: approvalPolicy ?? usual.approvalPolicy,
    model: model ?? usual.model,
    config: config ?? usual.config,
  };
}

function toResult(thread: ThreadRecord, includeTurns = false): ThreadResumeResult {
  const { cwd, approvalPolicy, model } = thread.settings;
  return { thread: thread.toThread(includeTurns), cwd, approvalPolicy, model };
}
