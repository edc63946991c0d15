import { asyncScheduler, NEVER, VirtualTimeScheduler } from 'rxjs';

import { type Agent, createAppServer } from '../../src/app-server/index.js';
import { clientOf, startThread, startTurn } from '../app-server/app-harness.js';
import { stillHeld, type Watch } from './still-held.js';

/** An agent that never ends by itself. */
function agentOf(watch: Watch): Agent {
  return watch('agent', (turn) => {
    watch('turn', turn);
    return NEVER;
  });
}

describe('an app server', () => {
  it('holds nothing of a turn that is over, while its thread goes on', async () => {
    const found = await stillHeld((watch) => {
      const server = createAppServer({
        agent: (turn) => {
          watch('turn', turn);
          return NEVER;
        },
        scheduler: new VirtualTimeScheduler(),
      });
      const client = clientOf(server);
      client.events$.subscribe();
      const threadId = startThread(client);
      const turnId = startTurn(client, threadId);
      client.request('turn/interrupt', { threadId, turnId }).subscribe();
      return [server, client];
    });
    expect(found).toEqual({});
  });

  it('is held, with its threads and running turns, by nobody after its shutdown', async () => {
    const found = await stillHeld(async (watch) => {
      const server = watch('server', createAppServer({ agent: agentOf(watch), scheduler: asyncScheduler }));
      const client = watch('client', clientOf(server));
      client.events$.subscribe(watch('observer', { next: () => undefined }));
      for (let i = 0; i < 3; i += 1) startTurn(client, startThread(client));
      await new Promise((resolve) => server.shutdown().subscribe(resolve));
    });
    expect(found).toEqual({});
  });

  it('is not held by the clock on which a thread that nobody watches would have been unloaded', async () => {
    const found = await stillHeld(async (watch) => {
      const server = watch('server', createAppServer({ agent: () => NEVER, scheduler: asyncScheduler }));
      const client = clientOf(server);
      startThread(client);
      await new Promise((resolve) => client.shutdown().subscribe(resolve));
      await new Promise((resolve) => server.shutdown().subscribe(resolve));
    });
    expect(found).toEqual({});
  });

  it('is not held by a connection that was only one of several', async () => {
    const agent: Agent = () => NEVER;
    const server = createAppServer({ agent, scheduler: new VirtualTimeScheduler() });
    const found = await stillHeld((watch) => {
      const client = watch('client', clientOf(server));
      client.events$.subscribe(watch('observer', { next: () => undefined }));
      const threadId = startThread(client);
      startTurn(client, threadId);
      client.shutdown();
    });
    expect(found).toEqual({});
    server.shutdown();
  });
});
