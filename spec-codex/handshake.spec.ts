import { firstValueFrom, lastValueFrom, toArray } from 'rxjs';

import { CODEX_VERSION, codexVersion, turn } from '../src/codex/index.js';
import { isLagged } from '../src/index.js';
import { codexBench } from './codex-bench.js';

const bench = codexBench();

describe('the handshake with codex', () => {
  it('H1: opens the session, and answers what was asked before it was open', async () => {
    const codex = bench.connect(bench.spawn(await bench.startModel()));
    const early = codex.call('thread/loaded/list', {});
    const session = (await firstValueFrom(codex.ready$)) as { readonly userAgent: string; readonly codexHome: string };
    expect(codexVersion(session.userAgent)).toBe(CODEX_VERSION);
    expect(session.codexHome).toBe(bench.folder());
    expect((await early).data).toEqual([]);
  });

  it('H1: is refused a second time, in the words of codex', async () => {
    const codex = bench.connect(bench.spawn(await bench.startModel()));
    const clientInfo = { name: 'again', version: '1.0.0' };
    const again = codex.call('initialize', { clientInfo }).catch((error: unknown) => error);
    expect(await again).toMatchObject({ name: 'RpcError', code: -32600, message: 'Already initialized' });
  });

  it('A3: hands on what codex refuses, and goes on', async () => {
    const codex = bench.connect(bench.spawn(await bench.startModel()));
    const threadId = '00000000-0000-7000-8000-000000000000';
    const refused = codex.call('thread/read', { threadId }).catch((error: unknown) => error);
    expect(await refused).toMatchObject({ name: 'RpcError', code: -32600, message: `thread not loaded: ${threadId}` });
    expect((await codex.call('thread/loaded/list', {})).data).toEqual([]);
  });

  it('H2: keeps away the events that were opted out of', async () => {
    const optOutNotificationMethods = ['item/agentMessage/delta', 'thread/started'];
    const codex = bench.connect(bench.spawn(await bench.startModel()), {
      capabilities: { optOutNotificationMethods },
    });
    const { thread } = await codex.call('thread/start', { ephemeral: true });
    const events = await lastValueFrom(turn(codex, thread.id, 'hello').pipe(toArray()));
    const methods = events.map((event) => (isLagged(event) ? event.type : event.method));
    expect(methods).toContain('item/completed');
    expect(methods.filter((method) => optOutNotificationMethods.includes(method))).toEqual([]);
  });

  it('D1: ends with its client, by itself and in order', async () => {
    const wire = bench.spawn(await bench.startModel());
    const codex = bench.connect(wire);
    await firstValueFrom(codex.ready$);
    expect(await lastValueFrom(codex.shutdown())).toMatchObject({ graceful: true });
    expect(await lastValueFrom(wire.exited$)).toEqual({ code: 0, signal: null });
  });
});
