import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { filter, firstValueFrom, map, NEVER } from 'rxjs';

import { serve } from '../../../src/cli/commands/serve.js';
import type { ServeOptions } from '../../../src/cli/options/serve-options.js';
import { type FakeWire, fakeWire, run } from '../../../src/testing/index.js';
import { scriptedAgent } from '../../../src/testing/scripted-agent.js';
import { fakeWorld, type FakeWorld } from '../fake-world.js';

const STDIO: ServeOptions = { listen: { type: 'stdio' }, allowedOrigins: [], tokenFile: undefined, store: undefined };
const LOOPBACK: ServeOptions = { ...STDIO, listen: { type: 'tcp', host: '127.0.0.1', port: 0 } };

const initialize = { id: 1, method: 'initialize', params: { clientInfo: { name: 'spec', version: '1' } } };

/** What became of it: the exit code, or the error. */
function outcomeOf(options: ServeOptions, world: FakeWorld): unknown[] {
  const seen: unknown[] = [];
  serve(options, world).subscribe({
    next: (code) => seen.push(code),
    error: (error: unknown) => seen.push(error),
  });
  return seen;
}

const answersOf = ({ sent }: FakeWire): unknown[] => sent.filter((message) => 'result' in message);

describe('serve', () => {
  describe('on stdio', () => {
    it('serves, and says nothing of its own', () => {
      run(({ flush }) => {
        const world = fakeWorld();
        outcomeOf(STDIO, world);
        world.stdio.receive(initialize, { method: 'initialized' });
        flush();
        expect(answersOf(world.stdio)).toMatchObject([
          { id: 1, result: { userAgent: 'rx-sluice (spec; 1)', platformFamily: 'unix', platformOs: 'plan9' } },
        ]);
        expect([world.terminal.out(), world.terminal.errors()]).toEqual(['', '']);
      });
    });

    it('ends with its input, and with it the turns that run (D1)', () => {
      run(({ cold, flush, expectSubscriptions }) => {
        const work = cold<never>('-');
        const world = fakeWorld({ agent: scriptedAgent(() => work) });
        const seen = outcomeOf(STDIO, world);
        world.stdio.receive(initialize, { method: 'initialized' }, { id: 2, method: 'thread/start', params: {} });
        const [, answer] = answersOf(world.stdio) as { result: { thread: { id: string } } }[];
        world.stdio.receive({ id: 3, method: 'turn/start', params: { threadId: answer!.result.thread.id, input: [] } });
        cold('---x').subscribe(() => world.stdio.end());
        expectSubscriptions(work.subscriptions).toBe('^--!');
        flush();
        expect(seen).toEqual([0]);
      });
    });

    it('says why when its pipe breaks', () => {
      run(({ flush }) => {
        const world = fakeWorld();
        const seen = outcomeOf(STDIO, world);
        world.stdio.end({ reason: 'EPIPE', orderly: false });
        flush();
        expect(seen).toEqual([expect.objectContaining({ exitCode: 6, message: 'EPIPE' })]);
      });
    });

    it('tells on stderr what no answer can carry', () => {
      const world = fakeWorld();
      outcomeOf(STDIO, world);
      world.stdio.receive({ malformed: new SyntaxError('Unexpected token') });
      expect(world.terminal.errors()).toBe('rx-sluice: malformed: Unexpected token\n');
      world.terminal.interrupt();
    });
  });

  describe('on a socket', () => {
    it('says where, and serves whoever connects', () => {
      run(({ flush }) => {
        const world = fakeWorld();
        const seen = outcomeOf({ ...LOOPBACK, allowedOrigins: ['https://a.example'] }, world);
        world.listen('ws://127.0.0.1:4321');
        const clients = [fakeWire(), fakeWire()];
        for (const client of clients) {
          world.arrive(client);
          client.receive(initialize);
        }
        flush();
        expect(clients.map((client) => answersOf(client).length)).toEqual([1, 1]);
        expect(world.terminal.errors()).toBe('listening on ws://127.0.0.1:4321\n');
        expect([world.terminal.out(), seen]).toEqual(['', []]);
      });
    });

    it('ends in order on Ctrl-C: no new clients, and the old ones are told (D1)', () => {
      run(({ flush }) => {
        const world = fakeWorld();
        const seen = outcomeOf(LOOPBACK, world);
        const client = fakeWire();
        world.arrive(client);
        world.terminal.interrupt();
        flush();
        expect([seen, world.isListening(), client.closedWith]).toEqual([
          [0],
          false,
          { reason: 'shutdown', orderly: true },
        ]);
      });
    });

    it('warns when every program on this machine may connect', () => {
      const world = fakeWorld();
      outcomeOf(LOOPBACK, world);
      expect(world.terminal.errors()).toContain('--token-file prevents that');
      world.terminal.interrupt();
    });

    it('does not start beyond this machine without a token', () => {
      const world = fakeWorld();
      const seen = outcomeOf({ ...LOOPBACK, listen: { type: 'tcp', host: '0.0.0.0', port: 0 } }, world);
      expect(seen).toEqual([expect.objectContaining({ exitCode: 7 })]);
      expect(world.asked).toEqual([]);
    });

    it('fails when it cannot listen any more, and ends in order all the same', () => {
      run(({ flush }) => {
        const world = fakeWorld();
        const seen = outcomeOf(LOOPBACK, world);
        const client = fakeWire();
        world.arrive(client);
        world.endListener({ reason: 'too many open files', orderly: false });
        flush();
        expect(seen).toEqual([expect.objectContaining({ exitCode: 6, message: 'too many open files' })]);
        expect(client.closedWith).toEqual({ reason: 'shutdown', orderly: true });
      });
    });
  });

  describe('with a store', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rx-sluice-serve-'));

    afterAll(() => rmSync(folder, { recursive: true }));

    it('finds the threads again', async () => {
      const store = join(folder, 'threads');
      const served = async (request: { method: string; params: object }): Promise<unknown> => {
        const world = fakeWorld({ agent: () => NEVER });
        const ended = firstValueFrom(serve({ ...STDIO, store }, world));
        world.stdio.receive(initialize, { method: 'initialized' }, { id: 2, ...request });
        const answer = await firstValueFrom(
          world.stdio.sent$.pipe(
            filter((message) => 'id' in message && message.id === 2),
            map((message) => ('result' in message ? message.result : message)),
          ),
        );
        world.stdio.end();
        expect(await ended).toBe(0);
        return answer;
      };
      await served({ method: 'thread/start', params: {} });
      expect(await served({ method: 'thread/list', params: {} })).toMatchObject({ data: [{ cwd: '/usr' }] });
    });

    it('does not start where no threads can be kept', async () => {
      const file = join(folder, 'file');
      writeFileSync(file, '');
      const world = fakeWorld();
      await expect(firstValueFrom(serve({ ...LOOPBACK, store: file }, world))).rejects.toMatchObject({ exitCode: 6 });
      expect(world.asked).toEqual([]);
    });

    it('gives the folder back when it cannot listen', async () => {
      const store = join(folder, 'given-back');
      const careless: ServeOptions = { ...LOOPBACK, listen: { type: 'tcp', host: '0.0.0.0', port: 0 }, store };
      for (const _ of [1, 2]) {
        await expect(firstValueFrom(serve(careless, fakeWorld()))).rejects.toMatchObject({ exitCode: 7 });
      }
    });
  });
});
