/** A real server of the Model Context Protocol, driven by `mcpContract` alone. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { filter, firstValueFrom, lastValueFrom, merge, take, toArray } from 'rxjs';

import { type Client, connect, isLagged, type Message } from '../../src/index.js';
import { type SpawnedWire, spawnWire } from '../../src/node/index.js';
import { mcpContract } from './mcp-contract.js';

const program = join(__dirname, '../../node_modules/@modelcontextprotocol/server-everything/dist/index.js');
const prompt = { name: 'trigger-sampling-request', arguments: { prompt: 'hello' } };

describe('a real MCP server over stdio', () => {
  let wire: SpawnedWire;
  let client: Client<typeof mcpContract>;

  beforeEach(() => {
    wire = spawnWire({ command: process.execPath, args: [program, 'stdio'] });
    client = connect(wire, mcpContract, {
      handshake: {
        protocolVersion: '2025-06-18',
        capabilities: { sampling: {}, roots: {} },
        clientInfo: { name: 'rx-sluice', version: '0.0.0' },
      },
    });
  });

  afterEach(() => lastValueFrom(client.shutdown()));

  it('takes a contract of fewer than 40 lines', () => {
    expect(readFileSync(join(__dirname, 'mcp-contract.ts'), 'utf8').trimEnd().split('\n').length).toBeLessThan(40);
  });

  it('H1: agrees on a version, and answers what was asked before it had', async () => {
    const tools = client.call('tools/list');
    expect(await firstValueFrom(client.ready$)).toMatchObject({ protocolVersion: '2025-06-18' });
    expect((await tools).tools.map(({ name }) => name)).toContain('echo');
    const { content } = await client.call('tools/call', { name: 'echo', arguments: { message: 'to and fro' } });
    expect(content).toEqual([{ type: 'text', text: 'Echo: to and fro' }]);
  });

  it("S1: answers the server's own requests, in the middle of one of ours", async () => {
    client.handle('sampling/createMessage', ({ maxTokens }) => ({
      role: 'assistant',
      model: 'none',
      content: { type: 'text', text: `at most ${maxTokens}` },
    }));
    const { content } = await client.call('tools/call', prompt);
    expect(content).toEqual([expect.objectContaining({ text: expect.stringContaining('at most 100') })]);
  });

  it('S2: keeps a question for a handler that comes late', async () => {
    const answer = client.call('tools/call', prompt);
    const question = await firstValueFrom(client.serverRequests$);
    expect(question.method).toBe('sampling/createMessage');
    client.handle('sampling/createMessage', () => ({
      role: 'assistant',
      model: 'none',
      content: { type: 'text', text: 'late' },
    }));
    expect((await answer).content).toEqual([expect.objectContaining({ text: expect.stringContaining('late') })]);
  });

  it('C6: cancels in the words of the protocol, once, and hears no more of it', async () => {
    const commands: string[] = [];
    client.commands$.subscribe(({ method }) => commands.push(method));
    const progress = firstValueFrom(client.notifications('notifications/progress'));
    const outcome: unknown[] = [];
    const running = client
      .request('tools/call', {
        name: 'trigger-long-running-operation',
        arguments: { duration: 0.6, steps: 6 },
        _meta: { progressToken: 'p' },
      })
      .subscribe({ next: (result) => outcome.push(result), error: (error: unknown) => outcome.push(error) });
    expect(await progress).toMatchObject({ progressToken: 'p', progress: 1 });
    running.unsubscribe();
    // The operation itself goes on to its end; only its answer is not sent any more.
    await firstValueFrom(
      client.notifications('notifications/progress').pipe(filter((event) => !isLagged(event) && event.progress === 6)),
    );
    await client.call('tools/list');
    expect(commands.filter((method) => method === 'notifications/cancelled')).toHaveLength(1);
    expect(outcome).toEqual([]);
  });

  it('D3: ends everything when the server is killed', async () => {
    await firstValueFrom(client.ready$);
    const lost = Promise.all(
      [client.call('tools/call', prompt), client.call('tools/call', prompt)].map((answer) =>
        answer.catch((error: unknown) => error),
      ),
    );
    await lastValueFrom(merge(client.serverRequests$).pipe(take(2), toArray()));
    process.kill(wire.pid ?? 0, 'SIGKILL');
    expect(await lost).toEqual([0, 1].map(() => expect.objectContaining({ reason: 'closed' })));
    expect(await firstValueFrom(client.closed$)).toMatchObject({ orderly: false });
  });

  it('E4: shows methods the contract does not have as unknown', async () => {
    const unknown = firstValueFrom(
      client.events$.pipe(filter((event) => !isLagged(event) && event.type === 'unknown')),
    );
    expect(await unknown).toMatchObject({ method: 'notifications/tools/list_changed' } satisfies Partial<Message>);
  });
});
