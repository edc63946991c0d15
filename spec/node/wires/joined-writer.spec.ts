import { Writable } from 'node:stream';

import { JoinedWriter } from '../../../src/node/wires/joined-writer.js';

/** A stream that takes a write when it is told to. */
class Valve extends Writable {
  readonly writes: string[] = [];
  private readonly waiting: (() => void)[] = [];

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.writes.push(chunk.toString());
    this.waiting.push(done);
  }

  take(): void {
    this.waiting.shift()?.();
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function open(highWaterMark = 10): { stream: Valve; writer: JoinedWriter; told: string[] } {
  const told: string[] = [];
  const stream = new Valve();
  const writer = new JoinedWriter(stream, highWaterMark, {
    hasRoom: () => told.push('room'),
    ended: () => told.push('ended'),
  });
  return { stream, writer, told };
}

describe('JoinedWriter', () => {
  it('joins the writes of one turn', async () => {
    const { stream, writer } = open(100);
    for (const text of ['a', 'b', 'c']) writer.write(text);
    expect(stream.writes).toEqual([]);
    await turn();
    writer.write('d');
    await turn();
    stream.take();
    expect(stream.writes).toEqual(['abc', 'd']);
  });

  it('does not hold a large one until the turn ends', () => {
    const { stream, writer } = open();
    writer.write('x'.repeat(65_536));
    expect(stream.writes).toHaveLength(1);
  });

  it('is full from the high-water mark on, and has room at half of it, told once', async () => {
    const { stream, writer, told } = open(10);
    expect(writer.write('12345')).toBe(true);
    await turn();
    expect(writer.write('67890')).toBe(false);
    expect(writer.write('.')).toBe(false);
    await turn();
    expect(told).toEqual([]);
    stream.take();
    await turn();
    expect(told).toEqual([]);
    stream.take();
    await turn();
    expect(told).toEqual(['room']);
    expect(writer.write('x')).toBe(true);
  });

  it('counts bytes that are out to the stream, not characters', async () => {
    const { writer } = open(10);
    writer.write('🙂🙂');
    await turn();
    expect(writer.write('ab')).toBe(false);
  });

  it('ends the stream behind what waits, and takes nothing any more', async () => {
    const { stream, writer, told } = open();
    writer.write('last');
    writer.end();
    expect(writer.write('later')).toBe(true);
    writer.end();
    expect(told).toEqual([]);
    stream.take();
    await turn();
    expect([stream.writes, told]).toEqual([['last'], ['ended']]);
  });

  it('says at once that a stream has ended that ended before', () => {
    const { stream, writer, told } = open();
    stream.destroy();
    writer.end();
    expect(told).toEqual(['ended']);
  });
});
