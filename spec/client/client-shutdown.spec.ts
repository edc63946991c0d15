import { NEVER, Subject } from 'rxjs';

import { connectWith } from '../../src/client/index.js';
import { type ShutdownReport, TransportError } from '../../src/protocol/index.js';
import { fakeWire, run } from '../../src/testing/index.js';
import { at, connectPlain, plain, watch } from '../rules/support.js';

const nothing: ShutdownReport = {
  graceful: true,
  answered: 0,
  cancelled: 0,
  dropped: 0,
  undelivered: 0,
  aborted: 0,
  elapsed: 0,
};

describe('ClientShutdown', () => {
  describe('D1 waits for what is on the wire', () => {
    it('and reports when the last answer is there; later words find it closed', () => {
      run(({ expectObservable }) => {
        const { client, wire } = connectPlain({ limits: { inFlight: 2 } });
        watch(client.events$);
        for (const n of [0, 1, 2]) client.request('echo', n).subscribe({ error: () => undefined });
        wire.receive({ id: 'q', method: 'ask', params: 'well?' });
        const report$ = client.shutdown();
        at(3, () => wire.receive({ id: 1, result: 1 }));
        at(5, () => wire.receive({ id: 0, result: 0 }));
        const expected = '-----(r|)';
        const closed = '  -----(c|)';
        expectObservable(report$).toBe(expected, { r: { ...nothing, answered: 2, cancelled: 2, elapsed: 5 } });
        expectObservable(client.closed$).toBe(closed, { c: { reason: 'shutdown', orderly: true } });
        at(6, () => expect(client.notify('log', 'late')).toBe('closed'));
      });
    });

    it('not for those whom nobody awaits any more', () => {
      run(({ expectObservable }) => {
        const { client, wire } = connectPlain();
        const left = watch(client.request('echo', 0));
        at(2, () => left.unsubscribe());
        expectObservable(client.shutdown()).toBe('--(r|)', { r: { ...nothing, elapsed: 2 } });
        at(3, () => expect(wire.sent.at(-1)).toEqual({ method: 'cancel', params: { id: 0 } }));
      });
    });

    it('and refuses at once, with the reason, what waits to be sent and what the server asks', () => {
      const { client, wire } = connectPlain({ limits: { inFlight: 1 } });
      const [, waiting] = [watch(client.request('echo', 0)), watch(client.request('echo', 1))];
      wire.receive({ id: 'q', method: 'ask', params: 'well?' });
      client.shutdown();
      expect(waiting.error).toMatchObject({ reason: 'closed', message: 'echo: the client is shutting down' });
      const error = { code: -32603, message: 'the client is shutting down', data: { reason: 'shuttingDown' } };
      expect(wire.sent.at(-1)).toEqual({ id: 'q', error });
    });

    it('counts answers and time from its own start', () => {
      run(({ expectObservable }) => {
        const { client, wire } = connectPlain();
        for (const n of [0, 1, 2]) watch(client.request('echo', n));
        for (const id of [0, 1]) wire.receive({ id, result: id });
        at(3, () => {
          expectObservable(client.shutdown()).toBe('-----(r|)', { r: { ...nothing, answered: 1, elapsed: 2 } });
        });
        at(5, () => wire.receive({ id: 2, result: 2 }));
      });
    });

    it('counts what it aborted, though the wire ends from inside the first of these errors', () => {
      run(({ expectObservable }) => {
        const { client, wire } = connectPlain();
        for (const n of [0, 1]) client.request('echo', n).subscribe({ error: () => wire.end() });
        const r = { ...nothing, graceful: false, aborted: 2, elapsed: 7 };
        expectObservable(client.shutdown({ timeout: 7 })).toBe('-------(r|)', { r });
      });
    });

    it('until its time is over, 5 seconds by default; then what waits errors', () => {
      run(({ expectObservable }) => {
        const { client } = connectPlain();
        const error = new TransportError('closed', 'the client is shutting down', 'echo');
        expectObservable(client.request('echo', 0)).toBe('5s #', {}, error);
        const r = { ...nothing, graceful: false, aborted: 1, elapsed: 5_000 };
        at(0, () => client.shutdown());
        at(4_000, () => expectObservable(client.shutdown({ timeout: 1 })).toBe('5s (r|)', { r }));
      });
    });

    it('and no longer than the wire lives', () => {
      run(({ expectObservable }) => {
        const { client, wire } = connectPlain();
        const request = watch(client.request('echo', 0));
        at(4, () => wire.end({ reason: 'peer exited', orderly: false }));
        expectObservable(client.shutdown()).toBe('----(r|)', { r: { ...nothing, elapsed: 4 } });
        expectObservable(client.closed$).toBe('----(c|)', { c: { reason: 'peer exited', orderly: false } });
        at(5, () => expect(request.error).toMatchObject({ reason: 'closed' }));
      });
    });
  });

  it('D1 counts what nobody ever read', () => {
    const { client, wire } = connectPlain();
    for (const method of ['done', 'delta', 'delta']) wire.receive({ method, params: { n: 1 } });
    expect(watch(client.shutdown()).values).toMatchObject([{ dropped: 2, undelivered: 1 }]);
  });

  describe('D2', () => {
    it('is at once when there is nothing to wait for, and leaves nothing scheduled', () => {
      run(({ expectObservable, flush }) => {
        const { client } = connectPlain();
        expectObservable(client.shutdown()).toBe('(r|)', { r: nothing });
        flush();
      });
    });

    it('gives the same report to all, whenever they ask', () => {
      run(({ expectObservable }) => {
        const { client } = connectPlain();
        const first = client.shutdown();
        expect(client.shutdown()).toBe(first);
        expectObservable(first).toBe('        (r|)', { r: nothing });
        expectObservable(first, '--^').toBe(' --(r|)', { r: nothing });
      });
    });

    it('of a client that has ended reports at once, and changes nothing about how it ended', () => {
      run(({ expectObservable }) => {
        const { client, wire } = connectPlain();
        wire.end({ reason: 'peer exited', orderly: false });
        expectObservable(client.shutdown()).toBe('(r|)', { r: nothing });
        expectObservable(client.closed$).toBe('   (c|)', { c: { reason: 'peer exited', orderly: false } });
      });
    });

    it('before the first message is read ends a client that was never opened', () => {
      const wire = fakeWire();
      const client = connectWith(wire, plain, { listen: (early) => early.shutdown() }, undefined);
      expect(wire.sent).toEqual([]);
      expect(wire.closedWith).toEqual({ reason: 'shutdown', orderly: true });
      expect(watch(client.state$).values).toEqual([{ type: 'closed', reason: 'shutdown' }]);
      expect(watch(client.request('echo', 0)).error).toMatchObject({ reason: 'closed' });
    });
  });

  describe('D1 with a server of its own', () => {
    const ofServer: ShutdownReport = { ...nothing, answered: 3, cancelled: 2, dropped: 5, undelivered: 7, aborted: 1 };

    it('leaves the waiting and the time limit to it, and adds its counts', () => {
      run(({ cold, expectObservable, expectSubscriptions }) => {
        const wire = fakeWire();
        const limits: unknown[] = [];
        const server$ = cold('  ---(r|)', { r: { ...ofServer, graceful: false } });
        const lifetime = '      ^--!';
        const expected = '      ---(r|)';
        const client = connectWith(wire, plain, {}, (options) => {
          limits.push(options);
          return server$;
        });
        for (const seen$ of [client.events$, client.request('echo', 0)]) watch<unknown>(seen$);
        wire.receive({ id: 'q', method: 'ask', params: 'well?' });
        const r = { ...ofServer, graceful: false, cancelled: 3, elapsed: 3 };
        expectObservable(client.shutdown({ timeout: 1 })).toBe(expected, { r });
        expectSubscriptions(server$.subscriptions).toBe(lifetime);
        expect(limits).toEqual([{ timeout: 1 }]);
      });
    });

    it('has its last word after the wire has closed', () => {
      const wire = fakeWire();
      const server$ = new Subject<ShutdownReport>();
      const client = connectWith(wire, plain, {}, () => server$);
      const report = watch(client.shutdown());
      wire.end();
      expect([watch(client.closed$).values.length, report.values]).toEqual([1, []]);
      server$.next(ofServer);
      expect(report).toMatchObject({ values: [{ answered: 3, aborted: 1 }], end: 'complete' });
      expect(server$.observed).toBe(false);
    });

    it('that is not its to end is left alone', () => {
      run(({ expectObservable }) => {
        const client = connectWith(fakeWire(), plain, {}, () => undefined);
        expectObservable(client.shutdown()).toBe('(r|)', { r: nothing });
      });
    });

    it('D2 that never reports keeps it waiting, but not its commands', () => {
      const client = connectWith(fakeWire(), plain, {}, () => NEVER);
      expect(watch(client.shutdown()).values).toEqual([]);
      expect(client.notify('log', 'late')).toBe('closed');
    });
  });
});
