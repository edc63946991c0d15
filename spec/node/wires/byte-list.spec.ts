import { ByteList } from '../../../src/node/wires/byte-list.js';

describe('ByteList', () => {
  it('gives what it was given as one, and is empty afterwards', () => {
    const list = new ByteList();
    for (const piece of ['ab', '', 'c']) list.push(Buffer.from(piece));
    expect(list.size).toBe(3);
    expect(list.take().toString()).toBe('abc');
    expect([list.size, list.take().toString()]).toEqual([0, '']);
  });

  it('does not copy a single piece', () => {
    const list = new ByteList();
    const piece = Buffer.from('abc');
    list.push(piece);
    expect(list.take()).toBe(piece);
  });

  it('holds little more than the bytes, however small the pieces are', () => {
    const list = new ByteList();
    const text = 'abcdefghij'.repeat(10_000);
    for (const character of text) list.push(Buffer.from(character));
    expect(list.count).toBeLessThan(20);
    expect(list.take().toString()).toBe(text);
  });

  it('joins no piece that is large by itself before all are there', () => {
    const list = new ByteList();
    const pieces = [1, 2, 3].map((byte) => Buffer.alloc(65_536, byte));
    for (const piece of pieces) list.push(piece);
    expect(list.count).toBe(3);
    expect(list.take()).toEqual(Buffer.concat(pieces));
  });

  it('forgets what it is told to forget', () => {
    const list = new ByteList();
    list.push(Buffer.from('abc'));
    list.clear();
    expect([list.size, list.take().length]).toEqual([0, 0]);
  });
});
