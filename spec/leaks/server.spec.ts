import { asyncScheduler, NEVER, VirtualTimeScheduler } from 'rxjs';

import { inProcessWires, startInProcess } from '../../src/in-process/index.js';
import type { Wire } from '../../src/protocol/index.js';
import {
  type Connection,
  createServer,
  type Handlers,
  type Server,
  type ServerOptions,
} from '../../src/server/index.js';
import { plain, type Plain, plainHandlers } from '../rules/support.js';
import { endlessWire } from './endless-wire.js';
import { stillHeld, type Watch } from './still-held.js';

function serverOf(handlers: Partial<Handlers<Plain>> = {}, options: ServerOptions<Plain> = {}): Server<Plain> {
  return createServer(plain, { ...plainHandlers, ...handlers }, options);
}

/** A new connection of a server; who holds the other end sees nothing of it and keeps nothing. */
function attach(server: Server<Plain>): { readonly connection: Connection<Plain>; readonly far: Wire } {
  const [far, near] = inProcessWires();
  const connection = server.attach(near);
  far.inbound$.subscribe();
  return { connection, far };
}

function observerOf(watch: Watch, name: string): { next(): void; error(): void } {
  return watch(name, { next: () => undefined, error: () => undefined });
}

describe('A1, C8: a request that is over, while its connection goes on', () => {
  it('holds neither what was asked nor what the handler was given and gave', async () => {
    const found = await stillHeld(async (watch) => {
      const server = serverOf({
        echo: (params, context) => {
          watch('context', context);
          watch('signal', context.signal);
          return Promise.resolve(watch('result', { params }));
        },
      });
      const { far } = attach(server);
      far.send({ id: 1, method: 'echo', params: watch('params', {}) });
      await Promise.resolve();
      await Promise.resolve();
      return [server, far];
    });
    expect(found).toEqual({});
  });

  it('holds nothing of a handler that was cancelled in the middle, or before it began', async () => {
    const found = await stillHeld((watch) => {
      const server = serverOf({
        work: (_, context) => {
          watch('context', context);
          return NEVER;
        },
      });
      const { far } = attach(server);
      for (const id of [1, 2]) far.send({ id, method: 'work', params: watch('params', { n: 1, scope: 'a' }) });
      for (const id of [2, 1]) far.send({ method: 'cancel', params: { id } });
      return [server, far];
    });
    expect(found).toEqual({});
  });
});

describe('S1: a question that is over, while its connection goes on', () => {
  const ends: Readonly<Record<string, (far: Wire, question: { unsubscribe(): void }) => void>> = {
    answered: (far) => void far.send({ id: 0, result: { decision: 'accept' } }),
    refused: (far) => void far.send({ id: 0, error: { code: 1, message: 'no' } }),
    'taken back': (_, question) => {
      question.unsubscribe();
    },
    'asked of one who is gone': (far) => {
      far.close();
    },
  };

  it.each(Object.keys(ends))('%s: holds neither params nor asker', async (name) => {
    const server = serverOf();
    const found = await stillHeld((watch) => {
      const [far, near] = inProcessWires();
      const connection = server.attach(near);
      let id: unknown;
      far.inbound$.subscribe((message) => {
        if ('method' in message && 'id' in message) id = message.id;
      });
      const params = watch('params', { command: 'ls' });
      const question = server.request(connection, 'approve', params).subscribe(observerOf(watch, 'asker'));
      // The far end's ids are the server's own.
      const own: Wire = {
        ...far,
        send: (m) => far.send({ ...m, id } as typeof m),
        close: () => {
          far.close();
        },
      };
      ends[name]?.(own, question);
      return [far, question];
    });
    expect(found).toEqual({});
  });

  it('timed out: the same', async () => {
    const scheduler = new VirtualTimeScheduler();
    const server = serverOf({}, { scheduler });
    const found = await stillHeld((watch) => {
      const { connection, far } = attach(server);
      const params = watch('params', { command: 'ls' });
      const question = server.request(connection, 'approve', params, { timeout: 10 });
      const asking = question.subscribe(observerOf(watch, 'asker'));
      scheduler.flush();
      return [far, asking];
    });
    expect(found).toEqual({});
  });
});

describe('D3: a connection that is gone, while its server goes on', () => {
  it.each(['since the client closed it', 'since the server closed it'])('%s: nobody holds it', async (name) => {
    const server = serverOf({ work: () => NEVER });
    const audience = server.audience();
    const listening = server.connections$.subscribe();
    const found = await stillHeld((watch) => {
      const { connection, far } = attach(server);
      watch('connection', connection);
      audience.add(connection);
      connection.writable$.subscribe(observerOf(watch, 'writable$'));
      connection.closed$.subscribe(observerOf(watch, 'closed$'));
      far.send({ id: 1, method: 'work', params: watch('running', { n: 1, scope: 'a' }) });
      far.send({ id: 2, method: 'work', params: watch('waiting', { n: 2, scope: 'a' }) });
      server.request(connection, 'approve', { command: 'ls' }).subscribe(observerOf(watch, 'asker'));
      server.notify(connection, 'done', watch('event', { n: 1 }));
      if (name === 'since the client closed it') far.close();
      else connection.close();
      return far;
    });
    expect(found).toEqual({});
    expect(server.stats().connections).toBe(0);
    listening.unsubscribe();
  });

  it('is not held by a closed wire whose streams go on', async () => {
    const server = serverOf();
    const found = await stillHeld((watch) => {
      const wire = endlessWire();
      watch('connection', server.attach(wire)).close();
      return wire;
    });
    expect(found).toEqual({});
  });

  it('holds no client that shared it', async () => {
    const server = serverOf();
    const found = await stillHeld((watch) => {
      const client = watch('client', startInProcess(server, { ownServer: false }));
      client.events$.subscribe(observerOf(watch, 'events$'));
      client.request('echo', {}).subscribe();
      client.shutdown().subscribe(observerOf(watch, 'report'));
    });
    expect(found).toEqual({});
  });

  it('leaves no member in an audience', async () => {
    const server = serverOf();
    const found = await stillHeld((watch) => {
      const { connection } = attach(server);
      const audience = watch('audience', server.audience());
      audience.add(connection);
      audience.delete(connection);
      return connection;
    });
    expect(found).toEqual({});
  });
});

describe('D1, D2: a server that has shut down', () => {
  /** Uses everything a server has, and leaves all of it in use. */
  function useAll(watch: Watch, options: ServerOptions<Plain>): { readonly server: Server<Plain>; readonly far: Wire } {
    const server = serverOf({ work: () => NEVER }, options);
    const { connection, far } = attach(server);
    watch('connection', connection);
    server.audience().add(connection);
    server.connections$.subscribe(observerOf(watch, 'connections$'));
    server.diagnostics$.subscribe(observerOf(watch, 'diagnostics$'));
    server.request(connection, 'approve', watch('question', { command: 'ls' })).subscribe(observerOf(watch, 'asker'));
    far.send({ id: 1, method: 'work', params: watch('running', { n: 1, scope: 'a' }) });
    far.send({ id: 2, method: 'work', params: watch('waiting', { n: 2, scope: 'a' }) });
    server.broadcast('done', watch('event', { n: 1 }));
    return { server, far };
  }

  it('is kept: it has let go of connections, work and listeners', async () => {
    const scheduler = new VirtualTimeScheduler();
    const found = await stillHeld((watch) => {
      const { server, far } = useAll(watch, { scheduler });
      const report$ = server.shutdown({ timeout: 10 });
      const reporting = report$.subscribe(observerOf(watch, 'report'));
      scheduler.flush();
      return [server, far, report$, reporting];
    });
    expect(found).toEqual({});
  });

  it('is held by neither clock nor wire', async () => {
    const found = await stillHeld(async (watch) => {
      const { server, far } = useAll(watch, { scheduler: asyncScheduler });
      watch('server', server);
      await new Promise((resolve) => server.shutdown({ timeout: 0 }).subscribe(resolve));
      return far;
    });
    expect(found).toEqual({});
  });

  it('is not held by the client that ended it, but for being its owner', async () => {
    const found = await stillHeld((watch) => {
      const client = startInProcess(serverOf());
      client.events$.subscribe();
      client.request('echo', watch('params', {})).subscribe();
      client.shutdown();
      watch('client', client);
    });
    expect(found).toEqual({});
  });
});
