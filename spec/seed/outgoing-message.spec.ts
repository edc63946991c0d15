/** The tests of what a server sends and asks: each message finds its connection, each question its end. */
import { ignoreElements, lastValueFrom, NEVER, type Observable, Subject, tap } from 'rxjs';

import { type AgentEvent, isTurnTransition, type TurnContext } from '../../src/app-server/index.js';
import { RpcError } from '../../src/protocol/index.js';
import { fakeWire, run } from '../../src/testing/index.js';
import { expectIdleServer, hostPlain, idsOf, named, servePlain, watch } from '../rules/support.js';
import { startApp, startThread, startTurn } from './start-app.js';
import { brief } from './support.js';

describe('an answer', () => {
  it('goes to the connection that asked', () => {
    const { server, wire } = servePlain();
    const other = fakeWire();
    server.attach(other);
    wire.receive({ id: 1, method: 'echo', params: 'x' });
    expect([wire.sent, other.sent]).toEqual([[{ id: 1, result: 'x' }], []]);
  });

  it('that is an error goes to the connection that asked', () => {
    const { server, wire } = servePlain({
      echo: () => {
        throw new RpcError(4711, 'no', 'why');
      },
    });
    const other = fakeWire();
    server.attach(other);
    wire.receive({ id: 1, method: 'echo', params: 'x' });
    expect([wire.sent, other.sent]).toEqual([[{ id: 1, error: { code: 4711, message: 'no', data: 'why' } }], []]);
  });

  it('ends what was kept for its request: the id is free again', () => {
    const jobs = [new Subject<number>(), new Subject<number>()];
    let started = 0;
    const { server, wire } = servePlain({ work: () => jobs[started++] ?? NEVER });
    wire.receive({ id: 1, method: 'work', params: { n: 1 } });
    jobs[0]?.next(10);
    jobs[0]?.complete();
    expectIdleServer(server);
    wire.receive({ id: 1, method: 'work', params: { n: 2 } });
    jobs[1]?.next(20);
    jobs[1]?.complete();
    expect(wire.sent).toEqual([
      { id: 1, result: 10 },
      { id: 1, result: 20 },
    ]);
  });
});

describe('a connection that ends', () => {
  it('takes along what was kept for its own requests only', () => {
    const jobs = [new Subject<number>(), new Subject<number>()];
    const { server, wire } = servePlain({ work: ({ n }) => jobs[n] ?? NEVER });
    const other = fakeWire();
    server.attach(other);
    for (const [n, each] of [wire, other].entries()) each.receive({ id: 1, method: 'work', params: { n } });
    wire.end();
    expect(jobs.map(({ observed }) => observed)).toEqual([false, true]);
    expect(server.stats().requests.running).toBe(1);
    jobs[1]?.next(5);
    jobs[1]?.complete();
    expect([wire.sent, other.sent]).toEqual([[], [{ id: 1, result: 5 }]]);
    expectIdleServer(server);
  });
});

describe('a notification', () => {
  it('says whether the wire has it, and when what waited is out', () => {
    const { wire, connection } = servePlain();
    const writable = watch(connection.writable$);
    expect(connection.notify('done', { n: 1 })).toBe('sent');
    wire.fill();
    expect(connection.notify('done', { n: 2 })).toBe('sent');
    expect(connection.notify('done', { n: 3 })).toBe('queued');
    expect(writable.values).toEqual([]);
    wire.drain();
    expect(brief(wire.sent)).toEqual(['done 1', 'done 2', 'done 3']);
    expect(writable.values).toHaveLength(1);
  });

  it('of a configuration warning has the words of the protocol', () => {
    const { client } = startApp({ configWarnings: [{ summary: 'Unknown key', details: 'line 3' }] });
    expect(watch(client.events$).values).toMatchObject([
      { type: 'notification', method: 'configWarning', params: { summary: 'Unknown key', details: 'line 3' } },
    ]);
  });
});

describe('a question', () => {
  it('that the client answers with an error ends with that error where it was asked', () => {
    const { server, wire, connection } = servePlain();
    const answer = watch(server.request(connection, 'ask', 'well?'));
    wire.receive({
      id: idsOf('ask', wire.sent)[0] ?? 'none',
      error: { code: -32000, message: 'refused', data: 'why' },
    });
    expect(answer.error).toMatchObject({ name: 'RpcError', code: -32000, message: 'refused', data: 'why' });
    expect(answer.ends).toBe(1);
  });

  it('is listed with the others of its audience by id, and put to a newcomer in that order', () => {
    const { server, wire, connection } = servePlain();
    const [thread, elsewhere] = [server.audience(), server.audience()];
    for (const command of ['one', 'two', 'three']) watch(server.request(thread, 'approve', { command }));
    watch(server.request(elsewhere, 'approve', { command: 'not theirs' }));
    expect(server.openRequests().map(({ id }) => id)).toEqual([0, 1, 2, 3]);
    thread.add(connection);
    expect(named('approve', wire.sent)).toMatchObject(
      ['one', 'two', 'three'].map((command, id) => ({ id, params: { command } })),
    );
  });

  it('that a thread takes back is gone for everyone, with those of other threads left', () => {
    const { server, client, connection } = hostPlain();
    const thread = ['one', 'two'].map((command) =>
      watch(server.request(connection, 'approve', { command, scope: 'thread 1' })),
    );
    watch(server.request(connection, 'approve', { command: 'other', scope: 'thread 2' }));
    for (const answer of thread) answer.unsubscribe();
    expect(client.openRequests().map(({ params }) => params)).toMatchObject([{ command: 'other' }]);
    expect(server.openRequests()).toMatchObject([{ params: { command: 'other' } }]);
  });

  it('that fails leaves nothing open, neither here nor there', () => {
    const { server, client, connection } = hostPlain();
    const answer = watch(server.request(connection, 'ask', 'well?'));
    client.openRequests()[0]?.fail(new Error('closed the dialog'));
    expect(answer.error).toMatchObject({ code: -32603 });
    expect(client.stats().serverRequests).toEqual({ open: 0, settled: 1 });
    expect(server.stats().serverRequests).toEqual({ open: 0, settled: 1 });
  });

  it('that only the end of its turn settled is no decision: the agent hears nothing and the dialog closes', () => {
    run(() => {
      const decisions: unknown[] = [];
      const agent = ({ requestApproval }: TurnContext): Observable<AgentEvent> =>
        requestApproval({ itemId: 'i', command: 'rm -rf /' }).pipe(
          tap({ next: (decision) => decisions.push(decision), error: (error) => decisions.push(error) }),
          ignoreElements(),
        );
      const { server, client } = startApp({ agent });
      const threadId = startThread(client);
      const turnId = startTurn(client, threadId);
      expect(client.stats().serverRequests.open).toBe(1);
      watch(client.request('turn/interrupt', { threadId, turnId }));
      expect(client.stats().serverRequests.open).toBe(0);
      expect(server.openRequests()).toEqual([]);
      expect(decisions).toEqual([]);
    });
  });

  it.each([
    ['says so', { reason: 'turnTransition' }, true],
    ['gives another reason', { reason: 'other' }, false],
    ['gives a reason that is no string', { reason: true }, false],
    ['gives none', {}, false],
    ['carries null', null, false],
    ['carries a bare string', 'turnTransition', false],
    ['carries nothing', undefined, false],
  ])('is known to have ended with its turn only by an error that %s', (_, data, expected) => {
    expect(isTurnTransition(new RpcError(-32603, 'no', data))).toBe(expected);
  });

  it('that an agent made of promises has asked ends with the turn, and the agent is told why', async () => {
    const told: unknown[] = [];
    const agent = ({ requestApproval }: TurnContext): Observable<AgentEvent> => {
      lastValueFrom(requestApproval({ itemId: 'i', command: 'ls' })).catch((error: unknown) => {
        told.push(isTurnTransition(error));
      });
      return NEVER;
    };
    const { client } = startApp({ agent });
    const threadId = startThread(client);
    const turnId = startTurn(client, threadId);
    watch(client.request('turn/interrupt', { threadId, turnId }));
    expect(client.stats().serverRequests.open).toBe(0);
    await client[Symbol.asyncDispose]();
    expect(told).toEqual([true]);
  });
});
