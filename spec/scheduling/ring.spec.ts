import fc from 'fast-check';

import { Ring } from '../../src/scheduling/index.js';

const drain = <T>(ring: Ring<T>): (T | undefined)[] => {
  const values: (T | undefined)[] = [];
  while (ring.size > 0) values.push(ring.shift());
  return values;
};

describe('Ring', () => {
  it('is empty at first', () => {
    const ring = new Ring<number>();
    expect([ring.size, ring.peek(), ring.shift(), ring.size]).toEqual([0, undefined, undefined, 0]);
  });

  it('gives back what came first', () => {
    const ring = new Ring<string>();
    ring.push('a');
    ring.push('b');
    expect([ring.peek(), ring.shift(), ring.peek(), ring.shift(), ring.shift()]).toEqual([
      'a',
      'a',
      'b',
      'b',
      undefined,
    ]);
  });

  it('keeps the order when it grows while its start is in the middle', () => {
    const ring = new Ring<number>();
    for (let n = 0; n < 16; n += 1) ring.push(n);
    for (let n = 0; n < 10; n += 1) ring.shift();
    for (let n = 16; n < 40; n += 1) ring.push(n);
    expect(drain(ring)).toEqual(Array.from({ length: 30 }, (_, n) => n + 10));
  });

  it('holds undefined like any other value', () => {
    const ring = new Ring<number | undefined>();
    ring.push(undefined);
    ring.push(1);
    expect([ring.size, ...drain(ring)]).toEqual([2, undefined, 1]);
  });

  it('is as new after clear', () => {
    const ring = new Ring<number>();
    for (let n = 0; n < 100; n += 1) ring.push(n);
    ring.clear();
    expect([ring.size, ring.peek()]).toEqual([0, undefined]);
    ring.push(1);
    expect(drain(ring)).toEqual([1]);
  });

  it('lets go of what it gave back', () => {
    const ring = new Ring<object>();
    const value = {};
    ring.push(value);
    ring.shift();
    expect((ring as unknown as { slots: unknown[] }).slots).not.toContain(value);
  });

  it('has no second copy of anything after it has grown', () => {
    const ring = new Ring<number>();
    for (let n = 0; n < 16; n += 1) ring.push(n);
    for (let n = 0; n < 10; n += 1) ring.shift();
    for (let n = 16; n < 27; n += 1) ring.push(n);
    drain(ring);
    expect(ring.peek()).toBe(undefined);
    expect((ring as unknown as { slots: unknown[] }).slots.every((slot) => slot === undefined)).toBe(true);
  });

  it('does what an array does, in any sequence of calls', () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.integer().map((value) => ({ call: 'push' as const, value })) },
      { weight: 3, arbitrary: fc.constant({ call: 'shift' as const }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 60 }).map((count) => ({ call: 'burst' as const, count })) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const ring = new Ring<number>();
        const model: number[] = [];
        for (const given of steps) {
          if (given.call === 'shift') expect(ring.shift()).toBe(model.shift());
          const values =
            given.call === 'push'
              ? [given.value]
              : Array.from({ length: given.call === 'burst' ? given.count : 0 }, (_, n) => n);
          for (const value of values) {
            ring.push(value);
            model.push(value);
          }
          expect([ring.size, ring.peek()]).toEqual([model.length, model[0]]);
        }
        expect(drain(ring)).toEqual(model);
      }),
    );
  });
});
