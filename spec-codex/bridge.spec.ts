/** Codex behind a bridge: the way a page reaches it, since codex itself lets none in. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { filter, firstValueFrom, lastValueFrom, tap } from 'rxjs';

import { isAlive, until } from '../spec/node/processes.js';
import { type CodexClient, codexContract, type ModelScript, turn } from '../src/codex/index.js';
import { configArguments } from '../src/codex/config/config-arguments.js';
import { isLagged } from '../src/index.js';
import type { SpawnedWire } from '../src/node/index.js';
import { bridge } from '../src/transports/index.js';
import { listenWebSocket } from '../src/websocket/index.js';
import { codexBench, commandQuestions } from './codex-bench.js';
import { programStarter } from './started-program.js';

const bench = codexBench();
const start = programStarter(bench);

const TOKEN = 'known-to-both';
const pieces = Array.from({ length: 20_000 }, (_, n) => `${n} `);

const script: ModelScript = ({ text, toolOutputs }) => {
  if (toolOutputs.length > 0) return [{ type: 'say', pieces: ['It is over.'] }];
  if (text === 'run') return [{ type: 'run', command: 'echo one > made' }];
  return text === 'hang' ? [{ type: 'hang' }] : [{ type: 'say', pieces }];
};

/** A client of a codex that was started for it behind a socket. */
async function bridged(): Promise<{ client: CodexClient; codex: () => SpawnedWire }> {
  const model = await bench.startModel(script);
  const listener = listenWebSocket({ port: 0, token: TOKEN });
  bench.afterwards(() => listener.close());
  const started: SpawnedWire[] = [];
  listener.wires$.subscribe((wire) => {
    const codex = bench.spawn(model);
    started.push(codex);
    bridge(wire, codex, codexContract);
  });
  const { url } = await firstValueFrom(listener.listening$);
  const client = bench.connect(url, { token: TOKEN });
  await firstValueFrom(client.ready$);
  return { client, codex: () => started[0]! };
}

const startThread = async (client: CodexClient): Promise<string> =>
  (await client.call('thread/start', { approvalPolicy: 'untrusted', sandbox: 'danger-full-access' })).thread.id;

describe('codex through the bridge', () => {
  it('E2: runs a turn, and the text of a flood is complete', async () => {
    const { client } = await bridged();
    const threadId = await startThread(client);
    let grown = '';
    let skipped = 0;
    await lastValueFrom(
      turn(client, threadId, 'flood').pipe(
        tap((event) => {
          if (isLagged(event)) skipped += event.skipped;
          else if (event.type === 'notification' && event.method === 'item/agentMessage/delta') {
            grown += event.params.delta;
          }
        }),
      ),
    );
    expect(skipped).toBe(0);
    expect(grown).toBe(pieces.join(''));
  });

  it('S1: asks the client, and hands back what it says', async () => {
    const { client } = await bridged();
    const threadId = await startThread(client);
    const turned = lastValueFrom(turn(client, threadId, 'run'));
    const question = await firstValueFrom(commandQuestions(client));
    expect(existsSync(join(bench.folder(), 'made'))).toBe(false);
    expect(question.respond({ decision: 'accept' })).toBe('sent');
    expect(await turned).toMatchObject({ method: 'turn/completed', params: { turn: { status: 'completed' } } });
    expect(existsSync(join(bench.folder(), 'made'))).toBe(true);
  });

  it('A1, C4: answers 10,000 requests at once', async () => {
    const { client } = await bridged();
    const answers = await Promise.all(Array.from({ length: 10_000 }, () => client.call('thread/loaded/list', {})));
    expect(answers.every(({ data }) => data.length === 0)).toBe(true);
  });

  it('D3: tells the client how codex ended, in the middle of a turn', async () => {
    const { client, codex } = await bridged();
    const threadId = await startThread(client);
    const started = firstValueFrom(client.notifications('turn/started'));
    const turned = lastValueFrom(turn(client, threadId, 'hang')).catch((error: unknown) => error);
    await started;
    process.kill(codex().pid ?? 0, 'SIGKILL');
    expect(await turned).toMatchObject({ name: 'TransportError', reason: 'closed' });
    expect(await firstValueFrom(client.closed$)).toMatchObject({
      reason: 'peer was killed by SIGKILL',
      orderly: false,
    });
  });

  it('D3: ends codex when the client is gone', async () => {
    const { client, codex } = await bridged();
    await lastValueFrom(client.shutdown());
    await lastValueFrom(codex().exited$);
    expect(isAlive(codex().pid ?? 0)).toBe(false);
  });
});

describe('rx-sluice bridge', () => {
  it('puts a codex of its own behind the socket for each client, and ends all of them', async () => {
    const { binary, config } = bench.program(await bench.startModel(script));
    writeFileSync(join(bench.folder(), 'token'), TOKEN, { mode: 0o600 });
    const listen = ['--listen', 'ws://127.0.0.1:0', '--token-file', 'token'];
    const program = start('bridge', ...listen, '--', binary, 'app-server', ...configArguments(config));
    const url = (): string | undefined => /^listening on (ws:.*)$/m.exec(program.errors())?.[1];
    await until(() => url() !== undefined);
    const clients = [1, 2].map(() => bench.connect(url() ?? '', { token: TOKEN }));
    const threads = await Promise.all(clients.map((client) => startThread(client)));
    for (const [n, client] of clients.entries()) {
      expect((await client.call('thread/loaded/list', {})).data).toEqual([threads[n]]);
      const whole = firstValueFrom(
        client.notifications('item/completed').pipe(filter(({ item }) => item.type === 'agentMessage')),
      );
      await lastValueFrom(turn(client, threads[n]!, 'flood'));
      expect(await whole).toMatchObject({ item: { text: pieces.join('') } });
    }
    const closed = Promise.all(clients.map((client) => firstValueFrom(client.closed$)));
    program.child.kill('SIGTERM');
    expect(await program.ended).toBe(0);
    expect(await closed).toEqual(clients.map(() => expect.objectContaining({ reason: 'shutdown' })));
  });
});
