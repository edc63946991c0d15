import { of, VirtualTimeScheduler } from 'rxjs';

import { connect } from '../../src/client/index.js';
import { reconnecting } from '../../src/transports/index.js';
import { inProcessWires } from '../../src/in-process/index.js';
import type { CloseInfo } from '../../src/protocol/index.js';
import { fakeWire, run } from '../../src/testing/index.js';
import { formal, plain, watch } from '../rules/support.js';
import { atOnce, formalClient, ReconnectingClient } from './reconnecting-client.js';
import { UndeadWire } from './undead-wire.js';

const gone: CloseInfo = { reason: 'gone', orderly: true };

describe('Connector', () => {
  describe('an attempt that fails', () => {
    it('is one whose wire cannot be made, the first one too', () => {
      run(({ cold, expectObservable, flush }) => {
        const error = new Error('ECONNREFUSED');
        const steps = '   ----------g-s';
        const expected = '1--2------r-(x|)';
        const set = formalClient({
          make: (n) => {
            if (n < 2) throw error;
            return fakeWire();
          },
        });
        const found = watch(set.client.diagnostics$);
        set.play(cold, steps);
        expectObservable(set.states).toBe(expected);
        flush();
        expect(found.values).toEqual([
          { type: 'connectionLost', reason: 'ECONNREFUSED', attempt: 1, error },
          { type: 'connectionLost', reason: 'ECONNREFUSED', attempt: 2, error },
        ]);
      });
    });

    it('is told to who says when the next is due, as the end of no wire in order', () => {
      const told: CloseInfo[] = [];
      const error = new Error('ECONNREFUSED');
      formalClient({
        make: () => {
          throw error;
        },
        delay: (lost) => {
          told.push(lost);
          return [];
        },
      });
      expect(told).toEqual([{ reason: 'ECONNREFUSED', orderly: false, error }]);
    });

    it('is one whose wire has ended already, and nothing is sent on it', () => {
      run(({ cold, expectObservable, flush }) => {
        const steps = '   ----g-s';
        const expected = '1---r-(x|)';
        const set = formalClient({
          make: (n) => {
            const wire = fakeWire();
            if (n === 0) wire.end();
            return wire;
          },
        });
        set.play(cold, steps);
        expectObservable(set.states).toBe(expected);
        flush();
        expect(set.wires.map(({ sent }) => sent.length)).toEqual([0, 2]);
      });
    });

    it('at once, ten thousand times, is followed by the next without recursion', () => {
      let made = 0;
      const source = reconnecting(
        () => {
          made += 1;
          const wire = fakeWire();
          wire.end();
          return wire;
        },
        { delay: () => of(1), attempts: 10_000 },
      );
      const states = watch(connect(source, formal).state$);
      expect(made).toBe(10_001);
      expect(states.values).toEqual([{ type: 'closed', reason: 'gave up after 10000 attempts: peer closed' }]);
    });
  });

  it('A1 hears nothing of a wire that was lost: a late answer reaches no request, room in its sink moves none', () => {
    run(({ flush }) => {
      const wires: UndeadWire[] = [];
      const source = reconnecting(() => (wires[wires.length] = new UndeadWire()), { delay: 1, jitter: 0 });
      const client = connect(source, plain, { limits: { inFlight: 1 } });
      const [lost, waiting] = [watch(client.request('echo', 'a')), watch(client.request('echo', 'b'))];
      wires[0]?.closed$.next(gone);
      wires[0]?.inbound$.next({ id: 1, result: 'late' });
      wires[0]?.writable$.next();
      flush();
      wires[0]?.inbound$.next({ id: 1, result: 'later' });
      expect(lost.error).toMatchObject({ reason: 'closed' });
      expect(waiting.values).toEqual([]);
      expect(wires.map(({ sent }) => sent.length)).toEqual([1, 1]);
      expect(
        wires.map(({ inbound$, writable$, closed$ }) => [inbound$.observed, writable$.observed, closed$.observed]),
      ).toEqual([
        [false, false, false],
        [true, true, true],
      ]);
      wires[1]?.inbound$.next({ id: 1, result: 'right' });
      expect(waiting.values).toEqual(['right']);
    });
  });

  it('D3 reads what a wire brought that ended before it was read', () => {
    for (const isAgain of [true, false]) {
      const [near, far] = inProcessWires();
      far.send({ method: 'done', params: { n: 1 } });
      far.close({ reason: 'over', orderly: true });
      const seen: unknown[] = [];
      connect(isAgain ? reconnecting(() => near, { attempts: 0 }) : near, plain, {
        listen: (client) =>
          client.events$.subscribe({
            next: (event) => seen.push('params' in event && event.params),
            complete: () => seen.push('over'),
            error: () => seen.push('gave up'),
          }),
      });
      expect(seen).toEqual([{ n: 1 }, isAgain ? 'gave up' : 'over']);
    }
  });

  it('D2 shutdown during the wait for an attempt ends at once and leaves no timer', () => {
    const scheduler = new VirtualTimeScheduler();
    const set = new ReconnectingClient(plain, { client: { scheduler } });
    watch(set.client.request('echo', 'x'));
    set.wire.end();
    watch(set.client.request('echo', 'y', { timeout: 1_000 }));
    expect(scheduler.actions.length).toBeGreaterThan(0);
    const report = watch(set.client.shutdown());
    expect(report).toMatchObject({ end: 'complete', values: [{ graceful: true, cancelled: 1 }] });
    expect(scheduler.actions).toEqual([]);
    expect(set.wires).toHaveLength(1);
  });

  it('shutdown by the function that makes the wire closes that wire', () => {
    const wire = fakeWire();
    const set = new ReconnectingClient(plain, {
      ...atOnce,
      make: (n) => {
        if (n === 0) return fakeWire();
        set.client.shutdown();
        return wire;
      },
    });
    set.wire.end();
    expect(wire).toMatchObject({ sent: [], closedWith: { reason: 'closed' } });
    expect(watch(set.client.closed$).values).toEqual([{ reason: 'shutdown', orderly: true }]);
    expect(set.client.respond(1, 'x')).toBe('closed');
  });

  it('shutdown before the first wire is made makes none', () => {
    let made = 0;
    const source = reconnecting(() => {
      made += 1;
      return fakeWire();
    });
    const client = connect(source, plain, { listen: (early) => early.shutdown() });
    expect(made).toBe(0);
    expect(watch(client.closed$).values).toEqual([{ reason: 'shutdown', orderly: true }]);
  });
});
