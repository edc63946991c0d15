/** The tests of threads that come into memory and leave it, through the reference server and a store. */
import { concat, ignoreElements, merge, type Observable, timer } from 'rxjs';

import { memoryThreadStore, type ThreadStore } from '../../src/app-server/index.js';
import { run } from '../../src/testing/index.js';
import { at, watch } from '../rules/support.js';
import { joinApp, startApp, startThread, startTurn } from './start-app.js';

/** A store that takes its time, on the clock of the spec. */
function slowStore(frames: number): ThreadStore {
  const store = memoryThreadStore();
  const slowly = <T>(work: Observable<T>): Observable<T> => concat(timer(frames).pipe(ignoreElements()), work);
  return {
    ...store,
    append: (threadId, entry) => slowly(store.append(threadId, entry)),
    read: (threadId) => slowly(store.read(threadId)),
  };
}

describe('the store the embedder gives', () => {
  it('is the one that is asked, once for each list', () => {
    const store = memoryThreadStore();
    const asked: unknown[] = [];
    const list: ThreadStore['list'] = (query) => {
      asked.push(query);
      return store.list(query);
    };
    const { client } = startApp({ store: { ...store, list } });
    const threadId = startThread(client);
    expect(watch(client.request('thread/list', { limit: 7 })).values).toMatchObject([{ data: [{ id: threadId }] }]);
    expect(asked).toMatchObject([{ limit: 7, archived: false }]);
  });
});

describe('a thread that is not loaded', () => {
  it('has that status for whoever reads or lists it', () => {
    const store = memoryThreadStore();
    const threadId = startThread(startApp({ store }).client);
    const { client } = startApp({ store });
    const notLoaded = { id: threadId, status: { type: 'notLoaded' } };
    expect(watch(client.request('thread/read', { threadId })).values).toMatchObject([{ thread: notLoaded }]);
    expect(watch(client.request('thread/list', {})).values).toMatchObject([{ data: [notLoaded] }]);
    expect(watch(client.request('thread/loaded/list', {})).values).toMatchObject([{ data: [] }]);
  });

  it('has it from the moment it is unloaded, and everyone is told', () => {
    run(({ flush }) => {
      const { server, client } = startApp({ store: memoryThreadStore(), unloadAfter: 100 }, { ownServer: false });
      const other = joinApp(server, { ownServer: false });
      const told: unknown[] = [];
      other.notifications('thread/status/changed').subscribe(({ status }) => told.push(status.type));
      other.notifications('thread/closed').subscribe(() => told.push('closed'));
      const threadId = startThread(client);
      watch(client.request('thread/unsubscribe', { threadId }));
      at(99, () => {
        expect(told).toEqual([]);
      });
      at(101, () => {
        expect(told).toEqual(['notLoaded', 'closed']);
        expect(watch(other.request('thread/read', { threadId })).values).toMatchObject([
          { thread: { status: { type: 'notLoaded' } } },
        ]);
        watch(server.shutdown());
      });
      flush();
    });
  });
});

describe('a resume', () => {
  it('in the last moment keeps the thread loaded', () => {
    run(({ flush }) => {
      const { server, client } = startApp({ store: memoryThreadStore(), unloadAfter: 100 }, { ownServer: false });
      const other = joinApp(server, { ownServer: false });
      const closed = watch(other.notifications('thread/closed'));
      const threadId = startThread(client);
      watch(client.request('thread/unsubscribe', { threadId }));
      at(99, () => {
        expect(watch(other.request('thread/resume', { threadId })).values).toMatchObject([
          { thread: { id: threadId, status: { type: 'idle' } } },
        ]);
      });
      at(1_000, () => {
        expect(closed.values).toEqual([]);
        expect(watch(other.request('thread/loaded/list', {})).values).toMatchObject([{ data: [threadId] }]);
        watch(server.shutdown());
      });
      flush();
    });
  });

  it('that the store is still at work for outlives a client that goes', () => {
    run(({ flush }) => {
      const store = slowStore(10);
      const threadId = startThread(startApp({ store }).client);
      const { server, client } = startApp({ store, unloadAfter: 0 }, { ownServer: false });
      const gone = joinApp(server, { ownServer: false });
      const [answer, lost] = [client, gone].map((each) => watch(each.request('thread/resume', { threadId })));
      const closed = watch(client.notifications('thread/closed'));
      at(5, () => {
        watch(gone.shutdown({ timeout: 0 }));
      });
      at(100, () => {
        expect(lost?.ends).toBe(1);
        expect(answer?.values).toMatchObject([{ thread: { id: threadId } }]);
        expect(closed.values).toEqual([]);
        startTurn(client, threadId);
        expect(watch(client.request('thread/loaded/list', {})).values).toMatchObject([{ data: [threadId] }]);
        watch(server.shutdown());
      });
      flush();
    });
  });

  it('of a thread that is being unloaded is told to come again, and then finds all of it', () => {
    run(({ flush }) => {
      const store = slowStore(50);
      const { server, client } = startApp({ store, unloadAfter: 0 }, { ownServer: false });
      const threadId = startThread(client);
      startTurn(client, threadId, 'remember me');
      watch(client.request('thread/unsubscribe', { threadId }));
      at(1, () => {
        const { error } = watch(client.request('thread/resume', { threadId }));
        expect(error).toMatchObject({
          code: -32600,
          message: `thread ${threadId} is closing; retry thread/resume after the thread is closed`,
        });
      });
      const again: unknown[] = [];
      client.notifications('thread/closed').subscribe(() => {
        client.request('thread/resume', { threadId }).subscribe(({ thread }) => again.push(thread));
      });
      at(1_000, () => {
        expect(again).toMatchObject([{ id: threadId, preview: 'remember me', turns: [{ status: 'completed' }] }]);
        watch(server.shutdown());
      });
      flush();
    });
  });

  it('answers first, then puts the open questions again, by id and under their own ids', () => {
    const { server, client } = startApp(
      {
        agent: ({ requestApproval }) =>
          merge(...['one', 'two'].map((command) => requestApproval({ itemId: command, command }))).pipe(
            ignoreElements(),
          ),
      },
      { ownServer: false },
    );
    const threadId = startThread(client);
    startTurn(client, threadId);
    const order: unknown[] = [];
    const other = joinApp(server, {
      ownServer: false,
      listen: (joining) => {
        joining.serverRequests$.subscribe(({ id }) => order.push(id));
      },
    });
    other.request('thread/resume', { threadId }).subscribe(({ thread }) => order.push(thread.turns.length));
    expect(order).toEqual([1, ...client.openRequests().map(({ id }) => id)]);
    expect(order).toHaveLength(3);
    watch(server.shutdown());
  });
});
