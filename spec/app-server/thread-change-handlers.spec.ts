import { EMPTY } from 'rxjs';

import { memoryThreadStore } from '../../src/app-server/store/memory-thread-store.js';
import { fakeWire, run } from '../../src/testing/index.js';
import { type AppClient, appOf, clientOf, outcomeOf, startThread, startTurn, watch } from './app-harness.js';
import { fullStore, slowStore } from './fake-store.js';

const idsOf = (client: AppClient, params = {}): string[] =>
  (outcomeOf(client.request('thread/list', params)) as { data: { id: string }[] }).data.map(({ id }) => id);

/** A server with the given store that has loaded none of its threads, and the id of one. */
function unloaded(store = memoryThreadStore()): { client: AppClient; seen: string[]; threadId: string } {
  const threadId = startThread(clientOf(appOf({ agent: () => EMPTY, store, newId: () => 'stored' })));
  return { ...watch(appOf({ agent: () => EMPTY, store })), threadId };
}

describe('thread/archive and thread/unarchive', () => {
  it('answers first, then tells everyone; the thread moves from one list to the other', () => {
    const server = appOf({ agent: () => EMPTY, store: memoryThreadStore() });
    const { client } = watch(server);
    const other = watch(server);
    const threadId = startThread(client);
    other.seen.length = 0;
    expect(outcomeOf(client.request('thread/archive', { threadId }))).toEqual({});
    expect([idsOf(client), idsOf(client, { archived: true })]).toEqual([[], [threadId]]);
    expect(outcomeOf(client.request('thread/unarchive', { threadId }))).toMatchObject({ thread: { id: threadId } });
    expect([idsOf(client), idsOf(client, { archived: true })]).toEqual([[threadId], []]);
    expect(other.seen).toEqual(['thread/archived', 'thread/unarchived']);
  });

  it('leaves a loaded thread as it is: who works in it goes on', () => {
    const { client, seen } = watch(appOf({ agent: () => EMPTY, store: memoryThreadStore() }));
    const threadId = startThread(client);
    client.request('thread/archive', { threadId }).subscribe();
    startTurn(client, threadId);
    expect(seen.at(-1)).toBe('turn/completed completed');
  });

  it('needs no loading', () => {
    const { client, seen, threadId } = unloaded();
    expect(outcomeOf(client.request('thread/archive', { threadId }))).toEqual({});
    expect(outcomeOf(client.request('thread/unarchive', { threadId }))).toMatchObject({
      thread: { id: threadId, status: { type: 'notLoaded' } },
    });
    expect(seen).toEqual(['thread/archived', 'thread/unarchived']);
    expect(outcomeOf(client.request('thread/loaded/list', {}))).toEqual({ data: [], nextCursor: null });
  });

  it('refuses an ephemeral thread, which is in no list anyway', () => {
    const client = clientOf(appOf({ agent: () => EMPTY }));
    const threadId = startThread(client);
    for (const method of ['thread/archive', 'thread/unarchive'] as const) {
      expect(outcomeOf(client.request(method, { threadId }))).toBe(
        `-32600 an ephemeral thread cannot be archived: ${threadId}`,
      );
    }
  });
});

describe('thread/name/set', () => {
  it('names a thread for all who look, and tells everyone', () => {
    const store = memoryThreadStore();
    const server = appOf({ agent: () => EMPTY, store });
    const { client, seen } = watch(server);
    const threadId = startThread(client);
    const told: unknown[] = [];
    client.notifications('thread/name/updated').subscribe((params) => told.push(params));
    seen.length = 0;
    client.request('thread/name/set', { threadId, name: '  Groceries ' }).subscribe(() => seen.push('answer'));
    expect(seen).toEqual(['answer', 'thread/name/updated']);
    expect(told).toEqual([{ threadId, threadName: 'Groceries' }]);
    const named = { thread: { name: 'Groceries' } };
    expect(outcomeOf(client.request('thread/read', { threadId }))).toMatchObject(named);
    const next = clientOf(appOf({ agent: () => EMPTY, store }));
    expect(outcomeOf(next.request('thread/resume', { threadId }))).toMatchObject(named);
    expect(idsOf(next, { searchTerm: 'grocer' })).toEqual([threadId]);
  });

  it('names a stored thread without loading it, and an ephemeral one without a store', () => {
    const { client, threadId } = unloaded();
    expect(outcomeOf(client.request('thread/name/set', { threadId, name: 'x' }))).toEqual({});
    expect(outcomeOf(client.request('thread/read', { threadId }))).toMatchObject({ thread: { name: 'x' } });
    const bare = clientOf(appOf({ agent: () => EMPTY }));
    const ephemeral = startThread(bare);
    expect(outcomeOf(bare.request('thread/name/set', { threadId: ephemeral, name: 'y' }))).toEqual({});
    expect(outcomeOf(bare.request('thread/read', { threadId: ephemeral }))).toMatchObject({ thread: { name: 'y' } });
  });

  it('refuses a name of nothing but spaces', () => {
    const client = clientOf(appOf({ agent: () => EMPTY }));
    const threadId = startThread(client);
    expect(outcomeOf(client.request('thread/name/set', { threadId, name: ' \n' }))).toBe(
      '-32600 thread name must not be empty',
    );
  });
});

describe('a change of a thread', () => {
  const changes = [
    ['thread/archive', {}],
    ['thread/unarchive', {}],
    ['thread/name/set', { name: 'x' }],
  ] as const;

  it.each(changes)('%s is refused where nobody knows the thread', (method, more) => {
    for (const options of [{}, { store: memoryThreadStore() }]) {
      const client = clientOf(appOf({ agent: () => EMPTY, ...options }));
      expect(outcomeOf(client.request(method, { threadId: 'nope', ...more }))).toBe('-32600 thread not found: nope');
    }
  });

  it.each(changes)(
    '%s that could not be stored is not made: its answer says so, and no event tells of it',
    (method, more) => {
      const server = appOf({ agent: () => EMPTY, store: fullStore('named', 'archived') });
      const { client, seen } = watch(server);
      const threadId = startThread(client);
      seen.length = 0;
      expect(outcomeOf(client.request(method, { threadId, ...more }))).toBe('-32603 disk full');
      expect(outcomeOf(client.request('thread/read', { threadId }))).toMatchObject({ thread: { name: null } });
      expect(seen).toEqual([]);
    },
  );

  it('is answered when the store has it, and holds up nothing else of the thread meanwhile (C5)', () => {
    run(({ cold, flush }) => {
      const server = appOf({ agent: () => EMPTY, store: slowStore(100), unloadAfter: Infinity });
      const { client, seen } = watch(server);
      const threadId = startThread(client);
      client.request('thread/name/set', { threadId, name: 'x' }).subscribe(() => seen.push('answer'));
      startTurn(client, threadId);
      expect(seen.at(-1)).toBe('turn/completed completed');
      seen.length = 0;
      cold('101ms x').subscribe(() => {
        expect(seen).toEqual(['answer', 'thread/name/updated']);
      });
      flush();
    });
  });

  it('is made and told also when the one who asked has gone', () => {
    run(({ cold, flush }) => {
      const server = appOf({ agent: () => EMPTY, store: slowStore(100), unloadAfter: Infinity });
      const { client, seen } = watch(server);
      const threadId = startThread(client);
      const wire = fakeWire();
      server.attach(wire);
      wire.receive(
        { id: 1, method: 'initialize', params: { clientInfo: { name: 'gone', version: '1' } } },
        { id: 2, method: 'thread/name/set', params: { threadId, name: 'x' } },
      );
      wire.end();
      cold('101ms x').subscribe(() => {
        expect(seen.at(-1)).toBe('thread/name/updated');
        expect(outcomeOf(client.request('thread/read', { threadId }))).toMatchObject({ thread: { name: 'x' } });
      });
      flush();
    });
  });

  it('reaches a thread that is loaded while the store writes', () => {
    run(({ cold, flush }) => {
      const store = memoryThreadStore();
      const threadId = startThread(clientOf(appOf({ agent: () => EMPTY, store, newId: () => 'stored' })));
      const client = clientOf(appOf({ agent: () => EMPTY, store: slowStore(10, store), unloadAfter: Infinity }));
      client.request('thread/resume', { threadId }).subscribe();
      client.request('thread/name/set', { threadId, name: 'x' }).subscribe();
      cold('20ms x').subscribe(() => {
        expect(outcomeOf(client.request('thread/read', { threadId }))).toMatchObject({
          thread: { name: 'x', status: { type: 'idle' } },
        });
      });
      flush();
    });
  });
});
