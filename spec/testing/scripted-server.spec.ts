import { NEVER } from 'rxjs';

import { RpcError, defineContract, notification, request, serverRequest, type } from '../../src/protocol/index.js';
import type { RequestId } from '../../src/protocol/index.js';
import { run } from '../../src/testing/run.js';
import { scriptedServer } from '../../src/testing/scripted-server.js';

interface WithId {
  readonly id: RequestId;
}

const contract = defineContract({
  requests: {
    initialize: request({ params: type<object>(), result: type<object>() }),
    add: request({ params: type<readonly [number, number]>(), result: type<number>() }),
    stop: request(),
  },
  notifications: { initialized: notification(), cancel: notification({ params: type<WithId>() }) },
  serverRequests: { approve: serverRequest({ params: type<string>(), result: type<'yes' | 'no'>() }) },
  serverNotifications: {
    text: notification({ params: type<string>() }),
    resolved: notification({ params: type<WithId>() }),
  },
  handshake: { request: 'initialize', notification: 'initialized' },
  cancel: { method: 'cancel', params: (id) => ({ id }), id: (params) => (params as WithId).id },
  resolved: { method: 'resolved', params: ({ id }) => ({ id }), id: (params) => (params as WithId).id },
});

describe('scriptedServer', () => {
  describe('requests', () => {
    it('are answered by their line of the script: a value, or the last one of an observable', () => {
      run(({ cold, expectObservable }) => {
        const server = scriptedServer(contract, {
          add: ([a, b]) => cold('-a-b|', { a: 0, b: a + b }),
          stop: () => 'stopped',
        });
        server.wire.send({ id: 1, method: 'add', params: [2, 3] });
        server.wire.send({ id: 's', method: 'stop' });
        expectObservable(server.wire.inbound$).toBe('b---a', {
          a: { id: 1, result: 5 },
          b: { id: 's', result: 'stopped' },
        });
      });
    });

    it('are answered by a promise', async () => {
      const server = scriptedServer(contract, { add: ([a, b]) => Promise.resolve(a + b) });
      const seen: unknown[] = [];
      server.wire.inbound$.subscribe((message) => seen.push(message));
      server.wire.send({ id: 1, method: 'add', params: [2, 3] });
      expect(server.unanswered).toEqual([1]);
      await Promise.resolve();
      await Promise.resolve();
      expect(seen).toEqual([{ id: 1, result: 5 }]);
      expect(server.unanswered).toEqual([]);
    });

    it('are refused by what the line throws', () => {
      const server = scriptedServer(contract, {
        add: () => {
          throw new RpcError(-32600, 'no sums today', { until: 'tomorrow' });
        },
        stop: () => {
          throw new Error('stuck');
        },
      });
      const seen: unknown[] = [];
      server.wire.inbound$.subscribe((message) => seen.push(message));
      server.wire.send({ id: 1, method: 'add' });
      server.wire.send({ id: 2, method: 'stop' });
      expect(seen).toEqual([
        { id: 1, error: { code: -32600, message: 'no sums today', data: { until: 'tomorrow' } } },
        { id: 2, error: { code: -32603, message: 'stuck' } },
      ]);
    });

    it('are refused without a line, but the handshake is answered', () => {
      const server = scriptedServer(contract);
      const seen: unknown[] = [];
      server.wire.inbound$.subscribe((message) => seen.push(message));
      server.wire.send({ id: 0, method: 'initialize', params: {} });
      server.wire.send({ id: 1, method: 'stop' });
      expect(seen).toEqual([
        { id: 0, result: {} },
        { id: 1, error: { code: -32601, message: 'the script has no line for stop' } },
      ]);
    });

    it('are recorded, notifications apart', () => {
      const server = scriptedServer(contract, { stop: () => NEVER });
      server.wire.send({ id: 1, method: 'stop' });
      server.wire.send({ method: 'initialized' });
      expect(server.requests).toEqual([{ id: 1, method: 'stop' }]);
      expect(server.notifications).toEqual([{ method: 'initialized' }]);
      expect(server.unanswered).toEqual([1]);
    });

    it('are stopped when the client cancels', () => {
      run(({ cold, expectObservable, expectSubscriptions }) => {
        const line = cold('     ----a|', { a: 5 });
        const cancel = cold('   --x|');
        const lifetime = '      ^-!';
        const expected = '      --c';
        const server = scriptedServer(contract, { add: () => line });
        server.wire.send({ id: 1, method: 'add', params: [2, 3] });
        cancel.subscribe(() => server.wire.send({ method: 'cancel', params: { id: 1 } }));
        expectObservable(server.wire.inbound$).toBe(expected, {
          c: { id: 1, error: { code: -32800, message: 'Cancelled' } },
        });
        expectSubscriptions(line.subscriptions).toBe(lifetime);
      });
    });
  });

  describe('events', () => {
    it('are sent as they are', () => {
      const server = scriptedServer(contract);
      const seen: unknown[] = [];
      server.wire.inbound$.subscribe((message) => seen.push(message));
      server.notify('text', 'hello');
      expect(seen).toEqual([{ method: 'text', params: 'hello' }]);
    });
  });

  describe('questions', () => {
    const open = () => {
      const server = scriptedServer(contract);
      const seen: unknown[] = [];
      const told: unknown[] = [];
      server.wire.inbound$.subscribe((message) => seen.push(message));
      const subscription = server.ask('approve', 'ls').subscribe({
        next: (value) => told.push(value),
        error: (error: unknown) => told.push(error),
        complete: () => told.push('end'),
      });
      return { server, seen, told, subscription };
    };
    const asked = { id: 0, method: 'approve', params: 'ls' };
    const resolved = { method: 'resolved', params: { id: 0 } };

    it('emit the answer, and tell once that it is settled', () => {
      const { server, seen, told } = open();
      server.wire.send({ id: 0, result: 'yes' });
      server.wire.send({ id: 0, result: 'no' });
      expect(told).toEqual(['yes', 'end']);
      expect(seen).toEqual([asked, resolved]);
    });

    it('error with the refusal', () => {
      const { server, seen, told } = open();
      server.wire.send({ id: 0, error: { code: -32601, message: 'no such dialog' } });
      expect(told).toMatchObject([{ code: -32601, message: 'no such dialog' }]);
      expect(seen).toEqual([asked, resolved]);
    });

    it('are taken back by unsubscribing', () => {
      const { server, seen, told, subscription } = open();
      subscription.unsubscribe();
      server.wire.send({ id: 0, result: 'yes' });
      expect(told).toEqual([]);
      expect(seen).toEqual([asked, resolved]);
    });

    it('are asked again, by a new id, for each subscription', () => {
      const server = scriptedServer(contract);
      const seen: unknown[] = [];
      server.wire.inbound$.subscribe((message) => seen.push(message));
      const question = server.ask('approve', 'ls');
      expect(seen).toEqual([]);
      question.subscribe();
      question.subscribe();
      expect(seen).toEqual([asked, { ...asked, id: 1 }]);
    });

    it('error when the wire ends', () => {
      const { server, told } = open();
      server.wire.end();
      expect(told).toMatchObject([{ name: 'TransportError', reason: 'closed' }]);
    });
  });

  it('unsubscribes its lines when the wire ends', () => {
    run(({ cold, expectSubscriptions }) => {
      const line = cold('     -------a|');
      const end = cold('      ---x|');
      const lifetime = '      ^--!';
      const server = scriptedServer(contract, { stop: () => line });
      server.wire.send({ id: 1, method: 'stop' });
      end.subscribe(() => {
        server.wire.end();
      });
      expectSubscriptions(line.subscriptions).toBe(lifetime);
    });
  });
});
