import { estimateBytes } from '../../src/backpressure/index.js';

describe('estimateBytes', () => {
  it.each<[unknown, number]>([
    ['hello', 5],
    ['', 0],
    [1, 8],
    [true, 8],
    [null, 8],
    [undefined, 8],
    [() => 0, 8],
    [{ ab: 'cde' }, 5],
    [['ab', ['c']], 3],
    [{ a: { b: [1, 'xy'] } }, 12],
    [new Uint8Array(100), 100],
    [new DataView(new ArrayBuffer(7)), 7],
    [Object.assign(Object.create(null), { a: 'b' }), 2],
    [new Map([['a', 'b']]), 8],
    [new Date(0), 8],
  ])('%p weighs %p', (value, bytes) => {
    expect(estimateBytes(value)).toBe(bytes);
  });

  it('ends on an object that contains itself', () => {
    const loop: Record<string, unknown> = { a: 'b' };
    loop['me'] = loop;
    expect(estimateBytes(loop)).toBe(2 + 2 + 8);
  });

  it('is not limited by depth', () => {
    let deep: unknown = 'x';
    for (let n = 0; n < 100_000; n += 1) deep = [deep];
    expect(estimateBytes(deep)).toBe(1);
  });
});
