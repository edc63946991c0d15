import { firstValueFrom } from 'rxjs';

import { connect, defineContract, isOverloaded, notification, request, serverRequest, type } from '../../src/index.js';
import { withHeader } from '../../src/protocol/with-header.js';
import { createServer } from '../../src/server/index.js';
import { fakeWire } from '../../src/testing/index.js';

const contract = defineContract({
  requests: { ask: request({ params: type<number>(), result: type<number>() }) },
  notifications: { tell: notification({ params: type<number>() }) },
  serverRequests: { approve: serverRequest({ params: type<number>(), result: type<number>() }) },
  serverNotifications: { told: notification({ params: type<number>() }) },
  header: { jsonrpc: '2.0' },
  isOverloaded: ({ code }) => code === -32_802,
});

describe('withHeader: the contract says what stands on every message (DESIGN 5)', () => {
  it('stands on all a client sends, before the rest', () => {
    const wire = fakeWire();
    const client = connect(wire, contract);
    client.handle('approve', (params) => params);
    client.request('ask', 1).subscribe();
    client.notify('tell', 2);
    wire.receive({ id: 9, method: 'approve', params: 3 }, { id: 10, method: 'unheard of' });
    expect(wire.sent).toEqual([
      { jsonrpc: '2.0', id: 0, method: 'ask', params: 1 },
      { jsonrpc: '2.0', method: 'tell', params: 2 },
      { jsonrpc: '2.0', id: 9, result: 3 },
      { jsonrpc: '2.0', id: 10, error: expect.objectContaining({ code: -32_601 }) },
    ]);
    expect(Object.keys(wire.sent[0] ?? {})[0]).toBe('jsonrpc');
  });

  it('stands on all a server sends', () => {
    const wire = fakeWire();
    const server = createServer(contract, { ask: (params) => params + 1 });
    server.attach(wire);
    wire.receive({ id: 1, method: 'ask', params: 1 }, { id: 2, method: 'unheard of' });
    server.broadcast('told', 3);
    server.request(server.audience(), 'approve', 4).subscribe({ error: () => undefined });
    for (const message of wire.sent) expect(message).toHaveProperty('jsonrpc', '2.0');
    expect(wire.sent.length).toBeGreaterThanOrEqual(3);
  });

  it('lets the full sink, the room in it and the end through', () => {
    const wire = fakeWire();
    const withIt = withHeader(wire, contract);
    wire.fill();
    expect(withIt.send({ method: 'tell' })).toBe(false);
    let room = 0;
    withIt.writable$.subscribe(() => (room += 1));
    wire.drain();
    expect(room).toBe(1);
    withIt.pause?.();
    expect(wire.paused).toBe(true);
    withIt.resume?.();
    expect(wire.paused).toBe(false);
    withIt.close({ reason: 'done', orderly: true });
    expect(wire.closedWith).toEqual({ reason: 'done', orderly: true });
  });

  it('leaves a wire alone that cannot pause, one in the same process, and every wire of a contract without a header', () => {
    const stubborn = withHeader(fakeWire({ pausable: false }), contract);
    expect([stubborn.pause, stubborn.resume]).toEqual([undefined, undefined]);
    const local = fakeWire({ local: true });
    expect(withHeader(local, contract)).toBe(local);
    const plain = fakeWire();
    expect(withHeader(plain, {})).toBe(plain);
  });
});

describe("C4: the contract's own word for an overload", () => {
  const refusalOf = async (code: number, words: Partial<typeof contract> = {}): Promise<unknown> => {
    const wire = fakeWire();
    const client = connect(wire, { ...contract, ...words });
    const answer = firstValueFrom(client.request('ask', 1)).catch((error: unknown) => error);
    wire.receive({ id: 0, error: { code, message: 'no' } });
    return answer;
  };

  it('is known beside -32001', async () => {
    expect(isOverloaded(await refusalOf(-32_802))).toBe(true);
    expect(isOverloaded(await refusalOf(-32_001))).toBe(true);
    expect(isOverloaded(await refusalOf(-32_603))).toBe(false);
  });

  it('ends the request as any other error when it throws', async () => {
    const throwing = (): boolean => {
      throw new Error('broken');
    };
    const error = await refusalOf(-32_802, { isOverloaded: throwing });
    expect(error).toMatchObject({ code: -32_802, message: 'no', method: 'ask' });
    expect(isOverloaded(error)).toBe(false);
  });
});
