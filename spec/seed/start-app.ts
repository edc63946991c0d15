import { type AppServerContract, type AppServerOptions, createAppServer } from '../../src/app-server/index.js';
import type { Client } from '../../src/client/index.js';
import { startInProcess, type StartInProcessOptions } from '../../src/in-process/index.js';
import type { Server } from '../../src/server/index.js';
import { scriptedAgent } from '../../src/testing/index.js';
import { watch } from '../rules/support.js';

export type AppClient = Client<AppServerContract>;

/** The reference server and its first client, in one process. Its agent has nothing to do unless one is given. */
export function startApp(
  options: Partial<AppServerOptions> = {},
  clientOptions: StartInProcessOptions<AppServerContract> = {},
): { readonly server: Server<AppServerContract>; readonly client: AppClient } {
  let ids = 0;
  const server = createAppServer({ agent: scriptedAgent([]), newId: () => `id${++ids}`, ...options });
  return { server, client: joinApp(server, clientOptions) };
}

/** A client of a server that is there already. */
export function joinApp(
  server: Server<AppServerContract>,
  options: StartInProcessOptions<AppServerContract> = {},
): AppClient {
  return startInProcess(server, { handshake: { clientInfo: { name: 'spec', version: '1' } }, ...options });
}

/** Starts a thread and returns its id. */
export function startThread(client: AppClient): string {
  return watch(client.request('thread/start', {})).values[0]?.thread.id ?? 'no thread';
}

/** Starts a turn and returns its id. */
export function startTurn(client: AppClient, threadId: string, text = 'go'): string {
  const input = [{ type: 'text' as const, text }];
  return watch(client.request('turn/start', { threadId, input })).values[0]?.turn.id ?? 'no turn';
}
