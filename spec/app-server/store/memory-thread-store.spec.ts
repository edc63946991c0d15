import { concat, NEVER } from 'rxjs';

import { memoryThreadStore, type StoredThread, type ThreadStore } from '../../../src/app-server/index.js';
import { run } from '../../../src/testing/index.js';
import { named, summaryOf, wholeTurn } from './thread-samples.js';

const readNow = (store: ThreadStore, id: string): StoredThread | undefined => {
  let read: StoredThread | undefined;
  store.read(id).subscribe((thread) => (read = thread));
  return read;
};

describe('memoryThreadStore', () => {
  it('has done all of it before subscribe returns', () => {
    run(({ expectObservable }) => {
      const store = memoryThreadStore();
      expectObservable(
        concat(store.create(summaryOf('t')), store.append('t', named('n')), store.read('t'), store.close()),
      ).toBe('(t|)', { t: { summary: summaryOf('t', { name: 'n' }), turns: [] } });
      expectObservable(store.list({ archived: false, sortKey: 'createdAt', limit: 1 })).toBe('(p|)', {
        p: { threads: [summaryOf('t', { name: 'n' })], nextCursor: null },
      });
    });
  });

  it('does nothing before it is subscribed to, and it again for each subscription (C1)', () => {
    const store = memoryThreadStore();
    const create = store.create(summaryOf('t'));
    expect(readNow(store, 't')).toBeUndefined();
    create.subscribe();
    expect(readNow(store, 't')).toEqual({ summary: summaryOf('t'), turns: [] });
    const errors: unknown[] = [];
    create.subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors).toMatchObject([{ reason: 'exists', threadId: 't' }]);
  });

  it('refuses an entry for a thread it does not know', () => {
    run(({ expectObservable }) => {
      const errors: unknown[] = [];
      memoryThreadStore()
        .append('t', named('n'))
        .subscribe({ error: (error: unknown) => errors.push(error) });
      expect(errors).toMatchObject([{ reason: 'unknown', threadId: 't' }]);
      expectObservable(memoryThreadStore().read('t')).toBe('(u|)', { u: undefined });
    });
  });

  it('leaves a thread that was handed out as it was', () => {
    const store = memoryThreadStore();
    store.create(summaryOf('t')).subscribe();
    const before = readNow(store, 't');
    for (const entry of wholeTurn('a')) store.append('t', entry).subscribe();
    expect(before).toEqual({ summary: summaryOf('t'), turns: [] });
    expect(readNow(store, 't')?.turns).toMatchObject([{ id: 'a', status: 'completed' }]);
  });

  it('holds nothing open: it goes on working after its close', () => {
    run(({ expectObservable }) => {
      const store = memoryThreadStore();
      store.close().subscribe();
      store.create(summaryOf('t')).subscribe();
      expect(readNow(store, 't')).toBeDefined();
      expectObservable(concat(store.close(), store.close(), NEVER)).toBe('-');
    });
  });

  it('errors with a TypeError on a cursor that is none of its own', () => {
    const errors: unknown[] = [];
    memoryThreadStore()
      .list({ archived: false, sortKey: 'createdAt', limit: 1, cursor: 'x' })
      .subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors).toEqual([expect.any(TypeError)]);
  });
});
