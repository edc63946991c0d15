import { NEVER } from 'rxjs';

import type { Client } from '../../src/client/index.js';
import { startInProcess } from '../../src/in-process/index.js';
import { createServer } from '../../src/server/index.js';
import type { Server } from '../../src/server/server.js';
import { fakeWire, run } from '../../src/testing/index.js';
import {
  expectIdleClient,
  expectIdleServer,
  formal,
  formalHandlers,
  latest,
  type Plain,
  plain,
  plainHandlers,
  watch,
} from '../rules/support.js';

const makeServer = (): Server<Plain> => createServer(plain, { ...plainHandlers, work: () => NEVER });

/** Whether a server takes no more wires. */
function isShutDown(server: Server<Plain>): boolean {
  const wire = fakeWire();
  server.attach(wire);
  const isClosed = wire.closedWith !== undefined;
  wire.end();
  return isClosed;
}

function shutDown(client: Client<Plain>): void {
  watch(client.shutdown());
}

describe('section 3, startInProcess', () => {
  it('is ready, with its session open, before it returns', () => {
    const server = createServer(formal, formalHandlers);
    const client = startInProcess(server, { handshake: { capabilities: { optOut: ['done'] } } });
    const events = watch(client.events$);
    expect(latest(client.ready$)).toEqual({ name: 'formal' });
    server.broadcast('done', { n: 1 });
    server.broadcast('sum', { total: 2 });
    expect(events.values).toMatchObject([{ method: 'sum' }]);
    watch(client.shutdown());
  });

  it('answers within subscribe, schedules nothing, and shares by reference unless isolated', () => {
    run(({ flush }) => {
      const server = makeServer();
      const clients = [startInProcess(server), startInProcess(server, { isolation: 'json' })];
      const params = { list: [1] };
      const answers = clients.map((client) => watch(client.request('echo', params)).values[0]);
      expect(answers).toEqual([params, params]);
      expect([answers[0] === params, answers[1] === params]).toEqual([true, false]);
      clients.forEach(shutDown);
      flush();
      expectIdleServer(server);
    });
  });

  it('gives two clients of one server ids and events of their own', () => {
    const server = makeServer();
    const clients = [startInProcess(server), startInProcess(server)];
    const answers = clients.map((client, n) => watch(client.request('echo', n, { id: 7 })));
    const connections = latest(server.connections$) ?? [];
    connections.forEach((connection, n) => connection.notify('done', { n }));
    expect(answers.map(({ values }) => values)).toEqual([[0], [1]]);
    expect(clients.map((client) => watch(client.events$).values)).toMatchObject([
      [{ params: { n: 0 } }],
      [{ params: { n: 1 } }],
    ]);
    clients.forEach(shutDown);
  });

  it('on a server that was shut down is a client that is closed', () => {
    const server = makeServer();
    watch(server.shutdown());
    const client = startInProcess(server);
    expect(latest(client.closed$)).toEqual({ reason: 'shutdown', orderly: true });
    expect(watch(client.request('echo', 'x')).error).toMatchObject({ reason: 'closed' });
    expectIdleClient(client);
  });
});

describe('D1 the owner of a server', () => {
  it('ends it with the last of two clients, not with the first', () => {
    const server = makeServer();
    const clients = [startInProcess(server), startInProcess(server)];
    const [first, second] = clients;
    if (first === undefined || second === undefined) throw new Error('there are two');
    shutDown(first);
    expect(isShutDown(server)).toBe(false);
    expect(watch(second.request('echo', 'x')).values).toEqual(['x']);
    shutDown(second);
    expect(isShutDown(server)).toBe(true);
    clients.forEach(expectIdleClient);
    expectIdleServer(server);
  });

  it('ends it as well when the server closes the last connection', () => {
    const server = makeServer();
    const client = startInProcess(server);
    latest(server.connections$)?.[0]?.close('enough');
    expect(latest(client.closed$)).toEqual({ reason: 'enough', orderly: true });
    expect(isShutDown(server)).toBe(true);
  });

  it('leaves it to a remote client that is still there', () => {
    const server = makeServer();
    const client = startInProcess(server);
    const remote = fakeWire();
    server.attach(remote);
    shutDown(client);
    remote.receive({ id: 1, method: 'echo', params: 'x' });
    expect(remote.sent).toEqual([{ id: 1, result: 'x' }]);
    remote.end();
  });

  it('lets the server use the time of its own shutdown, and no more', () => {
    run(({ flush }) => {
      const server = makeServer();
      const client = startInProcess(server);
      const answer = watch(client.request('work', { n: 1 }));
      const report = watch(client.shutdown({ timeout: 20 }));
      flush();
      expect(answer.ends).toBe(1);
      expect(report.values).toMatchObject([{ graceful: false, elapsed: 20 }]);
      expect(isShutDown(server)).toBe(true);
      expectIdleServer(server);
    });
  });

  it('is nobody where ownServer is false', () => {
    const server = makeServer();
    shutDown(startInProcess(server, { ownServer: false }));
    expect(isShutDown(server)).toBe(false);
    const next = startInProcess(server, { ownServer: false });
    latest(server.connections$)?.[0]?.close();
    expect(latest(next.closed$)).toMatchObject({ orderly: true });
    expect(isShutDown(server)).toBe(false);
  });
});
