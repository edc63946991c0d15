import { concatMap, EMPTY, NEVER, Subject } from 'rxjs';

import type { AgentEvent } from '../../src/app-server/index.js';
import { memoryThreadStore } from '../../src/app-server/store/memory-thread-store.js';
import { fakeWire, run } from '../../src/testing/index.js';
import { scriptedAgent } from '../../src/testing/scripted-agent.js';
import { type App, type AppClient, appOf, clientOf, outcomeOf, startThread, startTurn, watch } from './app-harness.js';
import { slowStore } from './fake-store.js';

const MINUTE = 60_000;

/** Ids of the loaded threads, as the next client would hear. */
function loadedIn(server: App): unknown {
  return outcomeOf(clientOf(server).request('thread/loaded/list', {}));
}

function unsubscribe(client: AppClient, threadId: string): void {
  client.request('thread/unsubscribe', { threadId }).subscribe();
}

describe('U-R11.8 an idle thread', () => {
  it('is unloaded half an hour after its last watcher has gone: notLoaded, then closed, to everyone (U-R11.9)', () => {
    run(({ cold, flush }) => {
      const server = appOf({ agent: () => EMPTY });
      const { client, seen } = watch(server);
      const threadId = startThread(client);
      cold('10m x').subscribe(() => {
        seen.length = 0;
        unsubscribe(client, threadId);
      });
      cold('39m x').subscribe(() => {
        expect(seen).toEqual([]);
      });
      cold('41m x').subscribe(() => {
        expect(seen).toEqual(['status notLoaded', 'thread/closed']);
        expect(loadedIn(server)).toEqual({ data: [], nextCursor: null });
      });
      flush();
    });
  });

  it.each([
    ['the connection of its last watcher ended', (client: AppClient) => client.shutdown()],
    [
      'its last watcher has unsubscribed',
      (client: AppClient) => {
        unsubscribe(client, 'id1');
      },
    ],
  ])('is unloaded when %s', (_, leave) => {
    run(({ cold, flush }) => {
      const server = appOf({ agent: () => EMPTY, unloadAfter: 100 });
      const other = watch(server);
      const client = clientOf(server);
      startThread(client);
      cold('50ms x').subscribe(() => {
        leave(client);
      });
      cold('149ms x').subscribe(() => {
        expect(other.seen).toEqual(['thread/started']);
      });
      cold('151ms x').subscribe(() => {
        expect(other.seen).toEqual(['thread/started', 'status notLoaded', 'thread/closed']);
      });
      flush();
    });
  });

  it('is not idle while somebody watches, however long nothing happens', () => {
    run(({ cold, flush }) => {
      const server = appOf({ agent: () => EMPTY });
      const { client, seen } = watch(server);
      startThread(client);
      cold('99h x').subscribe(() => {
        expect(seen).toEqual(['thread/started']);
      });
      flush();
    });
  });

  it('is not idle while a turn runs: both clocks count, the later one decides', () => {
    run(({ cold, flush }) => {
      const server = appOf({ agent: scriptedAgent(cold('45m |')), unloadAfter: 30 * MINUTE });
      const client = clientOf(server);
      const threadId = startThread(client);
      startTurn(client, threadId);
      unsubscribe(client, threadId);
      const { seen } = watch(server);
      cold('74m x').subscribe(() => {
        expect(seen).toEqual(['status idle']);
      });
      cold('76m x').subscribe(() => {
        expect(seen).toEqual(['status idle', 'status notLoaded', 'thread/closed']);
      });
      flush();
    });
  });

  it.each([
    ['subscribe to it', 'thread/resume', {}],
    ['start a turn in it', 'turn/start', { input: [] }],
  ] as const)('stays for those who %s in time', (_, method, more) => {
    run(({ cold, flush }) => {
      const server = appOf({ agent: () => EMPTY, unloadAfter: 100 });
      const { client, seen } = watch(server);
      const threadId = startThread(client);
      unsubscribe(client, threadId);
      cold('99ms x').subscribe(() => {
        outcomeOf(client.request(method, { threadId, ...more }));
      });
      cold('10m x').subscribe(() => {
        expect(seen).not.toContain('thread/closed');
      });
      flush();
    });
  });

  it('stays a while longer for each who asks for it without watching', () => {
    run(({ cold, flush }) => {
      const server = appOf({ agent: () => EMPTY, unloadAfter: 100 });
      const { client, seen } = watch(server);
      const threadId = startThread(client);
      unsubscribe(client, threadId);
      cold('90ms x').subscribe(() => {
        client.request('thread/read', { threadId }).subscribe();
      });
      cold('189ms x').subscribe(() => {
        expect(seen).not.toContain('thread/closed');
      });
      cold('191ms x').subscribe(() => {
        expect(seen).toContain('thread/closed');
      });
      flush();
    });
  });

  it('W37 goes as soon as the last has unsubscribed, where the delay is 0; never, where it is Infinity', () => {
    run(({ cold, flush }) => {
      const prompt = watch(appOf({ agent: () => EMPTY, unloadAfter: 0 }));
      const loyal = watch(appOf({ agent: () => EMPTY, unloadAfter: Infinity }));
      for (const { client } of [prompt, loyal]) unsubscribe(client, startThread(client));
      expect(prompt.seen).toEqual(['thread/started']);
      cold('-x').subscribe(() => {
        expect(prompt.seen).toEqual(['thread/started', 'status notLoaded', 'thread/closed']);
      });
      cold('99h x').subscribe(() => {
        expect(loyal.seen).toEqual(['thread/started']);
      });
      flush();
    });
  });

  it('W37 leaves nothing behind: a thousand threads come and go', () => {
    run(({ cold, flush }) => {
      const server = appOf({ agent: scriptedAgent([]), unloadAfter: 1 });
      const client = clientOf(server);
      for (let i = 0; i < 1_000; i += 1) {
        const threadId = startThread(client);
        startTurn(client, threadId);
        unsubscribe(client, threadId);
      }
      cold('10ms x').subscribe(() => {
        expect(loadedIn(server)).toEqual({ data: [], nextCursor: null });
      });
      flush();
    });
  });
});

describe('U-R11.9 unloading', () => {
  it('waits until the store has all of it; until then every request for it is refused (U-R3.12)', () => {
    run(({ cold, flush }) => {
      const server = appOf({ agent: scriptedAgent([]), store: slowStore(100), unloadAfter: 10 });
      const { client, seen } = watch(server);
      const threadId = startThread(client);
      startTurn(client, threadId);
      seen.length = 0;
      unsubscribe(client, threadId);
      const refused = `-32600 thread ${threadId} is closing; retry after the thread is closed`;
      cold('50ms x').subscribe(() => {
        expect(outcomeOf(client.request('thread/resume', { threadId }))).toBe(
          `-32600 thread ${threadId} is closing; retry thread/resume after the thread is closed`,
        );
        expect(outcomeOf(client.request('turn/start', { threadId, input: [] }))).toBe(refused);
        expect(outcomeOf(client.request('thread/read', { threadId }))).toBe(refused);
        expect(outcomeOf(client.request('thread/unsubscribe', { threadId }))).toBe(refused);
        expect(outcomeOf(client.request('thread/name/set', { threadId, name: 'x' }))).toBe(refused);
        expect(loadedIn(server)).toEqual({ data: [], nextCursor: null });
        expect(seen).toEqual([]);
      });
      cold('150ms x').subscribe(() => {
        expect(seen).toEqual(['status notLoaded', 'thread/closed']);
      });
      flush();
    });
  });

  it('is over before the next begins, for everyone: whoever hears of the end may resume at once', () => {
    run(({ cold, flush }) => {
      const server = appOf({ agent: () => EMPTY, store: memoryThreadStore(), unloadAfter: 0 });
      const eager = watch(server);
      const other = watch(server);
      const threadId = startThread(eager.client);
      const answers: unknown[] = [];
      eager.client.notifications('thread/status/changed').subscribe(({ status }) => {
        if (status.type === 'notLoaded') answers.push(outcomeOf(eager.client.request('thread/resume', { threadId })));
      });
      eager.client.notifications('thread/closed').subscribe(() => {
        eager.client.request('thread/resume', { threadId }).subscribe();
      });
      unsubscribe(eager.client, threadId);
      cold('-x').subscribe(() => {
        expect(other.seen).toEqual(['thread/started', 'status notLoaded', 'thread/closed', 'status idle']);
        expect(loadedIn(server)).toEqual({ data: [threadId], nextCursor: null });
      });
      flush();
    });
  });

  it('forgets an ephemeral thread for good', () => {
    run(({ cold, flush }) => {
      const server = appOf({ agent: () => EMPTY, store: memoryThreadStore(), unloadAfter: 0 });
      const client = clientOf(server);
      client.request('thread/start', { ephemeral: true }).subscribe(({ thread }) => {
        unsubscribe(client, thread.id);
      });
      cold('-x').subscribe(() => {
        expect(outcomeOf(client.request('thread/resume', { threadId: 'id1' }))).toBe('-32600 thread not found: id1');
        expect(outcomeOf(client.request('thread/list', {}))).toEqual({ data: [], nextCursor: null });
      });
      flush();
    });
  });

  it('fails what was asked of its watchers, whoever asked (U-R5.13)', () => {
    run(({ cold, flush }) => {
      // An agent made of a callback, whose question nobody takes back.
      const errors: unknown[] = [];
      const server = appOf({
        agent: ({ requestApproval }) => {
          requestApproval({ itemId: 'i', command: 'ls' }).subscribe({ error: (error) => errors.push(error) });
          return NEVER;
        },
        unloadAfter: 0,
      });
      const client = clientOf(server);
      const threadId = startThread(client);
      const turnId = startTurn(client, threadId);
      unsubscribe(client, threadId);
      cold('5m x').subscribe(() => {
        // An open question is activity.
        expect(loadedIn(server)).toEqual({ data: [threadId], nextCursor: null });
        client.request('turn/interrupt', { threadId, turnId }).subscribe();
      });
      cold('6m x').subscribe(() => {
        expect(errors).toMatchObject([{ code: -32603, data: { reason: 'turnTransition' } }]);
        expect(loadedIn(server)).toEqual({ data: [], nextCursor: null });
        expect(server.openRequests()).toEqual([]);
      });
      flush();
    });
  });

  it('does not happen in a server that is shutting down (D1, D2)', () => {
    run(({ cold, flush, expectObservable }) => {
      const work = new Subject<AgentEvent>();
      const server = appOf({ agent: () => work, unloadAfter: 10, store: slowStore(100) });
      const client = clientOf(server);
      const threadId = startThread(client);
      startTurn(client, threadId);
      const { seen } = watch(server);
      cold('-x').subscribe(() => {
        server.shutdown();
      });
      expectObservable(server.shutdown().pipe(concatMap(({ graceful }) => [graceful]))).toBe('100ms (g|)', { g: true });
      flush();
      expect(seen).not.toContain('thread/closed');
    });
  });
});

describe('U-R11.6 a connection that has ended', () => {
  it('is never added by work that was under way: the thread is loaded, and unloaded in its time', () => {
    run(({ cold, flush }) => {
      const store = memoryThreadStore();
      const first = appOf({ agent: () => EMPTY, store });
      const threadId = startThread(clientOf(first));
      const server = appOf({ agent: () => EMPTY, store, unloadAfter: 100 });
      const { seen } = watch(server);
      const wire = fakeWire();
      server.attach(wire);
      wire.sent$.subscribe((message) => {
        // Gone in the very moment of the answer.
        if ('id' in message && message.id === 2) wire.end();
      });
      wire.receive(
        { id: 1, method: 'initialize', params: { clientInfo: { name: 'gone', version: '1' } } },
        { id: 2, method: 'thread/resume', params: { threadId } },
      );
      cold('101ms x').subscribe(() => {
        expect(seen).toEqual(['status idle', 'status notLoaded', 'thread/closed']);
      });
      flush();
    });
  });
});
