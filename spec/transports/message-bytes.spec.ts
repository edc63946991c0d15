import fc from 'fast-check';

import { messageBytes } from '../../src/transports/message-bytes.js';

const sizeOf = (params: unknown): number => messageBytes({ method: '', params }) - 'methodparams'.length;

describe('messageBytes', () => {
  it('counts the characters of texts and names, and 8 for other leaves', () => {
    expect(messageBytes({ method: 'abc' })).toBe(9);
    expect(messageBytes({ id: 1, result: [true, null, undefined, 'ab', { c: 1n }] })).toBe(2 + 8 + 6 + 24 + 2 + 9);
  });

  it('walks plain objects, and takes the rest for a leaf, or for its bytes', () => {
    expect(sizeOf(Object.assign(Object.create(null) as object, { ab: 1 }))).toBe(10);
    expect(sizeOf(new Date())).toBe(8);
    expect(sizeOf(new Map([['key', 'value']]))).toBe(8);
    expect([sizeOf(new Uint16Array(50)), sizeOf(new ArrayBuffer(30))]).toEqual([100, 30]);
  });

  it('comes to an end in a circle, and counts what it meets again as a leaf', () => {
    const circle: { again?: unknown } = {};
    circle.again = circle;
    expect(sizeOf(circle)).toBe(5 + 8);
  });

  it('counts each object of a message with very many once', () => {
    const many = Array.from({ length: 5_000 }, () => ({ a: 1 }));
    expect(sizeOf(many)).toBe(5_000 * 9);
    expect(sizeOf([...many, ...many])).toBe(5_000 * 9 + 5_000 * 8);
  });

  it.each([
    ['function', () => 1],
    ['symbol', Symbol.iterator],
  ])('throws at a %s, however deep it is', (kind, value) => {
    expect(() => sizeOf([{ a: [value] }])).toThrow(new TypeError(`a ${kind} cannot be posted`));
  });

  it('takes whatever JSON can say', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(sizeOf(value)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
