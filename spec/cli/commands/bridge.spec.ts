import { bridge } from '../../../src/cli/commands/bridge.js';
import type { BridgeOptions } from '../../../src/cli/options/bridge-options.js';
import { type FakeWire, fakeWire } from '../../../src/testing/index.js';
import { fakeWorld, type FakeWorld } from '../fake-world.js';

const OPTIONS: BridgeOptions = {
  listen: { type: 'tcp', host: '127.0.0.1', port: 0 },
  allowedOrigins: ['https://a.example'],
  tokenFile: undefined,
  program: 'codex',
  args: ['app-server'],
  maxClients: 3,
};

/** What became of it: the exit code, or the error. */
function outcomeOf(options: Partial<BridgeOptions>, world: FakeWorld): unknown[] {
  const seen: unknown[] = [];
  bridge({ ...OPTIONS, ...options }, world).subscribe({
    next: (code) => seen.push(code),
    error: (error: unknown) => seen.push(error),
  });
  return seen;
}

/** A client that connects, and the program that is started for it. */
function arrive(world: FakeWorld): { client: FakeWire; program: FakeWorld['spawned'][number] } {
  const client = fakeWire();
  world.arrive(client);
  return { client, program: world.spawned.at(-1)! };
}

const EXIT = { code: 0, signal: null };
const SHUTDOWN = { reason: 'shutdown', orderly: true };

describe('bridge', () => {
  it('says where it listens, and starts the program for each client', () => {
    const world = fakeWorld();
    const seen = outcomeOf({}, world);
    world.listen('ws://127.0.0.1:4321');
    expect(world.asked).toEqual([
      { host: '127.0.0.1', port: 0, allowedOrigins: ['https://a.example'], maxConnections: 3 },
    ]);
    expect([world.terminal.out(), world.terminal.errors()]).toEqual(['', 'listening on ws://127.0.0.1:4321\n']);
    const [first, second] = [arrive(world), arrive(world)];
    expect(world.spawned).toMatchObject([
      { command: 'codex', args: ['app-server'] },
      { command: 'codex', args: ['app-server'] },
    ]);
    first.client.receive({ id: 1, method: 'initialize', params: {} });
    second.program.wire.receive({ method: 'turn/completed', params: {} });
    expect([first.program.wire.sent, second.client.sent]).toEqual([
      [{ id: 1, method: 'initialize', params: {} }],
      [{ method: 'turn/completed', params: {} }],
    ]);
    expect([second.program.wire.sent, first.client.sent, seen]).toEqual([[], [], []]);
    world.terminal.interrupt();
  });

  it.each([
    ['lossless', false, 1],
    ['to be folded while it waits, once the client understands gaps', true, 0],
  ])('takes growing text of codex for %s (E7)', (_, lag, missing) => {
    const world = fakeWorld();
    outcomeOf({}, world);
    const { client, program } = arrive(world);
    client.receive({ id: 1, method: 'initialize', params: { capabilities: { lag } } });
    program.wire.receive({ id: 1, result: {} });
    const delta = { threadId: 't', turnId: 'u', itemId: 'i', delta: 'a' };
    client.fill();
    for (let n = 0; n < 3; n += 1) program.wire.receive({ method: 'item/agentMessage/delta', params: delta });
    client.drain();
    expect(client.sent).toHaveLength(3 + missing);
    world.terminal.interrupt();
  });

  describe('protects the program', () => {
    it.each([
      ['with neither an origin nor a token it does not start', { allowedOrigins: [] }],
      ['nor beyond this machine with an origin only', { listen: { type: 'tcp', host: '0.0.0.0', port: 0 } }],
    ] as const)('%s', (_, options) => {
      const world = fakeWorld();
      expect(outcomeOf(options, world)).toEqual([expect.objectContaining({ exitCode: 7 })]);
      expect(world.asked).toEqual([]);
    });

    it('a socket in the file system needs neither', () => {
      const world = fakeWorld();
      outcomeOf({ listen: { type: 'unix', path: 'my.sock' }, allowedOrigins: [] }, world);
      expect(world.asked).toEqual([{ unix: '/usr/my.sock', allowedOrigins: [], maxConnections: 3 }]);
      world.terminal.interrupt();
    });
  });

  describe('ends', () => {
    it('the program with its client', () => {
      const world = fakeWorld();
      outcomeOf({}, world);
      const { client, program } = arrive(world);
      client.end({ reason: 'peer went away' });
      expect(program.wire.closedWith).toEqual({ reason: 'peer went away', orderly: true });
      expect(world.terminal.errors()).toBe('');
      world.terminal.interrupt();
    });

    it('the client with its program, and says why', () => {
      const world = fakeWorld();
      outcomeOf({}, world);
      const { client, program } = arrive(world);
      program.says('panicked\n');
      program.wire.receive({ malformed: new SyntaxError('not JSON') });
      program.wire.end({ reason: 'peer exited with code 1', orderly: false });
      program.exits({ code: 1, signal: null });
      expect(client.closedWith).toEqual({ reason: 'peer exited with code 1', orderly: false });
      expect(world.terminal.errors()).toBe(
        'panicked\nrx-sluice: codex: server: malformed: not JSON\nrx-sluice: codex: peer exited with code 1\n',
      );
      world.terminal.interrupt();
    });

    it('all of them on Ctrl-C, and waits until they have ended (D1)', () => {
      const world = fakeWorld();
      const seen = outcomeOf({}, world);
      const pairs = [arrive(world), arrive(world), arrive(world)];
      pairs[0]?.program.wire.end();
      pairs[0]?.program.exits(EXIT);
      world.terminal.interrupt();
      for (const { client, program } of pairs.slice(1)) {
        expect([client.closedWith, program.wire.closedWith]).toEqual([SHUTDOWN, SHUTDOWN]);
      }
      pairs[1]?.program.exits(EXIT);
      expect([seen, world.isListening()]).toEqual([[], true]);
      pairs[2]?.program.exits(EXIT);
      expect([seen, world.isListening()]).toEqual([[0], false]);
    });

    it('and starts nothing more while it waits', () => {
      const world = fakeWorld();
      const seen = outcomeOf({}, world);
      const { program } = arrive(world);
      world.terminal.interrupt();
      const late = fakeWire();
      world.arrive(late);
      expect([world.spawned.length, late.closedWith]).toEqual([1, SHUTDOWN]);
      program.exits(EXIT);
      expect(seen).toEqual([0]);
    });

    it('with an error when it cannot listen any more, after the programs', () => {
      const world = fakeWorld();
      const seen = outcomeOf({}, world);
      const { program } = arrive(world);
      world.endListener({ reason: 'too many open files', orderly: false });
      expect([seen, program.wire.closedWith]).toEqual([[], SHUTDOWN]);
      program.exits(EXIT);
      expect(seen).toEqual([expect.objectContaining({ exitCode: 6, message: 'too many open files' })]);
    });
  });
});
