import { type AppServerContract, type AppServerOptions, createAppServer } from '../../src/app-server/index.js';
import { isLagged, type Lagged } from '../../src/backpressure/index.js';
import type { Client, ClientEvent } from '../../src/client/index.js';
import { startInProcess, type StartInProcessOptions } from '../../src/in-process/index.js';
import type { Server } from '../../src/server/index.js';

export type App = Server<AppServerContract>;
export type AppClient = Client<AppServerContract>;
export type AppEvent = ClientEvent<AppServerContract> | Lagged;

const made: App[] = [];

// A thread nobody watches waits for its time, and a timer of the platform would keep the process.
afterEach(() => {
  for (const server of made.splice(0)) server.shutdown({ timeout: 0 });
});

/** An app server whose ids are counted: `id1`, `id2` ... It ends with its spec. */
export function appOf(options: AppServerOptions): App {
  let ids = 0;
  const server = createAppServer({ newId: () => `id${++ids}`, ...options });
  made.push(server);
  return server;
}

/** A client in process. Several may share one server. */
export function clientOf(server: App, options: StartInProcessOptions<AppServerContract> = {}): AppClient {
  return startInProcess(server, {
    ownServer: false,
    handshake: { clientInfo: { name: 'spec', version: '1' } },
    ...options,
  });
}

/** A client and what it sees, in words. */
export function watch(
  server: App,
  options: StartInProcessOptions<AppServerContract> = {},
): { client: AppClient; seen: string[] } {
  const seen: string[] = [];
  const client = clientOf(server, options);
  client.events$.subscribe((event) => seen.push(describeEvent(event)));
  return { client, seen };
}

/** Starts a thread and returns its id. */
export function startThread(
  client: AppClient,
  params: { cwd?: string; approvalPolicy?: 'untrusted' | 'never' } = {},
): string {
  let id = '';
  client.request('thread/start', params).subscribe(({ thread }) => (id = thread.id));
  return id;
}

/** Starts a turn and returns its id, or the message of the error. */
export function startTurn(client: AppClient, threadId: string, text = 'go'): string {
  let id = '';
  client.request('turn/start', { threadId, input: [{ type: 'text', text }] }).subscribe({
    next: ({ turn }) => (id = turn.id),
    error: (error: Error) => (id = error.message),
  });
  return id;
}

/** What answers a request: its result, or the code and message of its error. */
export function outcomeOf(request: ReturnType<AppClient['request']>): unknown {
  let outcome: unknown = 'nothing yet';
  request.subscribe({
    next: (result: unknown) => (outcome = result),
    error: (error: { code: number; message: string }) => (outcome = `${error.code} ${error.message}`),
  });
  return outcome;
}

/** An event in a few words. */
export function describeEvent(event: AppEvent): string {
  if (isLagged(event)) return `lagged ${event.skipped}`;
  if (event.type === 'serverRequest') return `ask ${event.id}`;
  if (event.type !== 'notification') return event.method;
  switch (event.method) {
    case 'thread/status/changed': {
      const { status } = event.params;
      return `status ${status.type}${status.type === 'active' ? `[${status.activeFlags.join()}]` : ''}`;
    }
    case 'item/started':
      return `started ${event.params.item.type}`;
    case 'item/completed': {
      const { item } = event.params;
      return item.type === 'commandExecution' ? `completed command ${item.status}` : `completed ${item.type}`;
    }
    case 'item/agentMessage/delta':
    case 'item/commandExecution/outputDelta':
      return `delta ${event.params.delta}`;
    case 'turn/completed':
      return `turn/completed ${event.params.turn.status}`;
    case 'serverRequest/resolved':
      return `resolved ${event.params.requestId}`;
    case 'error':
      return `error ${event.params.error.message}${event.params.willRetry ? ' (retrying)' : ''}`;
    case 'warning':
      return `warning ${event.params.message}`;
    case 'configWarning':
      return `configWarning ${event.params.summary}`;
    default:
      return event.method;
  }
}
