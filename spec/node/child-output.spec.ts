import { PassThrough } from 'node:stream';

import { BehaviorSubject, of } from 'rxjs';

import { childOutput } from '../../src/node/child-output.js';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Waits until nothing more can be read. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
}

async function piecesOf(...chunks: readonly (string | Buffer)[]): Promise<string[]> {
  const stream = new PassThrough();
  const pieces: string[] = [];
  childOutput(stream, of(true)).subscribe((piece) => pieces.push(piece));
  for (const chunk of chunks) {
    stream.write(chunk);
    await settle();
  }
  stream.end();
  await settle();
  return pieces;
}

describe('childOutput', () => {
  it('cuts a chunk where its lines end and holds no beginning of a line back', async () => {
    expect(await piecesOf('one\ntwo\nthr', 'ee\n\nfour')).toEqual(['one\n', 'two\n', 'thr', 'ee\n', '\n', 'four']);
  });

  it('puts a character together again that two chunks share', async () => {
    const bytes = Buffer.from('a€😀b');
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const pieces = await piecesOf(bytes.subarray(0, cut), bytes.subarray(cut));
      expect(pieces.join('')).toBe('a€😀b');
    }
  });

  it('shows the replacement character for bytes that never become one', async () => {
    expect((await piecesOf(Buffer.from([0x61, 0xe2, 0x82]))).join('')).toBe('a\ufffd');
  });

  it('cuts a line that is very long, but no character in two', async () => {
    const line = `x${'😀'.repeat(10_000)}\n`;
    const pieces = await piecesOf(line);
    expect(pieces.join('')).toBe(line);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(8_192);
    expect(pieces.every((piece) => !/^[\udc00-\udfff]/.test(piece))).toBe(true);
  });

  it('reads one chunk in a turn of the event loop', async () => {
    const stream = new PassThrough({ highWaterMark: 1 << 20 });
    let pieces = 0;
    for (let n = 0; n < 5; n += 1) stream.write('x\n');
    const subscription = childOutput(stream, of(true)).subscribe(() => (pieces += 1));
    await nextTurn();
    expect(pieces).toBeLessThan(5);
    await settle();
    expect(pieces).toBe(5);
    subscription.unsubscribe();
  });

  it('keeps the rest of a chunk until it can be taken, also beyond the end', async () => {
    const stream = new PassThrough();
    const writable$ = new BehaviorSubject(true);
    const seen: string[] = [];
    // Each piece is one more than there is room for.
    childOutput(stream, writable$).subscribe({
      next: (piece) => {
        seen.push(piece);
        writable$.next(false);
      },
      complete: () => seen.push('end'),
    });
    stream.end('a\nb\nc');
    await settle();
    expect(seen).toEqual(['a\n']);
    writable$.next(true);
    expect(seen).toEqual(['a\n', 'b\n']);
    writable$.next(true);
    expect(seen).toEqual(['a\n', 'b\n', 'c', 'end']);
  });

  it('is not misled when another reader takes the room it was told of', async () => {
    const writable$ = new BehaviorSubject(false);
    const streams = [new PassThrough(), new PassThrough()] as const;
    const seen: string[] = [];
    for (const stream of streams) {
      childOutput(stream, writable$).subscribe((piece) => {
        seen.push(piece);
        writable$.next(false);
      });
    }
    writable$.next(true);
    streams[0].write('a\nb\n');
    await settle();
    streams[1].write('c\nd\n');
    await settle();
    expect(seen).toEqual(['a\n']);
    writable$.next(true);
    await settle();
    // The first one had more to say, and filled it at once.
    expect(seen).toEqual(['a\n', 'b\n']);
  });

  it('reads nothing while nobody can take it', async () => {
    const stream = new PassThrough();
    const writable$ = new BehaviorSubject(false);
    const pieces: string[] = [];
    childOutput(stream, writable$).subscribe((piece) => pieces.push(piece));
    stream.write('a');
    await settle();
    expect(pieces).toEqual([]);
    writable$.next(true);
    await settle();
    expect(pieces).toEqual(['a']);
    writable$.next(false);
    stream.write('b');
    await settle();
    expect(pieces).toEqual(['a']);
  });

  it('completes when the stream is closed or breaks', async () => {
    for (const end of [
      (stream: PassThrough) => stream.destroy(),
      (stream: PassThrough) => stream.destroy(new Error('broken')),
    ]) {
      const stream = new PassThrough();
      let isComplete = false;
      childOutput(stream, of(true)).subscribe({ complete: () => (isComplete = true) });
      end(stream);
      await settle();
      expect(isComplete).toBe(true);
    }
  });

  it('leaves no listener but the one for errors when it is unsubscribed', async () => {
    const stream = new PassThrough();
    const before = stream.listenerCount('data') + stream.listenerCount('close');
    const pieces: string[] = [];
    childOutput(stream, of(true))
      .subscribe((piece) => pieces.push(piece))
      .unsubscribe();
    stream.write('a');
    await settle();
    expect(pieces).toEqual([]);
    expect(stream.listenerCount('data') + stream.listenerCount('close')).toBe(before);
  });

  it('stops within a chunk when it is unsubscribed from within it', async () => {
    const stream = new PassThrough();
    const pieces: string[] = [];
    const subscription = childOutput(stream, of(true)).subscribe((piece) => {
      pieces.push(piece);
      subscription.unsubscribe();
    });
    stream.write('a\nb\nc\n');
    await settle();
    expect(pieces).toEqual(['a\n']);
  });
});
