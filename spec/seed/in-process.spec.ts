/**
 * The tests of the in-process host: the four of the seed, those of its later versions, and those of a fork that mended
 * what it found. docs/upstream.md says which is which.
 */
import { NEVER } from 'rxjs';

import type { AgentEvent } from '../../src/app-server/index.js';
import { appServerContract } from '../../src/app-server/index.js';
import { ConfigRequirementsResult } from '../../src/app-server/schemas/session.js';
import { connect } from '../../src/client/index.js';
import { fakeWire, run, scriptedAgent } from '../../src/testing/index.js';
import {
  at,
  expectIdleClient,
  expectIdleServer,
  hostPlain,
  latest,
  responsesTo,
  servePlain,
  watch,
} from '../rules/support.js';
import { startApp, startThread, startTurn } from './start-app.js';
import { brief } from './support.js';

describe('the seed', () => {
  it('answers a typed request as soon as it is started, and ends in order', () => {
    run(() => {
      const { client } = startApp({ configRequirements: { allowedApprovalPolicies: ['untrusted'] } });
      const answer = watch(client.request('configRequirements/read'));
      expect(answer.values.map((value) => ConfigRequirementsResult.parse(value))).toEqual([
        { requirements: { allowedApprovalPolicies: ['untrusted'] } },
      ]);
      expect(watch(client.shutdown()).values).toMatchObject([{ graceful: true, elapsed: 0 }]);
    });
  });

  it.each(['cli', 'exec'])('stamps its threads with the session source it was given: %s', (sessionSource) => {
    run(() => {
      const { client } = startApp({ sessionSource });
      const answer = watch(client.request('thread/start', { ephemeral: true }));
      expect(answer.values).toMatchObject([{ thread: { source: sessionSource, ephemeral: true } }]);
      expect(watch(client.shutdown()).values).toMatchObject([{ graceful: true }]);
    });
  });

  it('raises a capacity of 0 to 1', () => {
    run(() => {
      const { client } = startApp({ capacity: 0 }, { capacity: 0 });
      expect(watch(client.request('configRequirements/read')).values).toEqual([{ requirements: null }]);
      expect(watch(client.shutdown()).values).toMatchObject([{ graceful: true }]);
      const limits = { concurrency: 0, inFlight: 0, losslessEvents: 0 };
      const plain = hostPlain({}, { client: { capacity: 0, limits }, server: { capacity: 0, limits } });
      plain.connection.notify('delta', { n: 1 });
      plain.connection.notify('done', { n: 2 });
      watch(plain.server.request(plain.connection, 'ask', 'well?'));
      expect(brief(watch(plain.client.events$).values)).toEqual(['delta 1', 'done 2', 'ask']);
      expect(plain.client.stats().serverRequests.open).toBe(1);
      expect(watch(plain.client.request('work', { n: 3 })).values).toEqual([3]);
    });
  });

  it('never gives up an event that ends something, also one in the old words', () => {
    const wire = fakeWire();
    const client = connect(wire, appServerContract, { capacity: 1 });
    wire.receive({ id: 0, result: { userAgent: 'x', codexHome: '', platformFamily: '', platformOs: '' } });
    const ends = ['turn/completed', ...['task_complete', 'turn_aborted', 'shutdown_complete'].map(legacy)];
    wire.receive({ method: legacy('item_started') }, { method: legacy('item_started') });
    for (const method of ends) wire.receive({ method }, { method });
    expect(brief(watch(client.events$).values)).toEqual([
      legacy('item_started'),
      'skipped 1',
      ...ends.flatMap((method) => [method, method]),
    ]);
    wire.end();
  });
});

describe('later versions of the seed', () => {
  it('a best-effort event that found no room is a gap, also after a shutdown', () => {
    run(() => {
      const { client, connection } = hostPlain({}, { client: { capacity: 1 } });
      connection.notify('delta', { n: 1 });
      connection.notify('delta', { n: 2 });
      expect(watch(client.shutdown()).values).toMatchObject([{ graceful: true, elapsed: 0 }]);
      const events = watch(client.events$);
      expect(brief(events.values)).toEqual(['delta 1', 'skipped 1']);
      expect(events.end).toBe('complete');
    });
  });

  it('startup warnings nobody has read yet survive a shutdown, in their order', () => {
    run(() => {
      const { client } = startApp({ configWarnings: [{ summary: 'one' }, { summary: 'two' }] }, { capacity: 1 });
      expect(watch(client.shutdown()).values).toMatchObject([{ graceful: true, elapsed: 0, undelivered: 2 }]);
      const events = watch(client.events$);
      expect(events.values).toMatchObject([{ params: { summary: 'one' } }, { params: { summary: 'two' } }]);
      expect(events.end).toBe('complete');
    });
  });

  it('a shutdown waits for no one who still holds a connection', () => {
    run(() => {
      const { server, client, connection } = hostPlain();
      expect(watch(server.shutdown()).values).toMatchObject([{ graceful: true, elapsed: 0 }]);
      expect(connection.notify('done', { n: 1 })).toBe('closed');
      expect(latest(client.closed$)).toMatchObject({ reason: 'shutdown' });
    });
  });

  it('work that needs 34 s of a budget of 35 s is done before the shutdown is', () => {
    run(({ cold, flush }) => {
      const { server, client } = hostPlain({ work: () => cold('34s a|', { a: 7 }) });
      const answer = watch(client.request('work', { n: 1 }));
      const report = watch(server.shutdown({ timeout: 35_000 }));
      at(33_999, () => {
        expect(report.values).toEqual([]);
      });
      flush();
      expect(answer.values).toEqual([7]);
      expect(report.values).toMatchObject([{ graceful: true, answered: 1, elapsed: 34_001 }]);
    });
  });
});

describe('what a fork mended', () => {
  it('results and errors pass a saturated event lane, and events keep their order', () => {
    const { wire, connection } = servePlain();
    wire.fill();
    expect([0, 1, 2].map((n) => connection.notify('done', { n }))).toEqual(['sent', 'queued', 'queued']);
    wire.receive({ id: 1, method: 'echo', params: 'x' }, { id: 2, method: 'no such method' });
    wire.drain();
    expect(brief(wire.sent)).toEqual(['done 0', 'answer', 'answer', 'done 1', 'done 2']);
    expect(responsesTo(1, wire.sent)).toEqual([{ id: 1, result: 'x' }]);
    expect(responsesTo(2, wire.sent)).toMatchObject([{ error: { code: -32601 } }]);
  });

  it('each burst of losses is one gap', () => {
    const { client, connection } = hostPlain({}, { client: { limits: { events: 1 } } });
    connection.notify('delta', { n: 1 });
    for (const n of [2, 3, 4]) connection.notify('delta', { n });
    connection.notify('done', { n: 5 });
    for (const n of [6, 7]) connection.notify('delta', { n });
    connection.notify('done', { n: 8 });
    expect(brief(watch(client.events$).values)).toEqual(['delta 1', 'skipped 3', 'done 5', 'skipped 2', 'done 8']);
  });

  it('a loss stands before the lossless event and the question that followed it', () => {
    const { server, client, connection } = hostPlain({}, { client: { limits: { events: 1 } } });
    for (const n of [1, 2, 3]) connection.notify('delta', { n });
    connection.notify('done', { n: 4 });
    watch(server.request(connection, 'ask', 'well?'));
    expect(brief(watch(client.events$).values)).toEqual(['delta 1', 'skipped 2', 'done 4', 'ask']);
  });

  it('a client that goes ends an idle server, and who still holds a client is told', () => {
    const { server, client, connection } = hostPlain();
    const connections = watch(server.connections$);
    connection.close('gone');
    expect(connections.end).toBe('complete');
    expect(watch(client.request('echo', 'x')).error).toMatchObject({ name: 'TransportError', reason: 'closed' });
  });

  it('a shutdown keeps to its budget with a stuck sink, a full lossless queue and a full request queue', () => {
    run(({ flush }) => {
      const limits = { losslessEvents: 2, concurrency: 1, requests: 1 };
      const { server, wire, connection } = servePlain({ work: () => NEVER }, { limits });
      wire.fill();
      for (const n of [0, 1, 2]) connection.notify('done', { n });
      for (const id of [1, 2, 3]) wire.receive({ id, method: 'work', params: { n: id } });
      const report = watch(server.shutdown({ timeout: 1_000 }));
      flush();
      expect(report.values).toMatchObject([{ graceful: false, undelivered: 2, aborted: 1, elapsed: 1_000 }]);
      expect(wire.closedWith).toMatchObject({ reason: 'shutdown' });
      expectIdleServer(server);
    });
  });

  it('the reference server shuts down at once with thousands of lossless events that nobody reads', () => {
    run(() => {
      const flood = Array.from({ length: 2_000 }, (_, n): AgentEvent => ({ type: 'warning', message: `${n}` }));
      const { client } = startApp({ agent: scriptedAgent(flood) }, { capacity: 1 });
      startTurn(client, startThread(client));
      expect(client.stats().events.emitted).toBeGreaterThan(2_000);
      expect(watch(client.shutdown()).values).toMatchObject([{ graceful: true, elapsed: 0 }]);
    });
  });

  it('a question keeps its place behind a lossless event, and answers, requests and the shutdown go on', () => {
    run(() => {
      const { server, client, connection } = hostPlain();
      connection.notify('done', { n: 1 });
      const answer = watch(server.request(connection, 'ask', 'well?'));
      const [question] = client.openRequests();
      expect(client.respond(question?.id ?? 'none', 'yes')).toBe('sent');
      expect(answer.values).toEqual(['yes']);
      expect(watch(client.request('echo', 'x')).values).toEqual(['x']);
      expect(watch(client.shutdown()).values).toMatchObject([{ graceful: true, elapsed: 0 }]);
      expect(brief(watch(client.events$).values)).toEqual(['done 1', 'ask', 'resolved']);
    });
  });

  it.each([
    ['an event lane that is read', true],
    ['one that nobody reads', false],
  ])('accepted requests get their real answers during a shutdown, with %s', (_, isRead) => {
    run(({ cold, flush }) => {
      const { server, client, connection } = hostPlain({
        work: ({ n }) => {
          connection.notify('done', { n });
          return cold('---a|', { a: n });
        },
      });
      if (isRead) watch(client.events$);
      const answers = [1, 2, 3].map((n) => watch(client.request('work', { n })));
      const report = watch(client.shutdown());
      flush();
      expect(answers.map(({ values }) => values)).toEqual([[1], [2], [3]]);
      expect(report.values).toMatchObject([{ graceful: true, answered: 3, undelivered: isRead ? 0 : 3, elapsed: 4 }]);
      expectIdleServer(server);
      expectIdleClient(client);
    });
  });
});

function legacy(name: string): string {
  return `codex/event/${name}`;
}
