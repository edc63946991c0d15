import { defineContract, notification, type } from '../../src/protocol/index.js';
import { deliveryOf } from '../../src/protocol/delivery-of.js';

interface Event {
  readonly method: string;
  readonly params: unknown;
  readonly seq: number;
}

const event = (method: string, params: unknown = {}, seq = 0): Event => ({ method, params, seq });

const contract = defineContract({
  serverNotifications: {
    done: notification(),
    value: notification({ params: type<number>(), delivery: 'best-effort' }),
    latest: notification({
      params: type<{ id: string; n: number }>(),
      delivery: 'best-effort',
      conflate: { key: (params) => params.id },
    }),
    text: notification({
      params: type<{ id: number; text: string }>(),
      delivery: 'best-effort',
      conflate: {
        key: (params) => params.id,
        merge: (a, b) => ({ id: b.id, text: a.text + b.text }),
        maxBytes: 64,
      },
    }),
  },
  legacy: { prefix: 'old/', lossless: ['old/complete'] },
});

describe('deliveryOf', () => {
  const { lossless, conflate } = deliveryOf<Event>(contract);

  it.each([
    ['done', true],
    ['value', false],
    ['old/delta', false],
    ['old/complete', true],
    ['unheard/of', true],
    ['constructor', true],
  ])('E1, H4: says of %s whether it is lossless: %p', (method, expected) => {
    expect(lossless(event(method))).toBe(expected);
  });

  it('H4: may lose all legacy events of a contract that names none as lossless', () => {
    const rules = deliveryOf<Event>(defineContract({ legacy: { prefix: 'old/' } }));
    expect([rules.lossless(event('old/complete')), rules.lossless(event('new/complete'))]).toEqual([false, true]);
  });

  it('E1: calls all undeclared methods lossless when the contract has no legacy', () => {
    expect(deliveryOf<Event>(defineContract({})).lossless(event('old/delta'))).toBe(true);
  });

  it('E3: gives a key only to what the contract conflates', () => {
    expect(conflate.key(event('value', 1))).toBeUndefined();
    expect(conflate.key(event('unheard/of', 1))).toBeUndefined();
    expect(conflate.key(event('text', { id: 1, text: '' }))).toBeDefined();
  });

  it('E3: keeps methods apart that have the same key', () => {
    expect(conflate.key(event('text', { id: 1 }))).not.toBe(conflate.key(event('latest', { id: '1' })));
    expect(conflate.key(event('text', { id: 1 }))).toBe(conflate.key(event('text', { id: 1, text: 'b' })));
  });

  it('E3, E9: merges params, keeps the rest of the newer event, and says from which number on it counts', () => {
    const merged = conflate.merge(event('text', { id: 1, text: 'a' }, 1), event('text', { id: 1, text: 'b' }, 2));
    expect(merged).toEqual({ ...event('text', { id: 1, text: 'ab' }, 2), first: 1 });
    const again = conflate.merge(merged, event('text', { id: 1, text: 'c' }, 5));
    expect(again).toEqual({ ...event('text', { id: 1, text: 'abc' }, 5), first: 1 });
  });

  it('E3: says nothing of numbers where there are none', () => {
    const unnumbered = (text: string): Event => ({ method: 'text', params: { id: 1, text } }) as Event;
    expect(Object.keys(conflate.merge(unnumbered('a'), unnumbered('b')))).toEqual(['method', 'params']);
  });

  it('E3: lets the newer event stand where the contract has no merge', () => {
    const newer = event('latest', { id: 'i', n: 2 }, 2);
    expect(conflate.merge(event('latest', { id: 'i', n: 1 }, 1), newer)).toBe(newer);
  });

  it('E3: tells the size that a merged event may reach', () => {
    expect(['text', 'latest', 'value', 'unheard/of'].map((method) => conflate.maxBytes(event(method)))).toEqual([
      64,
      Infinity,
      Infinity,
      Infinity,
    ]);
  });
});
