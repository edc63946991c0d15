import { inProcessWires } from '../../src/in-process/index.js';
import type { Inbound, Message, Wire } from '../../src/protocol/index.js';
import { watch } from '../rules/support.js';

class Thread {
  readonly items: unknown[] = [];
}

/** What arrives at the other end when this is sent. */
function pass(message: Message, isolation?: 'none' | 'freeze' | 'json'): Inbound | undefined {
  const [client, server] = inProcessWires(isolation && { isolation });
  const received = watch(server.inbound$);
  client.send(message);
  return received.values[0];
}

const request = (params: unknown): Message => ({ id: 1, method: 'work', params });
const paramsOf = (inbound: Inbound | undefined): unknown =>
  inbound !== undefined && 'params' in inbound ? inbound.params : undefined;

describe('E5 two ends in one process', () => {
  it('are one call apart in both directions, and never full', () => {
    const [client, server] = inProcessWires();
    const atServer = watch(server.inbound$);
    const atClient = watch(client.inbound$);
    const full = [client, server].flatMap((wire) => [watch(wire.writable$), wire.send({ method: 'hello' })]);
    expect([full[1], full[3]]).toEqual([true, true]);
    expect([atServer.values, atClient.values]).toEqual([[{ method: 'hello' }], [{ method: 'hello' }]]);
    expect([client.local, server.local, client.pause, server.resume]).toEqual([true, true, undefined, undefined]);
  });

  it('keep what is sent before the other end reads, in order, and deliver it once', () => {
    const [client, server] = inProcessWires();
    for (const method of ['a', 'b']) client.send({ method });
    const received = watch(server.inbound$);
    client.send({ method: 'c' });
    expect(received.values).toEqual([{ method: 'a' }, { method: 'b' }, { method: 'c' }]);
  });

  it('deliver what was sent early even when the wire has ended since, and then complete', () => {
    const [client, server] = inProcessWires();
    client.send({ method: 'a' });
    client.close();
    const received = watch(server.inbound$);
    expect([received.values, received.end]).toEqual([[{ method: 'a' }], 'complete']);
  });

  it('deliver nothing more to a reader that ended the wire in the middle', () => {
    const [client, server] = inProcessWires();
    for (const method of ['a', 'b']) client.send({ method });
    const received = watch(server.inbound$, () => {
      server.close();
    });
    expect([received.values, received.ends]).toEqual([[{ method: 'a' }], 1]);
  });
});

describe('D3 the end of either', () => {
  it.each([0, 1])('is the end of both, told once to each, also late (%i)', (side) => {
    const wires = inProcessWires();
    const reads = wires.map(({ inbound$ }) => watch(inbound$));
    const ends = wires.map(({ closed$ }) => watch(closed$));
    const info = { reason: 'enough', orderly: false, error: new Error('why') };
    wires[side]?.close(info);
    for (const wire of wires) wire.close({ reason: 'again', orderly: true });
    for (const { values, ends: count } of ends) expect([values, count]).toEqual([[info], 1]);
    for (const { values, ends: count } of reads) expect([values, count]).toEqual([[], 1]);
    for (const { closed$ } of wires) expect(watch(closed$).values).toEqual([info]);
  });

  it('is an orderly one unless said otherwise', () => {
    const [client, server] = inProcessWires();
    client.close();
    expect(watch(server.closed$).values).toEqual([{ reason: 'closed', orderly: true }]);
  });

  it('discards what is sent afterwards', () => {
    const [client, server] = inProcessWires();
    const send = (wire: Wire): boolean => wire.send({ method: 'late' });
    const received = watch(server.inbound$);
    server.close();
    expect([send(client), send(server), received.values]).toEqual([true, true, []]);
    expect(watch(client.inbound$).values).toEqual([]);
  });
});

describe('section 5, isolation', () => {
  it('none, the default, passes the very message', () => {
    const message = request({ list: [1] });
    expect(pass(message)).toBe(message);
    expect(pass(message, 'none')).toBe(message);
    expect(Object.isFrozen(message)).toBe(false);
  });

  it('freeze passes the very message, with all plain objects and arrays in it frozen', () => {
    const params = { list: [{ deep: [1] }], bare: Object.assign(Object.create(null) as object, { list: [1] }) };
    const message = request(params);
    expect(pass(message, 'freeze')).toBe(message);
    for (const part of [message, params, params.list, params.list[0], params.list[0]?.deep, params.bare]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
    expect(() => params.list.push({ deep: [] })).toThrow(TypeError);
  });

  it('freeze leaves alone what has a class of its own, and what that holds', () => {
    const params = {
      thread: new Thread(),
      at: new Date(0),
      ids: new Map([[1, 2]]),
      bytes: new Uint8Array(2),
      none: null,
    };
    pass(request(params), 'freeze');
    params.thread.items.push(1);
    params.bytes[0] = 1;
    expect([params.thread, params.at, params.ids, params.bytes].map(Object.isFrozen)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('freeze comes to an end where an object holds itself', () => {
    const params: { self?: unknown } = {};
    params.self = params;
    pass(request(params), 'freeze');
    expect(Object.isFrozen(params)).toBe(true);
  });

  it('freeze holds for what was sent before anybody read', () => {
    const [client] = inProcessWires({ isolation: 'freeze' });
    const params = { n: 1 };
    client.send(request(params));
    expect(Object.isFrozen(params)).toBe(true);
  });

  it('json passes what a remote wire would: a copy, without what JSON does not know', () => {
    const params = { list: [1], at: new Date(0), gone: undefined, odd: Number.NaN };
    const received = paramsOf(pass(request(params), 'json'));
    expect(received).toStrictEqual({ list: [1], at: '1970-01-01T00:00:00.000Z', odd: null });
    expect(Object.isFrozen(params)).toBe(false);
  });

  it('json throws at the sender what cannot be passed', () => {
    expect(() => pass(request(1n), 'json')).toThrow(TypeError);
  });
});
