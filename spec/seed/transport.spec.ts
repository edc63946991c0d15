/** The tests of the transport: what comes in when queues are full, and who gets what goes out. */
import { NEVER } from 'rxjs';

import { isLagged } from '../../src/backpressure/index.js';
import { connect } from '../../src/client/index.js';
import { startInProcess } from '../../src/in-process/index.js';
import { createServer } from '../../src/server/index.js';
import { fakeWire } from '../../src/testing/index.js';
import {
  formal,
  formalHandlers,
  idsOf,
  latest,
  named,
  openSession,
  serveFormal,
  servePlain,
  watch,
} from '../rules/support.js';
import { brief, delta, done } from './support.js';

const overloaded = { code: -32001, message: 'Overloaded', data: { reason: 'overloaded', retryable: true } };

/** A server whose one place and one waiting place are taken. */
function fullServer(): ReturnType<typeof servePlain> {
  const served = servePlain({ work: () => NEVER }, { limits: { requests: 1, concurrency: 1 } });
  for (const id of [5, 6]) served.wire.receive({ id, method: 'work', params: { n: id } });
  return served;
}

describe('what comes in', () => {
  it('a request that finds the queue full is told so, and those before it stay', () => {
    const { server, wire } = fullServer();
    wire.receive({ id: 7, method: 'echo', params: 'x' });
    expect(wire.sent).toEqual([{ id: 7, error: overloaded }]);
    expect(server.stats().requests).toMatchObject({ running: 1, waiting: 1 });
  });

  it('a response is never dropped for a full queue', () => {
    const { server, wire, connection } = fullServer();
    const answer = watch(server.request(connection, 'ask', 'well?'));
    wire.receive({ id: idsOf('ask', wire.sent)[0] ?? 'none', result: 'yes' });
    expect(answer.values).toEqual(['yes']);
  });

  it('a notification is never dropped for a full queue', () => {
    const heard: string[] = [];
    const { wire } = servePlain(
      { work: () => NEVER, log: (text) => void heard.push(text) },
      { limits: { requests: 1, concurrency: 1 } },
    );
    for (const id of [5, 6]) wire.receive({ id, method: 'work', params: { n: id } });
    wire.receive({ method: 'log', params: 'heard' });
    expect(heard).toEqual(['heard']);
  });

  it('a full sink blocks no reading, and the refusal goes out when there is room', () => {
    const { server, wire, connection } = fullServer();
    wire.fill();
    connection.notify('done', { n: 0 });
    wire.receive({ id: 7, method: 'echo', params: 'x' }, { method: 'cancel', params: { id: 6 } });
    expect(server.stats().requests).toMatchObject({ running: 1, waiting: 0 });
    expect(brief(wire.sent)).toEqual(['done 0']);
    wire.drain();
    expect(wire.sent.slice(1)).toMatchObject([
      { id: 7, error: overloaded },
      { id: 6, error: { code: -32800 } },
    ]);
  });
});

describe('what goes out', () => {
  it('leaves out a notification the client opted out of, and nothing else', () => {
    const { server, wire } = serveFormal();
    const after = openSession(wire, { optOut: ['delta'] });
    server.broadcast('delta', { n: 1 });
    server.broadcast('done', { n: 2 });
    wire.receive({ id: 1, method: 'echo', params: 'x' });
    expect(after()).toEqual([done(2), { id: 1, result: 'x' }]);
  });

  it('honours an opt-out towards an audience, whose members are meant as a group', () => {
    const { server, wire, connection } = serveFormal();
    const after = openSession(wire, { optOut: ['delta'] });
    const audience = server.audience();
    audience.add(connection);
    server.notify(audience, 'delta', { n: 1 });
    server.notify(audience, 'done', { n: 2 });
    expect(after()).toEqual([done(2)]);
  });

  it('keeps a notification for those who did not opt out', () => {
    const { server, wire } = serveFormal();
    const [other, keen] = [fakeWire(), openSession(wire)];
    server.attach(other);
    const quiet = openSession(other, { optOut: ['delta'] });
    server.broadcast('delta', { n: 1 });
    expect([keen(), quiet()]).toEqual([[delta(1)], []]);
  });

  it.each([
    ['without the capability leaves out', false, []],
    ['with the capability keeps', true, ['trial 1']],
  ])('to a client %s experimental notifications', (_, experimental, expected) => {
    const { server, wire } = serveFormal();
    const after = openSession(wire, { experimental });
    server.broadcast('trial', { n: 1 });
    expect(brief(after())).toEqual(expected);
  });

  it('in old words stays away from a client elsewhere', () => {
    const { server, wire } = serveFormal();
    const after = openSession(wire);
    server.notifyLegacy(server.everyone, 'old/task', { n: 1 });
    expect(after()).toEqual([]);
  });

  it('in old words reaches a client in process', () => {
    const server = createServer(formal, formalHandlers);
    const client = startInProcess(server);
    const events = watch(client.events$);
    server.notifyLegacy(server.everyone, 'old/task', { n: 1 });
    expect(events.values).toMatchObject([{ type: 'legacyNotification', method: 'old/task' }]);
    watch(client.shutdown());
  });

  it('is not held up by a slow connection: it is cut off with a reason, the others have their event', () => {
    const { server, wire } = servePlain({}, { limits: { losslessEvents: 1 } });
    const slow = fakeWire();
    server.attach(slow);
    slow.fill();
    for (const n of [1, 2, 3]) server.broadcast('done', { n });
    expect(brief(wire.sent)).toEqual(['done 1', 'done 2', 'done 3']);
    expect(brief(slow.sent)).toEqual(['done 1']);
    expect(slow.closedWith).toMatchObject({ reason: 'slow-consumer' });
    expect(server.stats().connections).toBe(1);
  });

  it('waits for a full sink within its budget, and nobody is cut off', () => {
    const { wire, connection } = servePlain();
    wire.fill();
    for (const n of [1, 2, 3]) connection.notify('done', { n });
    expect(brief(wire.sent)).toEqual(['done 1']);
    wire.drain();
    expect(brief(wire.sent)).toEqual(['done 1', 'done 2', 'done 3']);
    expect(wire.closedWith).toBeUndefined();
  });

  it('tells a client that was cut off why', () => {
    const server = createServer(formal, formalHandlers, { limits: { losslessEvents: 1 } });
    const wire = fakeWire();
    const connection = server.attach(wire);
    openSession(wire);
    wire.fill();
    for (const n of [1, 2, 3]) connection.notify('done', { n });
    const far = fakeWire();
    const client = connect(far, formal);
    far.end(wire.closedWith ?? {});
    expect(latest(client.closed$)).toMatchObject({ reason: 'slow-consumer', orderly: false });
    expect(watch(client.events$).values.filter(isLagged)).toEqual([]);
    expect(named('initialized', far.sent)).toEqual([]);
  });
});
