import { PassThrough } from 'node:stream';

import { BehaviorSubject, of } from 'rxjs';

import { childChunks } from '../../src/node/child-chunks.js';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
}

describe('childChunks', () => {
  it('emits the bytes as they were read and completes with the stream', async () => {
    const stream = new PassThrough();
    const seen: string[] = [];
    childChunks(stream, of(true)).subscribe({
      next: (chunk) => seen.push(chunk.toString('hex')),
      complete: () => seen.push('|'),
    });
    stream.write(Buffer.from([0xe2, 0x82]));
    await settle();
    stream.end(Buffer.from([0xac]));
    await settle();
    expect(seen).toEqual(['e282', 'ac', '|']);
  });

  it('reads nothing while it may not, and loses nothing by it', async () => {
    const stream = new PassThrough();
    const writable$ = new BehaviorSubject(false);
    const seen: string[] = [];
    childChunks(stream, writable$).subscribe((chunk) => seen.push(chunk.toString()));
    stream.write('a');
    await settle();
    expect(seen).toEqual([]);
    writable$.next(true);
    await settle();
    expect(seen).toEqual(['a']);
  });

  it('completes when the pipe breaks', async () => {
    const stream = new PassThrough();
    let isComplete = false;
    childChunks(stream, of(true)).subscribe({ complete: () => (isComplete = true) });
    stream.destroy(new Error('EPIPE'));
    await settle();
    expect(isComplete).toBe(true);
  });

  it('takes its listeners off when it is unsubscribed', () => {
    const stream = new PassThrough();
    childChunks(stream, of(true)).subscribe().unsubscribe();
    expect(stream.listenerCount('data') + stream.listenerCount('resume')).toBe(0);
  });
});
