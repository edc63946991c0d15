import { NEVER } from 'rxjs';
import { z } from 'zod';

import { connect } from '../../src/client/index.js';
import { defineContract, type Message, RpcError, serverRequest } from '../../src/protocol/index.js';
import { fakeWire } from '../../src/testing/index.js';
import { connectPlain, plain, watch } from '../rules/support.js';
import { insideDelivery } from './inside-delivery.js';

const question = (id: number | string, method = 'ask'): Message => ({ id, method, params: 'well?' });

describe('Inbox', () => {
  describe('S1 exactly one answer', () => {
    it('although everybody answers', () => {
      const { client, wire } = connectPlain();
      client.handle('ask', () => 'by handler');
      const said: string[] = [];
      client.serverRequests$.subscribe((request) =>
        said.push(request.respond('by stream' as never), request.fail('no')),
      );
      wire.receive(question(1));
      expect([client.respond(1, 'by id'), client.fail(1, 'no'), ...said]).toEqual(Array(4).fill('alreadySettled'));
      expect(wire.sent).toEqual([{ id: 1, result: 'by handler' }]);
      expect(client.stats().serverRequests).toEqual({ open: 0, settled: 1 });
    });

    it('for a handler that answers by id from inside itself and then returns', () => {
      const { client, wire } = connectPlain();
      client.handle('ask', (_params, { id }) => {
        client.respond(id, 'first');
        return 'second';
      });
      wire.receive(question(1));
      expect(wire.sent).toEqual([{ id: 1, result: 'first' }]);
    });

    it('C8 is {} for nothing where the contract has no result schema, and null where it has one', () => {
      const wire = fakeWire();
      const client = connect(
        wire,
        defineContract({ serverRequests: { ...plain.serverRequests, ask: serverRequest() } }),
      );
      wire.receive(question('a', 'approve'), question('b', 'ask'));
      client.respond('a', undefined);
      client.respond('b', undefined);
      expect(wire.sent).toEqual([
        { id: 'a', result: null },
        { id: 'b', result: {} },
      ]);
    });

    it.each<[string, unknown, Message]>([
      ['an RpcError as it is', new RpcError(-5, 'no', [1]), { id: 1, error: { code: -5, message: 'no', data: [1] } }],
      ['an Error as -32603', new TypeError('bug'), { id: 1, error: { code: -32603, message: 'bug' } }],
      ['anything else as -32603', 'a word', { id: 1, error: { code: -32603, message: 'a word' } }],
    ])('fails with %s', (_what, error, message) => {
      const { client, wire } = connectPlain();
      wire.receive(question(1));
      expect(client.fail(1, error)).toBe('sent');
      expect(wire.sent).toEqual([message]);
    });

    it('C2 is not given to a duplicate: it would answer the first', () => {
      const { client, wire } = connectPlain();
      const [found, shown] = [watch(client.diagnostics$), watch(client.serverRequests$)];
      wire.receive(question(1), question(1));
      expect(found.values).toEqual([{ type: 'duplicateRequest', id: 1, method: 'ask' }]);
      expect([wire.sent, shown.values.length]).toEqual([[], 1]);
      client.respond(1, 'yes');
      expect(wire.sent).toEqual([{ id: 1, result: 'yes' }]);
    });

    it('is owed anew when an id comes again after it was settled', () => {
      const { client, wire } = connectPlain();
      client.handle('ask', () => 'yes');
      wire.receive(question(1), question(1));
      expect(wire.sent).toHaveLength(2);
      expect(client.stats().serverRequests).toEqual({ open: 0, settled: 2 });
    });
  });

  describe('S4 the open ones', () => {
    it('are listed integers first, then words', () => {
      const { client, wire } = connectPlain();
      wire.receive(...['b', 10, 'c', 'a', 9, -1].map((id) => question(id)));
      const ids = [-1, 9, 10, 'a', 'b', 'c'];
      expect(client.openRequests().map(({ id }) => id)).toEqual(ids);
      expect(watch(client.serverRequests$).values.map(({ id }) => id)).toEqual(ids);
    });

    it('are shown once to who subscribes, though more come while they are shown', () => {
      const { client, wire } = connectPlain();
      wire.receive(question(1), question(2));
      const seen = watch(client.serverRequests$, ({ id }) => {
        if (id === 1) wire.receive(question(3));
      });
      expect(seen.values.map(({ id }) => id)).toEqual([1, 2, 3]);
    });

    it('are not shown if they were settled while others were shown', () => {
      const { client, wire } = connectPlain();
      wire.receive(question(1), question(2));
      const seen = watch(client.serverRequests$, () => {
        client.respond(1, 'yes');
        client.respond(2, 'yes');
      });
      expect(seen.values.map(({ id }) => id)).toEqual([1]);
    });

    it('E5 show every observer one order, also when one causes the next', () => {
      const { client, wire } = connectPlain();
      watch(client.serverRequests$, ({ id }) => {
        if (id === 1) wire.receive(question(2));
      });
      const second = watch(client.serverRequests$);
      insideDelivery({ client, wire }, () => wire.receive(question(1)));
      expect(second.values.map(({ id }) => id)).toEqual([1, 2]);
    });
  });

  it('S4 are not shown before their turn among the events, and then once', () => {
    const { client, wire } = connectPlain();
    const shown: unknown[] = [];
    insideDelivery({ client, wire }, () => {
      wire.receive(question(1));
      client.serverRequests$.subscribe(({ id }) => shown.push(id));
      expect(shown).toEqual([]);
    });
    expect(shown).toEqual([1]);
  });

  describe('S1 what cannot be answered as asked', () => {
    it('is an error to the server when the wire cannot carry the answer', () => {
      const { client, wire } = connectPlain();
      const found = watch(client.diagnostics$);
      const error = new Error('circular');
      wire.receive(question(1));
      jest.spyOn(wire, 'send').mockImplementationOnce(() => {
        throw error;
      });
      expect(client.respond(1, 'yes')).toBe('sent');
      expect(wire.sent).toEqual([{ id: 1, error: { code: -32603, message: 'cannot be sent: circular' } }]);
      expect(found.values).toEqual([{ type: 'unsendable', method: undefined, error }]);
    });

    it('is another error to the server when the wire cannot carry the data of one', () => {
      const { client, wire } = connectPlain();
      const found = watch(client.diagnostics$);
      const settled = watch(client.serverRequests$);
      wire.receive(question(1));
      const send = wire.send.bind(wire);
      jest.spyOn(wire, 'send').mockImplementation((message) => send(JSON.parse(JSON.stringify(message)) as Message));
      expect(client.fail(1, new RpcError(-5, 'no', 5n))).toBe('sent');
      expect(wire.sent).toEqual([
        { id: 1, error: { code: -32603, message: expect.stringContaining('cannot be sent: ') } },
      ]);
      expect(found.values).toMatchObject([{ type: 'unsendable' }]);
      expect(watch(settled.values[0]?.settled$ ?? NEVER).end).toBe('complete');
    });

    it('names the method that nobody knows', () => {
      const { wire } = connectPlain();
      wire.receive(question(1, 'whatever'));
      expect(wire.sent).toEqual([{ id: 1, error: { code: -32601, message: 'method not found: whatever' } }]);
    });

    it('is a diagnostic when the handler fails', () => {
      const { client, wire } = connectPlain();
      const found = watch(client.diagnostics$);
      const error = new Error('bug');
      client.handle('ask', () => {
        throw error;
      });
      wire.receive(question(1));
      expect(found.values).toEqual([{ type: 'handlerFailed', method: 'ask', error }]);
    });
  });

  describe('S3 handle', () => {
    it('leaves questions of other methods alone, when it comes and when it goes', () => {
      const { client, wire } = connectPlain();
      const signals: AbortSignal[] = [];
      wire.receive(question(1), question(2, 'approve'));
      client.handle('approve', (_params, { signal }) => {
        signals.push(signal);
        return NEVER;
      });
      const asking = client.handle('ask', () => NEVER);
      asking.unsubscribe();
      expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    });

    it('is not asked what its answer to another has settled', () => {
      const { client, wire } = connectPlain();
      wire.receive(question(1), question(2));
      const asked: unknown[] = [];
      client.handle('ask', (_params, { id }) => {
        asked.push(id);
        client.respond(2, 'both');
        return 'yes';
      });
      expect(asked).toEqual([1]);
    });

    it('refuses a second handler by name', () => {
      const { client } = connectPlain();
      client.handle('ask', () => 'yes');
      expect(() => client.handle('ask', () => 'no')).toThrow('"ask" has a handler already');
    });

    it('puts back what it has not answered, to be found by all others; its context is aborted', () => {
      const { client, wire } = connectPlain();
      const signals: AbortSignal[] = [];
      const never = client.handle('ask', (_params, { signal }) => {
        signals.push(signal);
        return NEVER;
      });
      const other = client.handle('approve', () => NEVER);
      wire.receive(question(1), question(2, 'approve'));
      never.unsubscribe();
      expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
      expect(client.openRequests().map(({ id }) => id)).toEqual([1, 2]);
      client.handle('ask', () => 'again');
      expect(wire.sent).toEqual([{ id: 1, result: 'again' }]);
      other.unsubscribe();
    });

    it('asks its handler once for each, though it is made while one is on its way', () => {
      const set = connectPlain();
      const { client, wire } = set;
      const asked: unknown[] = [];
      insideDelivery(set, () => {
        wire.receive(question(1));
        client.handle('ask', (_params, { id }) => {
          asked.push(id);
          return NEVER;
        });
      });
      expect(asked).toEqual([1]);
    });

    it('ends for good with its subscription: a later one of the same handler is another', () => {
      const { client, wire } = connectPlain();
      const handler = (): string => 'yes';
      const first = client.handle('ask', handler);
      first.unsubscribe();
      client.handle('ask', handler);
      first.unsubscribe();
      wire.receive(question(1));
      expect(wire.sent).toEqual([{ id: 1, result: 'yes' }]);
    });
  });

  describe('S2 the bound', () => {
    it('refuses one more than limits.serverRequests, and has room again after an answer', () => {
      const { client, wire } = connectPlain({ limits: { serverRequests: 1 } });
      wire.receive(question(1), question(2));
      expect(wire.sent).toEqual([
        { id: 2, error: { code: -32001, message: 'Overloaded', data: { reason: 'overloaded', retryable: true } } },
      ]);
      client.respond(1, 'yes');
      wire.receive(question(3));
      expect(client.openRequests().map(({ id }) => id)).toEqual([3]);
    });
  });

  describe('C10 params that do not fit', () => {
    const contract = defineContract({ serverRequests: { ask: serverRequest({ params: z.number() }) } });

    it.each([[true], [false]])(
      'are a diagnostic if events are checked (%s); the question is shown as it is',
      (events) => {
        const wire = fakeWire();
        const client = connect(wire, contract, { validate: { events } });
        const [found, shown] = [watch(client.diagnostics$), watch(client.serverRequests$)];
        wire.receive(question(1));
        expect(found.values).toMatchObject(events ? [{ type: 'invalidEvent', method: 'ask' }] : []);
        expect(shown.values).toMatchObject([{ id: 1, params: 'well?' }]);
      },
    );
  });

  describe('D3 the end', () => {
    it('aborts handlers, completes the stream, and answers nothing more', () => {
      const { client, wire } = connectPlain();
      let signal: AbortSignal | undefined;
      const said: string[] = [];
      client.handle('ask', (_params, context) => {
        signal = context.signal;
        signal.addEventListener('abort', () => said.push(client.respond(context.id, 'late')));
        return NEVER;
      });
      const seen = watch(client.serverRequests$);
      wire.receive(question(1));
      const [request] = seen.values;
      wire.end();
      expect(signal?.aborted).toBe(true);
      expect([...said, request?.respond('late' as never), request?.fail('late')]).toEqual(Array(3).fill('closed'));
      expect([client.respond(1, 'late'), client.fail('never seen', 'late')]).toEqual(['closed', 'closed']);
      expect(seen).toMatchObject({ end: 'complete', ends: 1 });
      expect(watch(client.serverRequests$)).toMatchObject({ values: [], end: 'complete' });
      expect(wire.sent).toEqual([]);
    });

    it('lets a handler be taken back afterwards, to no effect', () => {
      const { client, wire } = connectPlain();
      const handling = client.handle('ask', () => NEVER);
      wire.end();
      handling.unsubscribe();
      expect(handling.closed).toBe(true);
    });

    it('D1 by shutdown fails every open one, in the order of their ids', () => {
      const { client, wire } = connectPlain();
      wire.receive(question('b'), question(2), question(1));
      const report = watch(client.shutdown());
      expect(wire.sent.map((message) => 'error' in message && message.id)).toEqual([1, 2, 'b']);
      expect(wire.sent.every((message) => 'error' in message && message.error.code === -32603)).toBe(true);
      expect(report.values).toMatchObject([{ cancelled: 3, graceful: true }]);
    });
  });
});
