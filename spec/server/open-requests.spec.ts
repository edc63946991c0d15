import { VirtualTimeScheduler } from 'rxjs';

import { defineContract, RpcError, serverRequest, type } from '../../src/protocol/index.js';
import { createServer } from '../../src/server/index.js';
import type { Connection } from '../../src/server/connection.js';
import type { Server } from '../../src/server/server.js';
import { fakeWire, type FakeWire, run } from '../../src/testing/index.js';
import {
  at,
  expectIdleServer,
  idsOf,
  named,
  type Plain,
  plain,
  plainHandlers,
  servePlain,
  since,
  watch,
} from '../rules/support.js';

interface Peer {
  readonly wire: FakeWire;
  readonly connection: Connection<Plain>;
}

function makeServer(count: number): { readonly server: Server<Plain>; readonly peers: readonly Peer[] } {
  const server = createServer(plain, plainHandlers);
  return { server, peers: Array.from({ length: count }, () => attach(server)) };
}

function attach(server: Server<Plain>): Peer {
  const wire = fakeWire();
  return { wire, connection: server.attach(wire) };
}

/** A server, an audience, and its members. */
function makeAudience(count: number) {
  const { server, peers } = makeServer(count);
  const audience = server.audience();
  for (const { connection } of peers) audience.add(connection);
  const [first, second] = peers;
  if (first === undefined || second === undefined) throw new Error('an audience has two at least');
  return { server, audience, first, second };
}

const question = (id: number) => ({ id, method: 'ask', params: 'well?' });
const resolved = (id: number) => ({ method: 'resolved', params: { id } });
const refused = (id: number, code: number, data?: unknown) => ({
  id,
  error: { code, message: 'no', ...(data !== undefined && { data }) },
});

describe('S1 a question', () => {
  it('is cold, and has an id of its own each time it is asked, over all connections', () => {
    const { server, peers } = makeServer(2);
    const asked = peers.map(({ connection }) => server.request(connection, 'ask', 'well?'));
    expect(peers.map(({ wire }) => wire.sent)).toEqual([[], []]);
    const answers = [asked[0], asked[1], asked[0]].map((ask) => ask && watch(ask));
    expect(peers.map(({ wire }) => idsOf('ask', wire.sent))).toEqual([[0, 2], [1]]);
    expect(server.openRequests()).toEqual([0, 1, 2].map(question));
    peers[0]?.wire.receive({ id: 2, result: 'yes' }, { id: 0, result: 'no' });
    peers[1]?.wire.receive({ id: 1, result: 'well' });
    expect(answers.map((answer) => answer?.values)).toEqual([['no'], ['well'], ['yes']]);
    expect(server.stats().serverRequests).toEqual({ open: 0, settled: 3 });
  });

  it('is not settled by one it was not put to, whose answer is a diagnostic', () => {
    const { server, peers } = makeServer(2);
    const [first, second] = peers;
    if (first === undefined) throw new Error('nobody to ask');
    const diagnostics = watch(server.diagnostics$);
    const answer = watch(server.request(first.connection, 'ask', 'well?'));
    second?.wire.receive({ id: 0, result: 'yes' }, refused(0, 1));
    expect(answer.end).toBe('open');
    expect(diagnostics.values).toEqual([
      { type: 'unmatchedResponse', id: 0 },
      { type: 'unmatchedResponse', id: 0, error: { code: 1, message: 'no' } },
    ]);
    first.wire.receive({ id: 0, result: 'yes' });
    expect([answer.values, answer.ends]).toEqual([['yes'], 1]);
  });

  it('is settled by no answer without an id, nor by one under the id as a string', () => {
    const { server, wire, connection } = servePlain();
    const answer = watch(server.request(connection, 'ask', 'well?'));
    wire.receive({ id: null, error: { code: -32600, message: 'what?' } }, { id: '0', result: 'yes' });
    expect([answer.end, server.openRequests()]).toEqual(['open', [question(0)]]);
  });

  it('fails with the client s own words', () => {
    const { server, wire, connection } = servePlain();
    const answer = watch(server.request(connection, 'ask', 'well?'));
    wire.receive(refused(0, -32601, ['why']));
    expect(answer.error).toMatchObject({ name: 'RpcError', code: -32601, data: ['why'], method: 'ask' });
  });

  it('takes a result as it comes when results are not compared', () => {
    const { server, wire, connection } = servePlain({}, { validate: { results: false } });
    const answer = watch(server.request(connection, 'approve', { command: 'ls' }));
    wire.receive({ id: 0, result: 'anything' });
    expect(answer.values).toEqual(['anything']);
  });

  it('takes a result as it comes where the contract names no such question', () => {
    const { server, wire, connection } = servePlain();
    const answer = watch(server.request(connection, 'undeclared' as 'ask', 'well?'));
    wire.receive({ id: 0, result: 5 });
    expect(answer.values).toEqual([5]);
  });

  it('taken back is announced once, and its late answer is a diagnostic', () => {
    const { server, wire, connection } = servePlain();
    const diagnostics = watch(server.diagnostics$);
    const answer = watch(server.request(connection, 'ask', 'well?'));
    answer.unsubscribe();
    answer.unsubscribe();
    wire.receive({ id: 0, result: 'late' });
    expect(wire.sent).toEqual([question(0), resolved(0)]);
    expect([answer.ends, diagnostics.values]).toEqual([0, [{ type: 'unmatchedResponse', id: 0 }]]);
    expectIdleServer(server);
  });

  it('is announced before its asker hears the answer', () => {
    const { server, wire, connection } = servePlain();
    const heard: number[] = [];
    watch(server.request(connection, 'ask', 'well?'), () => {
      heard.push(named('resolved', wire.sent).length);
    });
    wire.receive({ id: 0, result: 'yes' });
    expect(heard).toEqual([1]);
  });

  it('is announced to nobody where the contract has no word for it', () => {
    const contract = defineContract({ serverRequests: { ask: serverRequest({ result: type<string>() }) } });
    const server = createServer(contract, {});
    const wire = fakeWire();
    const connection = server.attach(wire);
    const answer = watch(server.request(connection, 'ask'));
    wire.receive({ id: 0, result: 'yes' });
    expect([answer.values, wire.sent]).toEqual([['yes'], [{ id: 0, method: 'ask', params: undefined }]]);
  });
});

describe('S1 the time for an answer', () => {
  it('is the asker s own, or the contract s, or endless', () => {
    run(({ flush }) => {
      const { server, connection } = servePlain();
      const asked = [
        watch(server.request(connection, 'ask', 'well?')),
        watch(server.request(connection, 'ask', 'well?', { timeout: 30 })),
        watch(server.request(connection, 'approve', { command: 'ls' })),
      ];
      const ends = (): unknown => asked.map(({ end }) => end);
      at(29, () => {
        expect(ends()).toEqual(['open', 'open', 'open']);
      });
      at(31, () => {
        expect(ends()).toEqual(['open', 'error', 'open']);
      });
      at(101, () => {
        expect(ends()).toEqual(['error', 'error', 'open']);
      });
      flush();
      expect(asked[0]?.error).toMatchObject({ name: 'TransportError', reason: 'timeout', method: 'ask' });
      expect(ends()).toEqual(['error', 'error', 'open']);
      asked[2]?.unsubscribe();
      expectIdleServer(server);
    });
  });

  it.each([
    ['answered', ({ wire }: Peer) => wire.receive({ id: 0, result: 'yes' })],
    ['refused', ({ wire }: Peer) => wire.receive(refused(0, 1))],
    ['gone', ({ wire }: Peer) => wire.end()],
  ])('leaves nothing scheduled when the client has %s', (_, settle) => {
    const scheduler = new VirtualTimeScheduler();
    const { server, wire, connection } = servePlain({}, { scheduler });
    const answer = watch(server.request(connection, 'ask', 'well?'));
    const other = watch(server.request(server.audience(), 'ask', 'well?'));
    expect(scheduler.actions).toHaveLength(1);
    settle({ wire, connection });
    other.unsubscribe();
    expect([answer.ends, scheduler.actions]).toEqual([1, []]);
  });

  it('is over for nobody who was answered in time', () => {
    run(({ flush }) => {
      const { server, wire, connection } = servePlain();
      const answer = watch(server.request(connection, 'ask', 'well?'));
      at(99, () => {
        wire.receive({ id: 0, result: 'yes' });
      });
      flush();
      expect([answer.values, answer.ends, named('resolved', wire.sent)]).toEqual([['yes'], 1, [resolved(0)]]);
    });
  });
});

describe('S4 a question to an audience', () => {
  it('is decided by the first answer, and all who were asked are told once', () => {
    const { server, audience, first, second } = makeAudience(2);
    const answer = watch(server.request(audience, 'ask', 'well?'));
    second.wire.receive({ id: 0, result: 'second' });
    first.wire.receive({ id: 0, result: 'first' });
    expect([answer.values, answer.ends]).toEqual([['second'], 1]);
    for (const { wire } of [first, second]) expect(wire.sent).toEqual([question(0), resolved(0)]);
    expectIdleServer(server);
  });

  it('goes to nobody any more who would be asked after it was settled', () => {
    const { server, audience, first, second } = makeAudience(2);
    first.wire.sent$.subscribe((message) => {
      if ('id' in message) first.wire.receive({ id: message.id ?? -1, result: 'at once' });
    });
    const answer = watch(server.request(audience, 'ask', 'well?'));
    expect(answer.values).toEqual(['at once']);
    expect([first.wire.sent, second.wire.sent]).toEqual([[question(0), resolved(0)], []]);
  });

  it.each([-32601, -32001])('is not decided by one who cannot show it (%i), but by the last who cannot', (code) => {
    const { server, audience, first, second } = makeAudience(2);
    const answer = watch(server.request(audience, 'ask', 'well?'));
    first.wire.receive(refused(0, code));
    expect(answer.end).toBe('open');
    second.wire.receive(refused(0, code));
    expect(answer.error).toMatchObject({ name: 'RpcError', code });
    expect([named('resolved', first.wire.sent), named('resolved', second.wire.sent)]).toEqual([[], [resolved(0)]]);
  });

  it('is decided by one who says no for any other reason', () => {
    const { server, audience, first } = makeAudience(2);
    const answer = watch(server.request(audience, 'ask', 'well?'));
    first.wire.receive(refused(0, -32603, null));
    expect(answer.error).toMatchObject({ code: -32603 });
  });

  it('outlives a page that refuses it because it is leaving, even the last one', () => {
    const { server, audience, first, second } = makeAudience(2);
    const answer = watch(server.request(audience, 'ask', 'well?'));
    for (const { wire } of [first, second]) wire.receive(refused(0, -32603, { reason: 'shuttingDown' }));
    first.wire.end();
    second.wire.end();
    expect(answer.end).toBe('open');
    const third = attach(server);
    audience.add(third.connection);
    third.wire.receive({ id: 0, result: 'yes' });
    expect(answer.values).toEqual(['yes']);
    expectIdleServer(server);
  });

  it('but a question to one client alone is decided by its leaving', () => {
    const { server, wire, connection } = servePlain();
    const answer = watch(server.request(connection, 'ask', 'well?'));
    wire.receive(refused(0, -32603, { reason: 'shuttingDown' }));
    expect(answer.error).toMatchObject({ name: 'RpcError', code: -32603 });
  });

  it('is put to one who joins, in id order, and only once to each', () => {
    const { server, audience, first } = makeAudience(2);
    const answers = [0, 1, 2].map(() => watch(server.request(audience, 'ask', 'well?')));
    watch(server.request(first.connection, 'ask', 'well?'));
    watch(server.request(server.audience(), 'ask', 'well?'));
    first.wire.receive({ id: 1, result: 'yes' });
    const late = attach(server);
    audience.add(late.connection);
    audience.delete(late.connection);
    audience.add(late.connection);
    expect(late.wire.sent).toEqual([question(0), question(2)]);
    late.wire.receive({ id: 2, result: 'late' });
    expect(answers.map(({ end }) => end)).toEqual(['open', 'complete', 'complete']);
  });

  it('may still be answered by one who has left the audience, who is told of its end', () => {
    const { server, audience, first } = makeAudience(2);
    const answer = watch(server.request(audience, 'ask', 'well?'));
    audience.delete(first.connection);
    first.wire.receive({ id: 0, result: 'yes' });
    expect(answer.values).toEqual(['yes']);
    expect(first.wire.sent).toEqual([question(0), resolved(0)]);
  });

  it('stays open when a member ends, who then counts no more', () => {
    const { server, audience, first, second } = makeAudience(2);
    const answer = watch(server.request(audience, 'ask', 'well?'));
    first.wire.end();
    expect(answer.end).toBe('open');
    second.wire.receive(refused(0, -32601));
    expect(answer.error).toMatchObject({ code: -32601 });
  });

  it('fails like any other when its time is over, though nobody was there', () => {
    run(({ flush }) => {
      const { server } = makeServer(0);
      const answer = watch(server.request(server.audience(), 'ask', 'well?'));
      flush();
      expect(answer.error).toMatchObject({ reason: 'timeout' });
      expectIdleServer(server);
    });
  });
});

describe('D1 questions that are stopped', () => {
  it('fail, are announced, leave nothing scheduled, and no new one is asked', () => {
    run(({ flush }) => {
      const { server, peers } = makeServer(1);
      const [peer] = peers;
      if (peer === undefined) throw new Error('nobody to ask');
      const after = since(peer.wire);
      const open = [
        watch(server.request(peer.connection, 'ask', '1')),
        watch(server.request(server.everyone, 'ask', '2')),
      ];
      server.shutdown();
      const late = watch(server.request(server.everyone, 'ask', '3'));
      expect([...open, late].map(({ error }) => error)).toMatchObject([1, 2, 3].map(() => ({ code: -32603 })));
      expect(named('resolved', after())).toEqual([resolved(0), resolved(1)]);
      flush();
      expectIdleServer(server);
    });
  });
});

describe('U-R5.9 a question to an audience that someone joins', () => {
  it('reaches the newcomer when it is welcomed, behind those that are older', () => {
    const { server, audience } = makeAudience(2);
    watch(server.request(audience, 'ask', 'well?'));
    const late = attach(server);
    audience.join(late.connection);
    watch(server.request(audience, 'ask', 'well?'));
    expect(late.wire.sent).toEqual([]);
    audience.welcome(late.connection);
    expect(late.wire.sent).toEqual([question(0), question(1)]);
  });
});

describe('U-R5.8 failRequests', () => {
  it('fails the open questions of one target and no others, and tells those who were asked', () => {
    const { server, audience, first, second } = makeAudience(2);
    const mine = [0, 1].map(() => watch(server.request(audience, 'ask', 'well?')));
    const other = watch(server.request(first.connection, 'ask', 'well?'));
    const error = new RpcError(-32603, 'over', { reason: 'turnTransition' });
    expect(server.failRequests(audience, error)).toBe(2);
    expect(mine.map((answer) => answer.error)).toEqual([error, error]);
    expect(other.end).toBe('open');
    for (const { wire } of [first, second]) {
      expect(named('resolved', wire.sent)).toEqual([resolved(0), resolved(1)]);
    }
    expect(server.failRequests(audience, error)).toBe(0);
    expect(server.failRequests(first.connection, error)).toBe(1);
    expectIdleServer(server);
  });
});
