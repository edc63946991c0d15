import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';

import { firstValueFrom, fromEvent, lastValueFrom, map, type Observable, take, toArray, zip } from 'rxjs';

import { type CloseInfo, connect, type Inbound, isLagged, type Lagged, type Wire } from '../../src/index.js';
import { createServer } from '../../src/server/index.js';
import { messagePortWire, postMessageWire } from '../../src/transports/index.js';
import { temporaryFolders } from '../node/thread-log/temporary-folder.js';
import { contract } from './port-contract.js';
import { buildPrograms } from './port-programs.js';

const newFolder = temporaryFolders();
let programs: Awaited<ReturnType<typeof buildPrograms>>;
beforeAll(async () => {
  programs = await buildPrograms(newFolder());
}, 60_000);

/** What was opened is closed, whatever became of the spec. */
const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

function channel(): MessageChannel {
  const made = new MessageChannel();
  opened.push(() => made.port1.close());
  return made;
}

/** Both ends of a channel. */
function bothEnds(): readonly [Wire, Wire] {
  const { port1, port2 } = channel();
  const wires = [messagePortWire(port1), messagePortWire(port2)] as const;
  opened.push(() => wires.forEach((wire) => wire.close()));
  return wires;
}

function startWorker(): Worker {
  const worker = new Worker(programs.worker);
  opened.push(() => worker.terminate());
  return worker;
}

function startChild(serialization?: 'advanced'): ChildProcess {
  const child = fork(programs.child, serialization === undefined ? {} : { serialization });
  opened.push(() => child.kill('SIGKILL'));
  return child;
}

function childWire(child: ChildProcess): Wire {
  return postMessageWire({
    post: (value) => void child.send(value as object, () => undefined),
    listen: (receive) => {
      child.on('message', receive);
      return () => child.off('message', receive);
    },
    // What it has sent last may still come after its exit.
    closed: zip(fromEvent(child, 'exit') as Observable<[number, string | null]>, fromEvent(child, 'disconnect')).pipe(
      map(([[code, signal]]) => `peer exited with ${signal ?? `code ${code}`}`),
    ),
  });
}

describe('messagePortWire', () => {
  describe.each([
    ['a MessageChannel', () => serveHere()],
    ['a worker', () => messagePortWire(startWorker())],
    ['a forked child', () => childWire(startChild())],
    ['a forked child that clones', () => childWire(startChild('advanced'))],
  ])('over %s', (_name, open) => {
    it('carries commands, questions and events, and an orderly end', async () => {
      const wire = open();
      const client = connect(wire, contract);
      const diagnostics = lastValueFrom(client.diagnostics$.pipe(toArray()));
      client.handle('approve', (what) => what === 'ä…🙂');
      const ticks = firstValueFrom(client.notifications('tick').pipe(take(3), toArray()));
      expect(await client.call('add', 1)).toBe(2);
      expect(await client.call('ask', 'ä…🙂')).toBe(true);
      expect(await client.call('flood', 3)).toBe(3);
      expect(await ticks).toEqual([0, 1, 2]);
      await lastValueFrom(client.shutdown());
      expect(await firstValueFrom(wire.closed$)).toEqual({ reason: 'shutdown', orderly: true });
      expect(await diagnostics).toEqual([]);
    });

    it('D3: hears why the other side ends', async () => {
      const client = connect(open(), contract);
      await client.call('leave');
      expect(await firstValueFrom(client.closed$)).toEqual({ reason: 'shutdown', orderly: true });
    });

    it('answers a thousand requests at once', async () => {
      const client = connect(open(), contract);
      const answers = await Promise.all(Array.from({ length: 1_000 }, (_, n) => client.call('add', n)));
      expect(answers).toEqual(Array.from({ length: 1_000 }, (_, n) => n + 1));
      await lastValueFrom(client.shutdown());
    });
  });

  it('D3: hears that a worker has ended without a good-bye', async () => {
    const client = connect(messagePortWire(startWorker()), contract);
    const lost = client.call('die', 3);
    await expect(lost).rejects.toMatchObject({ reason: 'closed' });
    expect(await firstValueFrom(client.closed$)).toEqual({ reason: 'peer exited with code 3', orderly: false });
  });

  it('D3: hears that a child was killed', async () => {
    const child = startChild();
    const client = connect(childWire(child), contract);
    await client.call('add', 1);
    child.kill('SIGKILL');
    expect(await firstValueFrom(client.closed$)).toEqual({ reason: 'peer exited with SIGKILL', orderly: false });
  });

  it('D3: hears that a port was closed', async () => {
    const { port1, port2 } = channel();
    const wire = messagePortWire(port1);
    port2.close();
    expect(await firstValueFrom(wire.closed$)).toEqual({ reason: 'port closed', orderly: false });
  });

  it('finds a worker that hangs by its heartbeat', async () => {
    const client = connect(messagePortWire(startWorker(), { heartbeat: 50 }), contract);
    await expect(client.call('stall', 600_000)).rejects.toMatchObject({ reason: 'closed' });
    expect(await firstValueFrom(client.closed$)).toEqual({ reason: 'peer unresponsive', orderly: false });
  });

  it('lets a worker and a child go that are not needed any more, by their own close', async () => {
    const worker = startWorker();
    const child = startChild();
    const gone = [worker, child].map((program) => new Promise((resolve) => program.once('exit', resolve)));
    for (const wire of [messagePortWire(worker), childWire(child)]) {
      const client = connect(wire, contract);
      await client.call('add', 1);
      await lastValueFrom(client.shutdown());
    }
    expect(await Promise.all(gone)).toEqual([0, 0]);
  });

  it('loses nothing to an end that listens later', async () => {
    const { port1, port2 } = channel();
    const early = messagePortWire(port1);
    early.send({ method: 'a' });
    await new Promise((resolve) => setImmediate(resolve));
    const late = messagePortWire(port2);
    early.send({ method: 'b' });
    early.close();
    expect(await lastValueFrom(late.inbound$.pipe(toArray()))).toEqual([{ method: 'a' }, { method: 'b' }]);
  });

  it('goes on with a new wire over the same port when the other side starts anew', async () => {
    const { port1, port2 } = channel();
    const server = createServer(contract, handlers);
    const page = connect(messagePortWire(port1), contract);
    const first = messagePortWire(port2);
    server.attach(first);
    first.closed$.subscribe(() => server.attach(messagePortWire(port2)));
    expect(await page.call('add', 1)).toBe(2);
    // The page is loaded again: the one before says nothing any more.
    port1.removeAllListeners('message');
    const reloaded = connect(messagePortWire(port1), contract);
    expect(await reloaded.call('add', 2)).toBe(3);
    expect(await firstValueFrom(first.closed$)).toEqual({ reason: 'peer restarted', orderly: false });
    await lastValueFrom(reloaded.shutdown());
    await lastValueFrom(page.shutdown());
    await lastValueFrom(server.shutdown());
  });

  it('takes the value from an event of an emitter, as Electron passes it', () => {
    const port = Object.assign(new EventEmitter(), { postMessage: () => undefined, start: jest.fn() });
    const wire = messagePortWire(port, { heartbeat: 0 });
    const read: Inbound[] = [];
    const ends: CloseInfo[] = [];
    wire.inbound$.subscribe((inbound) => read.push(inbound));
    wire.closed$.subscribe((info) => ends.push(info));
    port.emit('message', { data: { sluice: [['hello', 'peer', null, 4, 1_000]] } });
    port.emit('message', { data: { sluice: [{ method: 'a' }] }, ports: [] });
    port.emit('message', { sluice: [{ method: 'b' }] });
    expect([read, port.start.mock.calls]).toEqual([[{ method: 'a' }, { method: 'b' }], [[]]]);
    port.emit('messageerror', new Error('unreadable'));
    expect(ends).toEqual([{ reason: 'port failed', orderly: false, error: new Error('unreadable') }]);
    expect(port.eventNames()).toEqual([]);
  });

  it('E7: a reader that stalls stops the port, and hears what it has lost; others get everything', async () => {
    const { port1, port2 } = channel();
    let posted = 0;
    const post = port2.postMessage.bind(port2);
    port2.postMessage = (value: { sluice: unknown[] }) => {
      posted += value.sluice.filter((frame) => !Array.isArray(frame)).length;
      post(value);
    };
    const server = createServer(contract, handlers, { limits: { events: 100 } });
    server.attach(messagePortWire(port2));
    const wire = messagePortWire(port1, { credit: 200 });
    const stalled = connect(wire, contract);
    const other = connect(serveOver(server), contract, { limits: { events: 1_000_000 } });
    const [heard, all] = [stalled, other].map((client): Promise<(number | Lagged)[]> =>
      lastValueFrom(client.notifications('tick').pipe(take(Infinity), toArray())),
    );
    await stalled.call('add', 1);
    await other.call('add', 1);
    wire.pause?.();
    const before = posted;
    for (let n = 0; n < 100_000; n += 1) {
      server.broadcast('tick', n);
      // So that the other one's port gets its turns.
      if (n % 100 === 99) await new Promise((resolve) => setImmediate(resolve));
    }
    const out = posted - before;
    // The answers before it were taken, but nobody had asked yet.
    expect([before, out]).toEqual([2, 198]);
    wire.resume?.();
    await stalled.call('add', 1);
    await other.call('add', 1);
    await Promise.all([lastValueFrom(stalled.shutdown()), lastValueFrom(other.shutdown())]);
    await lastValueFrom(server.shutdown());
    const ticks = (await heard) ?? [];
    const gaps = ticks.filter(isLagged);
    expect(gaps).toHaveLength(1);
    expect(ticks.indexOf(gaps[0] as Lagged)).toBe(out);
    expect(ticks.length - 1 + (gaps[0]?.skipped ?? 0)).toBe(100_000);
    expect(ticks.at(-1)).toBe(99_999);
    expect(await all).toEqual(Array.from({ length: 100_000 }, (_, n) => n));
  }, 60_000);
});

const handlers: Parameters<typeof createServer<typeof contract>>[1] = {
  hi: () => undefined,
  add: (n) => n + 1,
  ask: (what, context) => context.request('approve', what),
  flood: (n) => n,
  stall: () => undefined,
  die: () => undefined,
  leave: () => undefined,
};

/** Another client of a server. */
function serveOver(server: ReturnType<typeof createServer<typeof contract>>): Wire {
  const [near, far] = bothEnds();
  server.attach(far);
  return near;
}

/** A server at the other end of a channel. */
function serveHere(): Wire {
  const server = createServer(contract, {
    ...handlers,
    flood: (count) => {
      for (let n = 0; n < count; n += 1) server.broadcast('tick', n);
      return count;
    },
    leave: () => void server.shutdown(),
  });
  return serveOver(server);
}
