import { concat, concatMap, EMPTY, merge, NEVER, of, Subject, take, tap } from 'rxjs';

import type { AgentEvent, ThreadResumeResult, Turn } from '../../src/app-server/index.js';
import { memoryThreadStore } from '../../src/app-server/store/memory-thread-store.js';
import { fakeWire, run } from '../../src/testing/index.js';
import { scriptedAgent } from '../../src/testing/scripted-agent.js';
import { type AppClient, appOf, clientOf, outcomeOf, startThread, startTurn, watch } from './app-harness.js';
import { loggedStore, slowStore } from './fake-store.js';

const message = (id: string): AgentEvent => ({ type: 'itemStarted', item: { type: 'agentMessage', id } });
const delta = (itemId: string, text: string): AgentEvent => ({ type: 'delta', itemId, delta: text });
const done = (itemId: string): AgentEvent => ({ type: 'itemCompleted', itemId });
const hello = [message('m'), delta('m', 'hel'), delta('m', 'lo'), done('m')];

/** The answer of `thread/resume`. */
function resume(client: AppClient, threadId: string): ThreadResumeResult | undefined {
  let result: ThreadResumeResult | undefined;
  client.request('thread/resume', { threadId }).subscribe((answer) => (result = answer));
  return result;
}

describe('thread/start', () => {
  it('keeps a thread where there is a store, unless told otherwise', () => {
    const store = loggedStore();
    const client = clientOf(appOf({ agent: () => EMPTY, store }));
    expect(outcomeOf(client.request('thread/start', {}))).toMatchObject({ thread: { ephemeral: false, name: null } });
    expect(outcomeOf(client.request('thread/start', { ephemeral: true }))).toMatchObject({
      thread: { ephemeral: true },
    });
    expect(store.asked).toEqual(['create id1']);
  });

  it('says of every thread that it is ephemeral where there is no store', () => {
    const client = clientOf(appOf({ agent: () => EMPTY }));
    for (const params of [{}, { ephemeral: false }, { ephemeral: null }, { ephemeral: true }]) {
      expect(outcomeOf(client.request('thread/start', params))).toMatchObject({ thread: { ephemeral: true } });
    }
  });

  it('hands the model and the settings of the thread to the agent', () => {
    const agent = scriptedAgent([]);
    const models = [
      { id: 'a', model: 'small', displayName: 'A', description: '', hidden: false, isDefault: false },
      { id: 'b', model: 'big', displayName: 'B', description: '', hidden: false, isDefault: true },
    ];
    const client = clientOf(appOf({ agent, models }));
    expect(outcomeOf(client.request('thread/start', {}))).toMatchObject({ model: 'big' });
    expect(outcomeOf(client.request('thread/start', { model: 'small', config: { effort: 'low' } }))).toMatchObject({
      model: 'small',
    });
    for (const threadId of ['id1', 'id2']) startTurn(client, threadId);
    expect(agent.turns).toMatchObject([
      { model: 'big', config: {} },
      { model: 'small', config: { effort: 'low' } },
    ]);
  });

  it('answers at once, however slow the store is', () => {
    run(({ flush }) => {
      const { client, seen } = watch(appOf({ agent: scriptedAgent(hello), store: slowStore(1_000) }));
      startTurn(client, startThread(client));
      expect(seen.at(-1)).toBe('turn/completed completed');
      client.shutdown();
      flush();
    });
  });
});

describe('thread/resume of a loaded thread (U-R11.11)', () => {
  it('answers with history and the running turn, and goes on with the events after it: none lost, none doubled', () => {
    run(({ cold, flush }) => {
      const script = cold('a-b-c-d-(e|)', {
        a: message('m'),
        b: delta('m', 'one '),
        c: delta('m', 'two '),
        d: delta('m', 'three'),
        e: done('m'),
      });
      const server = appOf({ agent: scriptedAgent(script) });
      const starter = clientOf(server);
      const threadId = startThread(starter);
      startTurn(starter, threadId);
      const late = watch(server);
      cold('-----x').subscribe(() => {
        const result = resume(late.client, threadId);
        expect(result?.thread).toMatchObject({
          id: threadId,
          status: { type: 'active', activeFlags: [] },
          turns: [{ status: 'inProgress', items: [{ type: 'userMessage' }, { id: 'm', text: 'one two ' }] }],
        });
        late.seen.length = 0;
      });
      cold('20ms x').subscribe(() => {
        expect(late.seen).toEqual(['delta three', 'completed agentMessage', 'status idle', 'turn/completed completed']);
      });
      flush();
    });
  });

  it('shows the same turn to one who joins in the very moment of any event', () => {
    // Whatever another client hears first, the late one gets each event in the snapshot or after it, once.
    const told = [
      'turn/started',
      'item/started',
      'item/agentMessage/delta',
      'item/completed',
      'turn/completed',
    ] as const;
    for (const moment of told) {
      for (const nth of [1, 2]) {
        const server = appOf({ agent: scriptedAgent([...hello, message('n'), delta('n', 'x'), done('n')]) });
        const starter = clientOf(server);
        const threadId = startThread(starter);
        const late = clientOf(server);
        const after: string[] = [];
        let snapshot: Turn | undefined;
        let heard = 0;
        starter.notifications(moment).subscribe(() => {
          heard += 1;
          if (heard !== nth) return;
          late.request('thread/resume', { threadId }).subscribe(({ thread }) => {
            snapshot = thread.turns[0];
            late.events$.subscribe((event) => {
              if ('method' in event && event.method.startsWith('item/completed')) after.push(event.method);
              if ('method' in event && event.method === 'turn/completed') after.push(event.method);
            });
          });
        });
        startTurn(starter, threadId);
        if (heard < nth) continue;
        const complete = snapshot?.items.filter(({ completedAtMs }) => typeof completedAtMs === 'number') ?? [];
        const ends = after.filter((method) => method === 'item/completed');
        expect([moment, nth, complete.length + ends.length]).toEqual([moment, nth, 3]);
        const isOver = snapshot?.status === 'completed';
        expect([moment, nth, after.includes('turn/completed')]).toEqual([moment, nth, !isOver]);
      }
    }
  });

  it('answers first and puts the open questions then, in the order of their ids (S4, U-R5.9)', () => {
    const agent = scriptedAgent(({ requestApproval }) =>
      merge(...['a', 'b', 'c'].map((itemId) => requestApproval({ itemId, command: itemId }))).pipe(
        concatMap(() => EMPTY),
      ),
    );
    const server = appOf({ agent });
    const starter = clientOf(server);
    const threadId = startThread(starter);
    startTurn(starter, threadId);
    const wire = fakeWire();
    server.attach(wire);
    wire.receive(
      { id: 'i', method: 'initialize', params: { clientInfo: { name: 'late', version: '1' } } },
      { id: 'r', method: 'thread/resume', params: { threadId } },
    );
    expect(wire.sent.slice(1).map((sent) => ('id' in sent ? sent.id : sent.method))).toEqual(['r', 0, 1, 2]);
    starter.shutdown();
    expect(server.openRequests().map(({ id }) => id)).toEqual([0, 1, 2]);
  });

  it('puts questions that come up while it answers after those that were open before', () => {
    const more = new Subject<void>();
    const agent = scriptedAgent(({ requestApproval }) =>
      merge(
        requestApproval({ itemId: 'a', command: 'a' }),
        more.pipe(concatMap(() => requestApproval({ itemId: 'b', command: 'b' }))),
      ).pipe(concatMap(() => EMPTY)),
    );
    const server = appOf({ agent });
    const starter = clientOf(server);
    const threadId = startThread(starter);
    startTurn(starter, threadId);
    const late = watch(server);
    late.client.request('thread/resume', { threadId }).subscribe(() => {
      late.seen.push('answer');
      more.next();
    });
    expect(late.seen.filter((event) => /^(answer|ask)/.test(event))).toEqual(['answer', 'ask 0', 'ask 1']);
  });

  it('loses no event its own answer causes', () => {
    const more = new Subject<AgentEvent>();
    const server = appOf({ agent: () => more });
    const starter = clientOf(server);
    const threadId = startThread(starter);
    startTurn(starter, threadId);
    const late = watch(server);
    late.client.request('thread/resume', { threadId }).subscribe(() => {
      late.seen.push('answer');
      more.next(message('m'));
    });
    expect(late.seen).toEqual(['answer', 'started agentMessage']);
  });

  it('lets the first answer win and tells all who were asked (S1, S3)', () => {
    const agent = scriptedAgent(({ requestApproval }) =>
      requestApproval({ itemId: 'a', command: 'ls' }).pipe(concatMap(() => EMPTY)),
    );
    const server = appOf({ agent });
    const one = watch(server);
    const two = watch(server);
    const threadId = startThread(one.client);
    resume(two.client, threadId);
    startTurn(one.client, threadId);
    expect(two.client.respond(0, { decision: 'decline' })).toBe('sent');
    expect(one.client.respond(0, { decision: 'accept' })).toBe('alreadySettled');
    for (const { seen } of [one, two]) expect(seen.filter((event) => event === 'resolved 0')).toHaveLength(1);
  });

  it('twice on one connection gives a second snapshot and no event twice', () => {
    const agent = scriptedAgent(() => NEVER.pipe());
    const { client, seen } = watch(appOf({ agent }));
    const threadId = startThread(client);
    expect(resume(client, threadId)?.thread.id).toBe(threadId);
    expect(resume(client, threadId)?.thread.id).toBe(threadId);
    startTurn(client, threadId);
    expect(seen.filter((event) => event === 'turn/started')).toHaveLength(1);
  });

  it('leaves the choices of whoever loaded it alone', () => {
    const client = clientOf(appOf({ agent: () => EMPTY }));
    const threadId = startThread(client, { cwd: '/mine', approvalPolicy: 'never' });
    expect(outcomeOf(client.request('thread/resume', { threadId, cwd: '/other' }))).toMatchObject({
      cwd: '/mine',
      approvalPolicy: 'never',
    });
  });
});

describe('thread/resume of a stored thread', () => {
  /** A store with one thread of one turn, as a server that is gone left it. */
  function left(agent = scriptedAgent(hello)): { store: ReturnType<typeof memoryThreadStore>; threadId: string } {
    const store = memoryThreadStore();
    const server = appOf({ agent, store, newId: counted('old') });
    const client = clientOf(server);
    const threadId = startThread(client, { cwd: '/mine', approvalPolicy: 'never' });
    startTurn(client, threadId, 'say hello');
    server.shutdown();
    return { store, threadId };
  }

  it('rebuilds it as it was', () => {
    const { store, threadId } = left();
    const { client, seen } = watch(appOf({ agent: () => EMPTY, store }));
    expect(resume(client, threadId)).toMatchObject({
      thread: {
        id: threadId,
        preview: 'say hello',
        ephemeral: false,
        cwd: '/mine',
        status: { type: 'idle' },
        turns: [
          {
            status: 'completed',
            itemsView: 'full',
            items: [
              { type: 'userMessage', content: [{ type: 'text', text: 'say hello' }] },
              { type: 'agentMessage', text: 'hello' },
            ],
          },
        ],
      },
      cwd: '/mine',
      approvalPolicy: 'never',
    });
    expect(seen).toEqual(['status idle']);
  });

  it('shows what was under way when its process died as interrupted (U-R11.12)', () => {
    run(({ cold, flush }) => {
      const store = memoryThreadStore();
      const script = cold('(ab)', { a: hello[0] as AgentEvent, b: hello[1] as AgentEvent });
      const first = clientOf(appOf({ agent: scriptedAgent(script), store, newId: counted('old') }));
      const threadId = startThread(first);
      startTurn(first, threadId);
      cold('-----x').subscribe(() => {
        // Nobody told the store that anything ended.
        const client = clientOf(appOf({ agent: () => EMPTY, store }));
        expect(resume(client, threadId)?.thread.turns).toMatchObject([
          { status: 'interrupted', items: [{ type: 'userMessage' }] },
        ]);
        expect(outcomeOf(client.request('thread/read', { threadId, includeTurns: true }))).toMatchObject({
          thread: { turns: [{ status: 'interrupted' }] },
        });
      });
      flush();
    });
  });

  it('keeps what an interrupted item had so far', () => {
    const { store, threadId } = left(scriptedAgent(() => concat(of(...hello.slice(0, 2)), NEVER)));
    const client = clientOf(appOf({ agent: () => EMPTY, store }));
    expect(resume(client, threadId)?.thread.turns).toMatchObject([
      { status: 'interrupted', items: [{ type: 'userMessage' }, { type: 'agentMessage', text: 'hel' }] },
    ]);
  });

  it('takes new turns, whose agent knows the old ones', () => {
    const { store, threadId } = left();
    const past: number[] = [];
    const agent = scriptedAgent(({ pastTurns }) => {
      past.push(pastTurns().length);
      return [];
    });
    const client = clientOf(appOf({ agent, store }));
    resume(client, threadId);
    startTurn(client, threadId);
    startTurn(client, threadId);
    expect(past).toEqual([1, 2]);
    const again = clientOf(appOf({ agent: () => EMPTY, store, newId: counted('new') }));
    expect(resume(again, threadId)?.thread.turns).toHaveLength(3);
  });

  it('may be told to work elsewhere and otherwise', () => {
    const { store, threadId } = left();
    const agent = scriptedAgent([]);
    const client = clientOf(appOf({ agent, store }));
    const choices = { cwd: '/new', approvalPolicy: 'untrusted' as const, model: 'x', config: { a: 1 } };
    expect(outcomeOf(client.request('thread/resume', { threadId, ...choices }))).toMatchObject({
      cwd: '/new',
      approvalPolicy: 'untrusted',
      model: 'x',
    });
    startTurn(client, threadId);
    expect(agent.turns).toMatchObject([{ cwd: '/new', model: 'x', config: { a: 1 } }]);
  });

  it('is loaded once for two who ask while the store is slow (C5)', () => {
    run(({ flush, expectObservable }) => {
      const { store, threadId } = left();
      const log = loggedStore(store);
      const server = appOf({ agent: () => EMPTY, store: slowStore(5, log), unloadAfter: Infinity });
      const [one, two] = [clientOf(server), clientOf(server)];
      const id$ = (client: AppClient) =>
        client.request('thread/resume', { threadId }).pipe(
          take(1),
          tap(() => undefined),
        );
      expectObservable(id$(one).pipe(concatMap(() => of('r')))).toBe('-----(r|)');
      expectObservable(id$(two).pipe(concatMap(() => of('r')))).toBe('-----(r|)');
      flush();
      expect(log.asked.filter((what) => what.startsWith('read'))).toEqual([`read ${threadId}`]);
    });
  });

  it('is not loaded for one who lost interest', () => {
    run(({ cold, flush }) => {
      const { store, threadId } = left();
      const server = appOf({ agent: () => EMPTY, store: slowStore(5, store) });
      const wire = fakeWire();
      server.attach(wire);
      wire.receive(
        { id: 1, method: 'initialize', params: { clientInfo: { name: 'gone', version: '1' } } },
        { id: 2, method: 'thread/resume', params: { threadId } },
      );
      wire.end();
      const two = clientOf(server);
      cold('10ms x').subscribe(() => {
        expect(outcomeOf(two.request('thread/loaded/list', {}))).toEqual({ data: [], nextCursor: null });
      });
      flush();
    });
  });

  it('says so of a thread nobody knows', () => {
    const stored = clientOf(appOf({ agent: () => EMPTY, store: memoryThreadStore() }));
    const bare = clientOf(appOf({ agent: () => EMPTY }));
    for (const client of [stored, bare]) {
      for (const method of ['thread/resume', 'thread/read'] as const) {
        expect(outcomeOf(client.request(method, { threadId: 'nope' }))).toBe('-32600 thread not found: nope');
      }
    }
  });
});

describe('thread/read', () => {
  it('reads a stored thread without loading it', () => {
    const store = memoryThreadStore();
    const first = appOf({ agent: scriptedAgent(hello), store, newId: counted('old') });
    const threadId = startThread(clientOf(first));
    const client = clientOf(appOf({ agent: () => EMPTY, store }));
    expect(outcomeOf(client.request('thread/read', { threadId }))).toMatchObject({
      thread: { id: threadId, status: { type: 'notLoaded' }, turns: [] },
    });
    expect(outcomeOf(client.request('thread/loaded/list', {}))).toEqual({ data: [], nextCursor: null });
  });
});

describe('thread/unsubscribe (U-R11.8)', () => {
  it('says what there was to unsubscribe', () => {
    const server = appOf({ agent: () => EMPTY });
    const [client, other] = [clientOf(server), clientOf(server)];
    const threadId = startThread(client);
    expect(outcomeOf(other.request('thread/unsubscribe', { threadId: 'nope' }))).toEqual({ status: 'notLoaded' });
    expect(outcomeOf(other.request('thread/unsubscribe', { threadId }))).toEqual({ status: 'notSubscribed' });
    expect(outcomeOf(client.request('thread/unsubscribe', { threadId }))).toEqual({ status: 'unsubscribed' });
    expect(outcomeOf(client.request('thread/unsubscribe', { threadId }))).toEqual({ status: 'notSubscribed' });
  });

  it('ends the events of the thread for this client alone, and leaves its turn running', () => {
    const work = new Subject<AgentEvent>();
    const server = appOf({ agent: () => work });
    const [one, two] = [watch(server), watch(server)];
    const threadId = startThread(one.client);
    resume(two.client, threadId);
    startTurn(one.client, threadId);
    one.client.request('thread/unsubscribe', { threadId }).subscribe();
    for (const { seen } of [one, two]) seen.length = 0;
    work.next(hello[0] as AgentEvent);
    work.complete();
    expect(one.seen).toEqual(['status idle']);
    expect(two.seen).toEqual(['started agentMessage', 'status idle', 'turn/completed completed']);
  });
});

function counted(prefix: string): () => string {
  let ids = 0;
  return () => `${prefix}${++ids}`;
}
