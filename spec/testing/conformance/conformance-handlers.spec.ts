import { connect, type Client } from '../../../src/index.js';
import { inProcessWires } from '../../../src/in-process/index.js';
import { conformanceContract, type ConformanceContract, startConformanceServer } from '../../../src/testing/index.js';

function start(): Client<ConformanceContract> {
  const [clientWire, serverWire] = inProcessWires();
  startConformanceServer(serverWire);
  return connect(clientWire, conformanceContract);
}

describe('ConformanceHandlers', () => {
  it('remember what was started, runs, was given up and told, and what was odd', async () => {
    const client = start();
    const given = client.request('hold', { key: 'a' }).subscribe();
    const held = client.call('hold', { key: 'b' });
    given.unsubscribe();
    client.notify('note', 1);
    await client.call('raw', [{ id: 'odd', method: 'nope' }]);
    expect(await client.call('observe')).toEqual({
      started: ['a', 'b'],
      running: ['b'],
      aborted: ['a'],
      notes: [1],
      diagnostics: [{ type: 'unmatchedResponse', id: 'odd', code: -32601 }],
    });
    expect(await client.call('release', 'none')).toBe(0);
    expect(await client.call('release', '*')).toBe(1);
    expect(await held).toBe('b');
    expect(await client.call('hold', { key: 'late' })).toBe('late');
    client.shutdown();
  });

  it('send numbered events at once, later, in turns, or to all', async () => {
    const client = start();
    const seen: unknown[] = [];
    client.notifications('mark').subscribe(({ n, ballast }) => seen.push(ballast === undefined ? n : `${n}${ballast}`));
    expect(await client.call('emit', { method: 'mark', count: 2 })).toBe(2);
    await client.call('emit', { method: 'mark', count: 1, size: 3, broadcast: true });
    expect(seen).toEqual([0, 1, '0xxx']);
    expect(await client.call('emit', { method: 'mark', count: 250, manner: 'paced' })).toBe(250);
    expect(seen).toHaveLength(253);
    const before = seen.length;
    client.request('emit', { method: 'mark', count: 1, manner: 'later' }).subscribe();
    expect(seen).toHaveLength(before);
    client.shutdown();
  });

  it('tell how a question ended', async () => {
    const client = start();
    client.handle('question', (text) => {
      if (text === 'no') throw new Error('no');
      return 'yes';
    });
    expect(await client.call('ask', { question: 'q' })).toEqual({ result: 'yes' });
    expect(await client.call('ask', { question: 'no' })).toEqual({
      error: { name: 'RpcError', code: -32603, message: 'no' },
    });
    client.shutdown();
  });
});
