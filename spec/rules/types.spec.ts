import type { Observable } from 'rxjs';

import type { Lagged } from '../../src/backpressure/index.js';
import type { Client, ClientOptions, Exchange } from '../../src/client/client.js';
import type { ClientEvent } from '../../src/client/client-event.js';
import type { ServerRequest, Settled } from '../../src/client/server-request.js';
import { connect } from '../../src/client/index.js';
import { startInProcess } from '../../src/in-process/index.js';
import { defineContract, notification, request, serverRequest, type } from '../../src/protocol/index.js';
import type { ParamsOf, RequestId, RequestMethod, ResultOf, Sent } from '../../src/protocol/index.js';
import { createServer } from '../../src/server/index.js';
import type { Connection } from '../../src/server/connection.js';
import type { Handlers, Server } from '../../src/server/server.js';
import { fakeWire, scriptedServer } from '../../src/testing/index.js';
import { formal, plain, plainHandlers } from './support.js';
import type { Job, Plain } from './support.js';

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const expectType = <T extends true>(): T | undefined => undefined;

type Call = (client: Client<Plain>, server: Server<Plain>, connection: Connection<Plain>) => unknown;
/** Types are checked by the compiler; the calls are not made. */
const compiles = (_: Call): void => undefined;

describe('the types of a client', () => {
  it('are those of its contract, however it is made', () => {
    const server = createServer(plain, plainHandlers);
    const client = startInProcess(server);
    const remote = connect(fakeWire(), plain);
    expectType<Equal<typeof client, Client<Plain>>>();
    expectType<Equal<typeof remote, Client<Plain>>>();
    expectType<Equal<typeof server, Server<Plain>>>();
    expect(client.contract).toBe(plain);
    expect(remote.contract).toBe(plain);
  });

  it('infer params and result of a request', () => {
    compiles((client) => {
      const answer = client.request('work', { n: 1 });
      expectType<Equal<typeof answer, Observable<number>>>();
      const sum = client.request('add', { a: 1, b: 2 }, { timeout: 5, id: 'mine' });
      expectType<Equal<typeof sum, Observable<number>>>();
      const exchange = client.exchange('work', { n: 1 });
      expectType<Equal<typeof exchange, Observable<Exchange<number>>>>();
      const promise = client.call('work', { n: 1 }, { signal: AbortSignal.abort() });
      expectType<Equal<typeof promise, Promise<number>>>();
      // @ts-expect-error: no such method
      client.request('nothing', {});
      // @ts-expect-error: params are missing
      client.request('work');
      // @ts-expect-error: params do not fit
      client.request('work', { n: 'one' });
      // @ts-expect-error: no such option
      client.request('work', { n: 1 }, { retries: 3 });
      // @ts-expect-error: a server request is not the client's to make
      client.request('ask', 'well?');
    });
    expectType<Equal<RequestMethod<Plain>, 'echo' | 'work' | 'read' | 'stop' | 'add' | 'preview'>>();
    expectType<Equal<ParamsOf<Plain['requests']['add']>, { a: number; b: number }>>();
    expectType<Equal<ResultOf<Plain['requests']['work']>, number>>();
    expect(true).toBe(true);
  });

  it('let params be left out where they may be undefined', () => {
    compiles((client) => {
      client.request('echo');
      client.notify('log', 'text');
      // @ts-expect-error: this one has params
      client.notify('log');
      const how = client.notify('log', 'text');
      expectType<Equal<typeof how, 'sent' | 'queued' | 'full' | 'closed'>>();
    });
    expect(true).toBe(true);
  });

  it('add the marker to best-effort events and to no other', () => {
    compiles((client) => {
      const done = client.notifications('done');
      expectType<Equal<typeof done, Observable<Job>>>();
      const delta = client.notifications('delta');
      expectType<Equal<typeof delta, Observable<Job | Lagged>>>();
      const scoped = client.scoped('a');
      expectType<Equal<typeof scoped, Observable<ClientEvent<Plain> | Lagged>>>();
      // @ts-expect-error: no such event
      client.notifications('nothing');
    });
    expect(true).toBe(true);
  });

  it('tell the kinds of events apart by type and method', () => {
    compiles((client) =>
      client.events$.subscribe((event) => {
        if (event.type === 'notification' && event.method === 'done') expectType<Equal<typeof event.params, Job>>();
        if (event.type === 'serverRequest' && event.method === 'ask') {
          expectType<Equal<typeof event.params, string>>();
          expectType<Equal<typeof event.id, RequestId>>();
        }
        if (event.type === 'unknown') expectType<Equal<typeof event.params, unknown>>();
        if (event.type === 'lagged') expectType<Equal<typeof event, Lagged>>();
      }),
    );
    expect(true).toBe(true);
  });

  it('infer what a handler is given and must answer', () => {
    compiles((client) => {
      client.handle('approve', (params, context) => {
        expectType<Equal<typeof params, { readonly command: string; readonly scope?: string }>>();
        expectType<Equal<typeof context.signal, AbortSignal>>();
        return { decision: params.command === 'ls' ? 'accept' : 'decline' };
      });
      client.handle('approve', () => ({ decision: 'accept' }));
      client.handle('approve', () => Promise.resolve({ decision: 'accept' as const }));
      // @ts-expect-error: not one of the decisions
      client.handle('approve', () => ({ decision: 'maybe' }));
      // @ts-expect-error: no such server request
      client.handle('work', () => 1);
    });
    expect(true).toBe(true);
  });

  it('tell open requests apart by method', () => {
    compiles((client) =>
      client.serverRequests$.subscribe((open) => {
        expectType<Equal<typeof open, ServerRequest<Plain>>>();
        if (open.method !== 'approve') return;
        const settled = open.respond({ decision: 'accept' });
        expectType<Equal<typeof settled, Settled>>();
        // @ts-expect-error: not one of the decisions
        open.respond({ decision: 'maybe' });
      }),
    );
    expect(true).toBe(true);
  });

  it('know that a listener is given the client of the same contract', () => {
    const options: ClientOptions<Plain> = {
      listen: (client) => {
        expectType<Equal<typeof client, Client<Plain>>>();
      },
    };
    expect(options.listen).toBeDefined();
  });
});

describe('the types of a server', () => {
  it('want a handler for each request, and may have one for notifications', () => {
    const { work, read, stop, add, preview } = plainHandlers;
    const rest = { work, read, stop, add, preview };
    // @ts-expect-error: echo has no handler
    const incomplete: Handlers<Plain> = rest;
    const complete: Handlers<Plain> = {
      ...plainHandlers,
      log: (text) => void expectType<Equal<typeof text, string>>(),
    };
    // @ts-expect-error: the result is a number
    const wrong: Handlers<Plain> = { ...plainHandlers, work: () => 'one' };
    expect([incomplete, complete, wrong]).toHaveLength(3);
  });

  it('infer events and questions', () => {
    compiles((_, server, connection) => {
      const sent = connection.notify('done', { n: 1 });
      expectType<Equal<typeof sent, Sent>>();
      server.broadcast('delta', { n: 1 });
      server.notify(server.everyone, 'done', { n: 1 });
      const answer = server.request(connection, 'ask', 'well?');
      expectType<Equal<typeof answer, Observable<string>>>();
      // @ts-expect-error: params do not fit
      connection.notify('done', { n: 'one' });
      // @ts-expect-error: a client's request is not the server's to make
      server.request(connection, 'work', { n: 1 });
    });
    expect(true).toBe(true);
  });

  it('infer the handler s context', () => {
    const handlers: Handlers<Plain> = {
      ...plainHandlers,
      work: ({ n }, context) => {
        expectType<Equal<typeof context.connection, Connection<Plain>>>();
        const answer = context.request('ask', 'well?');
        expectType<Equal<typeof answer, Observable<string>>>();
        return n;
      },
    };
    expect(handlers.work).toBeDefined();
  });
});

describe('the types of a contract', () => {
  it('leave out what is left out', () => {
    const small = defineContract({ requests: { ping: request() } });
    const client = connect(fakeWire(), small);
    const events: Observable<ClientEvent<typeof small> | Lagged> = client.events$;
    // @ts-expect-error: it has no events
    (() => client.notifications('x'))();
    expect(events).toBeDefined();
  });

  it('refuse to conflate what is lossless', () => {
    expect(() => notification({ params: type<Job>(), conflate: { key: ({ n }) => n } })).toThrow(TypeError);
  });

  it('infer a script s lines', () => {
    const server = scriptedServer(formal, {
      work: (params, message) => {
        expectType<Equal<typeof params, Job>>();
        expectType<Equal<typeof message.id, RequestId>>();
        return params.n;
      },
    });
    // @ts-expect-error: the result is a number
    scriptedServer(formal, { work: () => 'one' });
    const answer = server.ask('ask', 'well?');
    expectType<Equal<typeof answer, Observable<string>>>();
    expect(server.requests).toEqual([]);
  });

  it('keep literals in what handlers and scripts answer', () => {
    const tiny = defineContract({
      requests: { choose: request({ result: type<{ readonly pick: 'a' | 'b' }>() }) },
    });
    const server = createServer(tiny, { choose: () => ({ pick: 'a' }) });
    const scripted = scriptedServer(tiny, { choose: () => ({ pick: 'b' }) });
    // @ts-expect-error: not one of the picks
    createServer(tiny, { choose: () => ({ pick: 'c' }) });
    expect([server.contract, scripted.requests]).toEqual([tiny, []]);
  });

  it('carry the timeout of a server request and its literals', () => {
    const entry = serverRequest({ params: type<string>(), result: type<'yes' | 'no'>(), timeout: 5 });
    expectType<Equal<ResultOf<typeof entry>, 'yes' | 'no'>>();
    expect(entry.timeout).toBe(5);
  });
});
