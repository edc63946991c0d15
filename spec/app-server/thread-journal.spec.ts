import { EMPTY } from 'rxjs';

import type { Diagnostic } from '../../src/protocol/index.js';
import { ThreadJournal } from '../../src/app-server/thread-journal.js';
import { run } from '../../src/testing/index.js';
import { scriptedAgent } from '../../src/testing/scripted-agent.js';
import { appOf, clientOf, startThread, startTurn, watch } from './app-harness.js';
import { fullStore, loggedStore, slowStore } from './fake-store.js';

describe('what a thread keeps', () => {
  it('is its beginning, the beginning and end of each turn, and each item when it is complete', () => {
    const store = loggedStore();
    const agent = scriptedAgent([
      { type: 'itemStarted', item: { type: 'agentMessage', id: 'm' } },
      { type: 'delta', itemId: 'm', delta: 'x' },
      { type: 'itemCompleted', itemId: 'm' },
      { type: 'itemStarted', item: { type: 'commandExecution', id: 'c', command: 'ls' } },
    ]);
    const client = clientOf(appOf({ agent, store }));
    const threadId = startThread(client);
    startTurn(client, threadId);
    expect(store.asked).toEqual([
      `create ${threadId}`,
      `turnStarted of ${threadId}`,
      `item userMessage of ${threadId}`,
      `item agentMessage of ${threadId}`,
      // It never ended by itself; the end of the turn is its end.
      `item commandExecution of ${threadId}`,
      `turnCompleted of ${threadId}`,
    ]);
  });

  it('is nothing of an ephemeral thread', () => {
    const store = loggedStore();
    const client = clientOf(appOf({ agent: scriptedAgent([]), store }));
    client.request('thread/start', { ephemeral: true }).subscribe(({ thread }) => startTurn(client, thread.id));
    expect(store.asked).toEqual([]);
  });
});

describe('a store that fails', () => {
  it('is told to those who watch, and as a diagnostic, each time; the turn does not care', () => {
    const server = appOf({ agent: scriptedAgent([]), store: fullStore('turnStarted', 'turnCompleted') });
    const diagnostics: Diagnostic[] = [];
    server.diagnostics$.subscribe((diagnostic) => diagnostics.push(diagnostic));
    const { client, seen } = watch(server);
    startTurn(client, startThread(client));
    const warning = 'warning the thread could not be stored: disk full';
    expect(seen).toEqual([
      'thread/started',
      warning,
      'status active[]',
      'turn/started',
      'started userMessage',
      'completed userMessage',
      warning,
      'status idle',
      'turn/completed completed',
    ]);
    const error: unknown = expect.objectContaining({ message: 'disk full' });
    const told = { type: 'callbackFailed', method: 'ThreadStore', error };
    expect(diagnostics).toEqual([told, told]);
  });

  it('is told once of a thread whose very beginning it could not keep', () => {
    const { client, seen } = watch(appOf({ agent: scriptedAgent([]), store: fullStore('create') }));
    const threadId = startThread(client);
    for (let i = 0; i < 3; i += 1) startTurn(client, threadId);
    expect(seen.filter((event) => event.startsWith('warning'))).toEqual([
      'warning the thread could not be stored: disk full',
    ]);
    expect(seen.filter((event) => event === 'turn/completed completed')).toHaveLength(3);
  });

  it('is told once also when what followed was on its way already', () => {
    run(({ cold, flush }) => {
      const store = slowStore(10, fullStore('create'));
      const { client, seen } = watch(appOf({ agent: scriptedAgent([]), store, unloadAfter: Infinity }));
      startTurn(client, startThread(client));
      cold('20ms x').subscribe(() => {
        expect(seen.filter((event) => event.startsWith('warning'))).toHaveLength(1);
      });
      flush();
    });
  });

  it('may throw as well as error', () => {
    const errors: unknown[] = [];
    const store = {
      ...loggedStore(),
      append: () => {
        throw new Error('broken');
      },
    };
    const journal = new ThreadJournal(store, 't', (error) => errors.push(error));
    journal.append({ type: 'turnStarted', at: 0, turnId: 'u' });
    expect(errors).toEqual([new Error('broken')]);
  });
});

describe('idle$', () => {
  it('completes when the store has dealt with everything, at once if there is nothing', () => {
    run(({ cold, expectObservable }) => {
      const journal = new ThreadJournal(slowStore(5), 't', () => undefined);
      expectObservable(journal.idle$).toBe('|');
      cold('-x').subscribe(() => {
        journal.append({ type: 'turnStarted', at: 0, turnId: 'u' });
      });
      cold('---x').subscribe(() => {
        journal.append({ type: 'turnStarted', at: 0, turnId: 'v' });
      });
      expectObservable(journal.idle$, '--^').toBe('--------|');
    });
  });
});

describe('D1 shutdown of a server with a store', () => {
  it('waits until the store has all, and closes it', () => {
    run(({ expectObservable, flush }) => {
      const log = loggedStore();
      const server = appOf({ agent: scriptedAgent([]), store: slowStore(100, log) });
      const client = clientOf(server);
      startTurn(client, startThread(client));
      let ended = false;
      client.closed$.subscribe(() => (ended = true));
      expectObservable(server.shutdown()).toBe('100ms (r|)', {
        r: { graceful: true, answered: 0, cancelled: 0, dropped: 0, undelivered: 0, aborted: 0, elapsed: 100 },
      });
      expect(ended).toBe(false);
      flush();
      expect([ended, log.asked.at(-1)]).toEqual([true, 'close']);
    });
  });

  it('waits within its time only', () => {
    run(({ expectObservable }) => {
      const server = appOf({ agent: scriptedAgent([]), store: slowStore(60_000) });
      clientOf(server);
      expectObservable(server.shutdown({ timeout: 50 })).toBe('50ms (r|)', {
        r: { graceful: false, answered: 0, cancelled: 0, dropped: 0, undelivered: 0, aborted: 0, elapsed: 50 },
      });
    });
  });

  it('does not fail because the store does', () => {
    const store = {
      ...loggedStore(),
      close: () => {
        throw new Error('stuck');
      },
    };
    const server = appOf({ agent: () => EMPTY, store });
    const diagnostics: Diagnostic[] = [];
    server.diagnostics$.subscribe((diagnostic) => diagnostics.push(diagnostic));
    const reports: unknown[] = [];
    server.shutdown().subscribe((report) => reports.push(report));
    expect(reports).toMatchObject([{ graceful: true }]);
    expect(diagnostics).toMatchObject([{ type: 'callbackFailed', method: 'onShutdown' }]);
  });
});
