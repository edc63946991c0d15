/** W13 to W18b: what upstream does wrong with its questions to the client, each with a spec that it does not happen. */
import { concat, concatMap, NEVER, type Observable, of } from 'rxjs';

import type { AgentEvent, TurnContext } from '../../src/app-server/index.js';
import { isLagged } from '../../src/backpressure/index.js';
import { startInProcess } from '../../src/in-process/index.js';
import { defineContract, serverRequest, type } from '../../src/protocol/index.js';
import { createServer } from '../../src/server/index.js';
import { fakeWire, run } from '../../src/testing/index.js';
import {
  at,
  connectPlain,
  expectIdleServer,
  hostPlain,
  idsOf,
  latest,
  named,
  openSession,
  plain,
  plainHandlers,
  responsesTo,
  serveFormal,
  servePlain,
  watch,
} from '../rules/support.js';
import { startApp, startThread, startTurn } from './start-app.js';
import { ask, brief } from './support.js';

/** Asks before it runs a command, and tells what came of it. */
function careful({ requestApproval, newItemId }: TurnContext): Observable<AgentEvent> {
  const id = newItemId();
  return concat(
    of<AgentEvent>({ type: 'itemStarted', item: { type: 'commandExecution', id, command: 'ls' } }),
    requestApproval({ itemId: id, command: 'ls' }).pipe(
      concatMap((decision) => {
        const outcome = decision === 'accept' ? { exitCode: 0 } : ({ status: 'declined' } as const);
        return of<AgentEvent>({ type: 'itemCompleted', itemId: id, outcome });
      }),
    ),
  );
}

describe('W13 a slow user interface denies nothing', () => {
  it('an approval outlasts a flood of events and is accepted by a dialog that comes an hour later', () => {
    run(({ flush }) => {
      const flood: AgentEvent[] = Array.from({ length: 5_000 }, (_, n) => ({ type: 'warning', message: `${n}` }));
      const { client } = startApp({ agent: (turn) => concat(of(...flood), careful(turn)) }, { capacity: 1 });
      const threadId = startThread(client);
      startTurn(client, threadId);
      at(3_600_000, () => {
        client.handle('item/commandExecution/requestApproval', () => ({ decision: 'accept' }));
      });
      flush();
      const read = watch(client.request('thread/read', { threadId, includeTurns: true }));
      expect(read.values[0]?.thread.turns[0]?.items).toContainEqual(
        expect.objectContaining({ type: 'commandExecution', status: 'completed' }),
      );
    });
  });

  it('questions count in no budget of the events', () => {
    const { client, wire } = connectPlain({ limits: { events: 1, losslessEvents: 1 } });
    for (let n = 0; n < 100; n += 1) wire.receive({ method: 'done', params: { n } }, ask(n));
    expect(client.stats().serverRequests.open).toBe(100);
    expect(wire.sent).toEqual([]);
    const words = brief(watch(client.events$).values);
    expect(words.slice(0, 3)).toEqual(['done 0', 'ask', 'skipped 1']);
    expect(words.filter((word) => word === 'ask')).toHaveLength(100);
  });

  it('a question waits for a full sink in its place among the events, whatever gives way around it', () => {
    const { server, wire, connection } = serveFormal({}, { limits: { events: 1 } });
    const after = openSession(wire, { lag: true });
    wire.fill();
    connection.notify('done', { n: 0 });
    for (let n = 0; n < 100; n += 1) connection.notify('delta', { n });
    const answer = watch(server.request(connection, 'approve', { command: 'ls' }));
    for (let n = 100; n < 200; n += 1) connection.notify('delta', { n });
    wire.drain();
    expect(brief(after())).toEqual(['done 0', 'skipped 100', 'approve', 'skipped 99', 'delta 199']);
    expect(answer.end).toBe('open');
  });
});

describe('W14 a question that cannot be shown is refused, and the refusal always arrives', () => {
  it('with every queue of the client full', () => {
    const { client, wire } = connectPlain({ limits: { inFlight: 1, requests: 1, serverRequests: 1, events: 1 } });
    for (const text of ['on the wire', 'waiting']) watch(client.request('echo', text));
    wire.fill();
    wire.receive(ask('shown'), ask('refused'));
    expect(responsesTo('refused', wire.sent)).toMatchObject([{ error: { code: -32001 } }]);
    expect(responsesTo('shown', wire.sent)).toEqual([]);
  });

  it('with a client that shuts down, or is gone', () => {
    run(({ flush }) => {
      const leaving = hostPlain();
      const asked = watch(leaving.server.request(leaving.connection, 'approve', { command: 'ls' }));
      watch(leaving.client.shutdown());
      const gone = servePlain();
      const lost = watch(gone.server.request(gone.connection, 'approve', { command: 'ls' }));
      gone.wire.end();
      flush();
      expect([asked.end, lost.end]).toEqual(['error', 'error']);
      expect([asked.ends, lost.ends]).toEqual([1, 1]);
    });
  });

  it('and a question may have a time limit of its own', () => {
    run(({ flush }) => {
      const { server, client, connection } = hostPlain();
      const answer = watch(server.request(connection, 'approve', { command: 'ls' }, { timeout: 50 }));
      at(51, () => {
        expect(answer.error).toMatchObject({ name: 'TransportError', reason: 'timeout' });
        expect(client.stats().serverRequests.open).toBe(0);
      });
      flush();
      expect(answer.ends).toBe(1);
    });
  });
});

describe('W15 a consumer that stops listening stops nobody', () => {
  it('events are not kept, requests go on, and a question waits for whoever answers', () => {
    const { server, client, connection } = hostPlain({}, { client: { capacity: 1 } });
    watch(client.events$).unsubscribe();
    for (let n = 0; n < 10_000; n += 1) connection.notify('done', { n });
    expect(client.stats().events).toMatchObject({ emitted: 10_000, waiting: 0 });
    expect(watch(client.request('echo', 'x')).values).toEqual(['x']);
    const answer = watch(server.request(connection, 'ask', 'well?'));
    client.handle('ask', () => 'yes');
    expect(answer.values).toEqual(['yes']);
  });
});

describe('W16 one rule for the end', () => {
  const next: Record<string, (served: ReturnType<typeof hostPlain>) => void> = {
    nothing: () => undefined,
    'a notification': ({ connection }) => void connection.notify('done', { n: 1 }),
    'a question': ({ server, connection }) => void watch(server.request(connection, 'ask', 'well?')),
  };

  it.each(Object.entries(next))('no listener is no end, with %s coming next', (_, happen) => {
    const served = hostPlain();
    watch(served.client.events$).unsubscribe();
    happen(served);
    expect(latest(served.client.state$)).toEqual({ type: 'ready' });
    expect(served.server.stats().connections).toBe(1);
  });

  it.each(Object.entries(next))('the end of the wire is the end at once, with %s coming next', (_, happen) => {
    const served = hostPlain();
    const connections = watch(served.server.connections$);
    served.connection.close('gone');
    happen(served);
    expect(latest(served.client.state$)).toMatchObject({ type: 'closed', reason: 'gone' });
    expect(connections.end).toBe('complete');
  });
});

describe('W17 an answer belongs to the question, and says what became of it', () => {
  it('at the client: sent, already settled, unknown, closed', () => {
    const { client, wire } = connectPlain();
    wire.receive(ask(1), ask(2));
    const said = [client.respond(1, 'yes'), client.respond(1, 'again'), client.respond(99, 'what?')];
    wire.end();
    expect([...said, client.respond(2, 'late')]).toEqual(['sent', 'alreadySettled', 'unknown', 'closed']);
  });

  it('at the server: only who was asked can answer, anyone else is a diagnostic', () => {
    const { server, wire, connection } = servePlain();
    const stranger = fakeWire();
    server.attach(stranger);
    const diagnostics = watch(server.diagnostics$);
    const answer = watch(server.request(connection, 'ask', 'well?'));
    const id = idsOf('ask', wire.sent)[0] ?? 'none';
    stranger.receive({ id, result: 'forged' });
    wire.receive({ id: 4711, result: 'to nothing' });
    expect(answer.end).toBe('open');
    expect(diagnostics.values).toEqual([
      { type: 'unmatchedResponse', id },
      { type: 'unmatchedResponse', id: 4711 },
    ]);
    wire.receive({ id, result: 'real' });
    expect(answer.values).toEqual(['real']);
  });
});

describe('W18 open questions can be listed and shown again at any time', () => {
  it('to a client that comes after the first has gone, and each is resolved exactly once', () => {
    const server = createServer(plain, plainHandlers);
    const thread = server.audience();
    const first = fakeWire();
    thread.add(server.attach(first));
    const answers = ['one', 'two'].map((command) => watch(server.request(thread, 'approve', { command })));
    first.end();
    expect(server.openRequests()).toMatchObject([{ params: { command: 'one' } }, { params: { command: 'two' } }]);
    const second = startInProcess(server, { ownServer: false });
    const events = watch(second.events$);
    for (const connection of latest(server.connections$) ?? []) thread.add(connection);
    expect(second.openRequests().map(({ id }) => id)).toEqual([0, 1]);
    for (const { id } of second.openRequests()) second.respond(id, { decision: 'accept' });
    for (const id of [0, 1]) second.respond(id, { decision: 'decline' });
    expect(answers.map(({ values }) => values)).toEqual([[{ decision: 'accept' }], [{ decision: 'accept' }]]);
    expect(brief(events.values)).toEqual(['approve', 'approve', 'resolved', 'resolved']);
    expectIdleServer(server);
    watch(second.shutdown());
  });

  it('and is resolved for a client too that was asked before it listened to any event', () => {
    const { server, client, connection } = hostPlain();
    const answer = watch(server.request(connection, 'ask', 'well?'));
    answer.unsubscribe();
    expect(client.stats().serverRequests.open).toBe(0);
    const words = watch(client.events$).values.map((event) => !isLagged(event) && event.method);
    expect(words).toEqual(['ask', 'resolved']);
  });

  it('and every end of a question is told once', () => {
    const { server, wire, connection } = servePlain();
    const answer = watch(server.request(connection, 'ask', 'well?'));
    const id = idsOf('ask', wire.sent)[0] ?? 'none';
    wire.receive({ id, result: 'yes' }, { id, result: 'again' });
    answer.unsubscribe();
    expect(named('resolved', wire.sent)).toHaveLength(1);
  });
});

describe('W18b no question is refused for the embedder', () => {
  it('whoever hosts the server may answer any method of the contract, fresh credentials included', () => {
    const contract = defineContract({
      requests: {},
      serverRequests: {
        'account/tokens/refresh': serverRequest({
          params: type<{ reason: string }>(),
          result: type<{ token: string }>(),
        }),
      },
    });
    const server = createServer(contract, {});
    const client = startInProcess(server);
    client.handle('account/tokens/refresh', ({ reason }) => (reason === 'expired' ? { token: 'fresh' } : NEVER));
    const [connection] = latest(server.connections$) ?? [];
    if (connection === undefined) throw new Error('the client is not attached');
    const answer = watch(server.request(connection, 'account/tokens/refresh', { reason: 'expired' }));
    expect(answer.values).toEqual([{ token: 'fresh' }]);
    watch(client.shutdown());
  });
});
