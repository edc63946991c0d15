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

  it('forgets what it is told to forget', () => {
    const list = new ByteList();
    list.push(Buffer.from('abc'));
    list.clear();
    expect([list.size, list.take().length]).toEqual([0, 0]);
  });
});
