import { resolveLimits, type Wire } from '../../src/protocol/index.js';
import { fakeWire, type FakeWire } from '../../src/testing/index.js';
import { BridgeLane } from '../../src/transports/bridge-lane.js';
import { plain } from '../rules/support.js';
import { answer, ask } from './bridge-pair.js';

/** A lane, and what its bridge was told. */
function makeLane(from: Wire, to: Wire = fakeWire()): { readonly lane: BridgeLane; readonly told: unknown[] } {
  const told: unknown[] = [];
  const lane = new BridgeLane(from, to, {
    contract: { ...plain, header: { jsonrpc: '2.0' } },
    limits: resolveLimits({}, 'server', false),
    session: { lag: true },
    arrived: (_lane, inbound) => told.push(inbound),
    inputEnded: (_lane, { reason }) => told.push(reason),
    refused: (_lane, id, { message }) => told.push([id, message]),
    overflowed: () => told.push('overflowed'),
    diagnose: (_lane, diagnostic) => told.push(diagnostic),
  });
  return { lane, told };
}

const end = { reason: 'peer closed', orderly: true };

describe('a lane of a bridge', () => {
  it('handles what arrives in its handling afterwards, in order (E5)', () => {
    const seen: unknown[] = [];
    const owner = {
      contract: plain,
      limits: resolveLimits({}, 'server', false),
      session: { lag: true },
      arrived: (lane: BridgeLane, inbound: unknown) => {
        if (seen.length === 0) for (const id of [2, 3]) lane.receive(ask(id));
        seen.push(inbound);
      },
      inputEnded: () => undefined,
      refused: () => undefined,
      overflowed: () => undefined,
      diagnose: () => undefined,
    };
    new BridgeLane(fakeWire(), fakeWire(), owner).receive(ask(1));
    expect(seen).toEqual([ask(1), ask(2), ask(3)]);
  });

  it('has ended when its wire has and no more can arrive, whichever is told first (D3)', () => {
    for (const isEndFirst of [true, false]) {
      const { lane, told } = makeLane(fakeWire());
      if (isEndFirst) lane.inputEnded(end);
      else lane.inputCompleted();
      lane.receive(ask(1));
      expect(told).toEqual([ask(1)]);
      if (isEndFirst) lane.inputCompleted();
      else lane.inputEnded(end);
      expect(told).toEqual([ask(1), 'peer closed']);
    }
  });

  it('is held up once, and let go when nothing waits, or with the end of its wire (C4)', () => {
    const calls: string[] = [];
    const from: FakeWire = Object.assign(fakeWire(), {
      pause: () => calls.push('pause'),
      resume: () => calls.push('resume'),
    });
    const { lane, told } = makeLane(from);
    lane.drained();
    lane.holdUp('requests');
    lane.holdUp('requests');
    lane.answersSent();
    lane.drained();
    lane.holdUp('requests');
    lane.inputEnded(end);
    lane.holdUp('requests');
    expect(calls).toEqual(['pause', 'resume', 'pause', 'resume']);
    expect(told).toEqual([]);
  });

  it('tells of a budget when its wire cannot be held up', () => {
    const { lane, told } = makeLane(fakeWire({ pausable: false }));
    lane.holdUp('requests');
    expect(told).toEqual([{ type: 'budgetExceeded', budget: 'requests' }, 'overflowed']);
  });

  it.each([
    [false, { jsonrpc: '2.0', id: 1, error: { code: 1, message: 'no' } }],
    [true, { id: 1, error: { code: 1, message: 'no' } }],
  ])('answers by itself with the header of the contract, unless the wire is local: %s', (local, message) => {
    const to = fakeWire({ local });
    makeLane(fakeWire(), to).lane.fail(1, { code: 1, message: 'no' });
    expect(to.sent).toEqual([message]);
  });

  it('has a request that cannot be sent refused, and sends an error for an answer (A1)', () => {
    const to = fakeWire();
    const { lane, told } = makeLane(fakeWire(), to);
    const error = new TypeError('a cycle');
    lane.unsendable(ask(1), error);
    lane.unsendable(answer(2), error);
    lane.unsendable({ id: 3, error: { code: 1, message: '', data: 'a cycle' } }, error);
    lane.unsendable({ id: 4, error: { code: 1, message: '' } }, error);
    lane.unsendable({ id: null, error: { code: 1, message: '' } }, error);
    lane.unsendable({ method: 'log' }, error);
    expect(told).toEqual([
      { type: 'unsendable', method: 'echo', error },
      [1, 'cannot be sent: a cycle'],
      ...[undefined, undefined, undefined, undefined, 'log'].map((method) => ({ type: 'unsendable', method, error })),
    ]);
    const problem = { code: -32603, message: 'cannot be sent: a cycle' };
    expect(to.sent).toEqual([2, 3].map((id) => ({ jsonrpc: '2.0', id, error: problem })));
  });
});
