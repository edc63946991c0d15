import { EMPTY, NEVER, throwError } from 'rxjs';

import type { ThreadLoadedListParams } from '../../src/app-server/index.js';
import { memoryThreadStore } from '../../src/app-server/store/memory-thread-store.js';
import { run } from '../../src/testing/index.js';
import { scriptedAgent } from '../../src/testing/scripted-agent.js';
import { type AppClient, appOf, clientOf, outcomeOf, startThread, startTurn } from './app-harness.js';
import { loggedStore } from './fake-store.js';

interface Page {
  readonly data: readonly { readonly id: string; readonly status: unknown }[];
  readonly nextCursor: string | null;
}

const list = (client: AppClient, params = {}): Page => outcomeOf(client.request('thread/list', params)) as Page;
const ids = ({ data }: Page): string[] => data.map(({ id }) => id);

describe('thread/list', () => {
  it('asks the store once, for just what the client asked', () => {
    const store = loggedStore();
    const client = clientOf(appOf({ agent: () => EMPTY, store }));
    list(client);
    const asked = { limit: 7, sortKey: 'updated_at', archived: true, searchTerm: 'x', sourceKinds: ['cli'], cwd: '/w' };
    list(client, asked);
    list(client, { limit: 0, cursor: null, sourceKinds: [], archived: null, cwd: null, searchTerm: null });
    list(client, { limit: 9_999 });
    expect(store.asked).toEqual([
      'list {"archived":false,"sortKey":"createdAt","limit":25}',
      'list {"archived":true,"sortKey":"updatedAt","limit":7,"search":"x","sources":["cli"],"cwd":"/w"}',
      'list {"archived":false,"sortKey":"createdAt","limit":1}',
      'list {"archived":false,"sortKey":"createdAt","limit":100}',
    ]);
  });

  it('goes through all threads page by page, each once', () => {
    const client = clientOf(appOf({ agent: () => EMPTY, store: memoryThreadStore() }));
    const started = Array.from({ length: 7 }, () => startThread(client));
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Page = list(client, { limit: 3, cursor });
      found.push(...ids(page));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(found.sort()).toEqual(started.sort());
  });

  it('shows how loaded threads are doing, and that the others are not loaded (U-R11.10)', () => {
    run(({ cold, flush }) => {
      const store = memoryThreadStore();
      const server = appOf({ agent: scriptedAgent(() => NEVER), store, unloadAfter: 0 });
      const client = clientOf(server);
      const [running, idle, gone] = [startThread(client), startThread(client), startThread(client)];
      startTurn(client, running);
      client.request('thread/unsubscribe', { threadId: gone }).subscribe();
      cold('-x').subscribe(() => {
        const statusOf = new Map(list(client).data.map(({ id, status }) => [id, status]));
        expect(statusOf.get(running)).toEqual({ type: 'active', activeFlags: [] });
        expect(statusOf.get(idle)).toEqual({ type: 'idle' });
        expect(statusOf.get(gone)).toEqual({ type: 'notLoaded' });
      });
      flush();
    });
  });

  it('leaves ephemeral threads out, and is empty where there is no store', () => {
    const client = clientOf(appOf({ agent: () => EMPTY, store: memoryThreadStore() }));
    client.request('thread/start', { ephemeral: true }).subscribe();
    expect(list(client)).toEqual({ data: [], nextCursor: null });
    const bare = clientOf(appOf({ agent: () => EMPTY }));
    startThread(bare);
    expect(list(bare)).toEqual({ data: [], nextCursor: null });
  });

  it('refuses a cursor the store has not given, and passes on what else the store says', () => {
    const client = clientOf(appOf({ agent: () => EMPTY, store: memoryThreadStore() }));
    expect(outcomeOf(client.request('thread/list', { cursor: 'bogus' }))).toBe('-32600 invalid cursor: bogus');
    const store = { ...memoryThreadStore(), list: () => throwError(() => new Error('disk gone')) };
    const broken = clientOf(appOf({ agent: () => EMPTY, store }));
    expect(outcomeOf(broken.request('thread/list', {}))).toBe('-32603 disk gone');
  });
});

describe('thread/loaded/list', () => {
  it('lists all that are loaded, ephemeral or not, also those somebody else watches', () => {
    const server = appOf({ agent: () => EMPTY, store: memoryThreadStore() });
    const client = clientOf(server);
    startThread(client);
    client.request('thread/start', { ephemeral: true }).subscribe();
    expect(outcomeOf(clientOf(server).request('thread/loaded/list', {}))).toEqual({
      data: ['id1', 'id2'],
      nextCursor: null,
    });
  });

  it('gives pages whose cursors outlive the threads they name', () => {
    run(({ cold, flush }) => {
      const client = clientOf(appOf({ agent: () => EMPTY, unloadAfter: 0 }));
      for (let i = 0; i < 4; i += 1) startThread(client);
      const page = (params: ThreadLoadedListParams): unknown => outcomeOf(client.request('thread/loaded/list', params));
      expect(page({ limit: 2 })).toEqual({ data: ['id1', 'id2'], nextCursor: 'id2' });
      client.request('thread/unsubscribe', { threadId: 'id2' }).subscribe();
      cold('-x').subscribe(() => {
        expect(page({ limit: 2, cursor: 'id2' })).toEqual({ data: ['id3', 'id4'], nextCursor: null });
        expect(page({ cursor: 'id9' })).toEqual({ data: [], nextCursor: null });
        expect(page({ limit: 0 })).toEqual({ data: ['id1'], nextCursor: 'id1' });
      });
      flush();
    });
  });
});
