/**
 * What short examples may speak of without declaring it: the reader's own things, and a contract to use them with.
 *
 * Nothing here exists at run time. An example that declares a name of its own does not see the one below.
 */
import type { spawn as spawnProcess } from 'node:child_process';

import type { Observable } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';

import type { Client } from '../../src/client/index.js';
import type { CodexClient } from '../../src/codex/index.js';
import { defineContract, notification, request, serverRequest, type } from '../../src/protocol/index.js';
import type { Wire } from '../../src/protocol/index.js';
import type { Connection, HandlerContext, Server } from '../../src/server/index.js';

/** A contract with one entry of each kind. */
export const contract = defineContract({
  requests: {
    add: request({ params: type<number>(), result: type<number>() }),
    'thread/start': request({ params: type<{ cwd?: string }>(), result: type<{ thread: { id: string } }>() }),
    'thread/read': request({
      params: type<{ threadId: string }>(),
      result: type<{ turns: readonly string[] }>(),
      scope: (params) => params.threadId,
      access: 'shared',
    }),
    'turn/start': request({
      params: type<{ threadId: string; input?: string }>(),
      result: type<{ turnId: string }>(),
      scope: (params) => params.threadId,
    }),
    'turn/interrupt': request({ params: type<{ threadId: string }>(), urgent: true }),
  },
  notifications: { log: notification({ params: type<{ message: string }>() }) },
  serverRequests: {
    approve: serverRequest({ params: type<{ command: string }>(), result: type<{ decision: 'accept' | 'decline' }>() }),
  },
  serverNotifications: {
    'turn/completed': notification({ params: type<{ threadId: string }>(), scope: (params) => params.threadId }),
    delta: notification({ params: type<{ itemId: string; delta: string }>(), delivery: 'best-effort' }),
    value: notification({ params: type<number>(), delivery: 'best-effort' }),
  },
});

export declare const client: Client<typeof contract>;
export declare const codex: CodexClient;
export declare const server: Server<typeof contract>;
export declare const connection: Connection<typeof contract>;
export declare const context: HandlerContext<typeof contract>;
export declare const wire: Wire;

/** An event of the reader's application. */
export interface AppEvent {
  readonly type: string;
  readonly method: string;
  readonly params: unknown;
  readonly seq: number;
  readonly id: string;
  readonly text: string;
}
export declare const events$: Observable<AppEvent>;
export declare const drafts$: Observable<{ readonly id: string; readonly text: string }>;
/** The state that events add up to, and the number of the last event in it. */
export declare const readThread: (
  id: string,
) => Observable<{ readonly seq: number; readonly turns: readonly string[] }>;
export declare const id: string;
export declare const threadId: string;
/** What a chain of operators, left out for brevity, ends in. */
export declare const out$: Observable<unknown>;
export declare const isTerminal: (event: unknown) => boolean;

export declare const token: string;
export declare const worker: Worker;
export declare const socket: WebSocket;
export declare const showSaved: (value: unknown) => void;
export declare const print: (value: unknown) => Promise<void>;
export declare const render: (value: unknown) => void;
export declare const save: (value: unknown) => Promise<void>;

export declare const spawn: typeof spawnProcess;

export declare const hot: RunHelpers['hot'];
export declare const cold: RunHelpers['cold'];
export declare const expectObservable: RunHelpers['expectObservable'];
export declare const expectSubscriptions: RunHelpers['expectSubscriptions'];
