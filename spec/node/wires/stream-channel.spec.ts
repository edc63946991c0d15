import { PassThrough } from 'node:stream';

import { TestScheduler } from 'rxjs/testing';

import type { CloseInfo, Inbound } from '../../../src/index.js';
import { StreamChannel, type StreamOptions } from '../../../src/node/wires/stream-channel.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const settle = async (): Promise<void> => {
  for (let n = 0; n < 5; n += 1) await turn();
};

interface Opened {
  readonly readable: PassThrough;
  readonly writable: PassThrough;
  readonly channel: StreamChannel;
  readonly told: unknown[];
}

function unread(options: StreamOptions = {}): Opened {
  const [readable, writable] = [new PassThrough(), new PassThrough()];
  const told: unknown[] = [];
  const channel = new StreamChannel(readable, writable, options, {
    ended: ({ reason }) => told.push(`ended: ${reason}`),
    broken: ({ reason }) => told.push(`broken: ${reason}`),
    flushed: () => told.push('flushed'),
  });
  return { readable, writable, channel, told };
}

function open(options?: StreamOptions): Opened & { readonly read: (Inbound | 'end')[] } {
  const opened = unread(options);
  const read: (Inbound | 'end')[] = [];
  opened.channel.inbound$.subscribe({ next: (inbound) => read.push(inbound), complete: () => read.push('end') });
  return { ...opened, read };
}

const line = (method: string): string => `${JSON.stringify({ method })}\n`;

describe('StreamChannel', () => {
  it('leaves the end to its owner, when all that was read has been delivered', async () => {
    const { readable, channel, read, told } = open();
    channel.pause();
    readable.end(line('a') + line('b'));
    await settle();
    expect([read, told]).toEqual([[], []]);
    channel.resume();
    await settle();
    expect([read, told]).toEqual([[{ method: 'a' }, { method: 'b' }], ['ended: peer closed']]);
    const info: CloseInfo = { reason: 'as the owner says', orderly: true };
    channel.finish(info);
    let closed: unknown;
    channel.closed$.subscribe((how) => (closed = how));
    expect([closed, read.at(-1)]).toEqual([info, 'end']);
  });

  it('delivers no more of a chunk once it is paused in the middle of it', async () => {
    const { readable, channel } = unread();
    const seen: unknown[] = [];
    channel.inbound$.subscribe((inbound) => {
      seen.push(inbound);
      channel.pause();
    });
    readable.write(line('a') + line('b') + line('c'));
    await settle();
    expect(seen).toEqual([{ method: 'a' }]);
    channel.resume();
    expect(seen).toEqual([{ method: 'a' }, { method: 'b' }]);
  });

  it('delivers nothing to a reader who came after it was paused', async () => {
    const { readable, channel } = unread();
    channel.pause();
    let read = 0;
    channel.inbound$.subscribe(() => (read += 1));
    readable.write(line('a'));
    await settle();
    expect([read, readable.isPaused()]).toEqual([0, true]);
    channel.resume();
    await settle();
    expect(read).toBe(1);
  });

  it('reads a stream that was paused before it was handed over', async () => {
    const { readable, channel } = unread();
    readable.pause();
    let read = 0;
    channel.inbound$.subscribe(() => (read += 1));
    readable.write(line('a'));
    await settle();
    expect(read).toBe(1);
  });

  it('stays paused though somebody else resumes its stream, as Node does when a process exits', async () => {
    const { readable, channel } = open();
    channel.pause();
    readable.resume();
    await settle();
    expect(readable.isPaused()).toBe(true);
  });

  it('E5: takes no more stack for a reader that pauses and resumes at each message', async () => {
    const { readable, channel } = unread();
    let read = 0;
    channel.inbound$.subscribe(() => {
      read += 1;
      channel.pause();
      channel.resume();
    });
    readable.write(line('a').repeat(20_000));
    await settle();
    expect(read).toBe(20_000);
  });

  it('delivers what was read before the stream broke, paused or not', async () => {
    const { readable, channel, read, told } = open();
    readable.write(line('a'));
    await settle();
    channel.pause();
    readable.destroy(new Error('reset'));
    await settle();
    expect([read, told]).toEqual([[{ method: 'a' }], ['ended: broken pipe']]);
  });

  it('tells its owner that one of its streams has broken, with an error or without', async () => {
    const [one, other, third] = [open(), open(), open()];
    one.writable.destroy(new Error('EPIPE'));
    other.readable.destroy(new Error('reset'));
    third.readable.destroy();
    await settle();
    expect([one.told, other.told, third.told]).toEqual([
      ['broken: broken pipe'],
      ['ended: broken pipe'],
      ['ended: broken pipe'],
    ]);
  });

  it('delivers what was read before its owner ends it, paused or not; nothing more once it is closed from here', async () => {
    for (const [end, rest] of [
      ['finish', [{ method: 'b' }, { method: 'c' }]],
      ['close', []],
    ] as const) {
      const { readable, channel } = unread();
      const seen: unknown[] = [];
      channel.inbound$.subscribe((inbound) => {
        seen.push(inbound);
        channel.pause();
      });
      readable.write(line('a') + line('b') + line('c'));
      await settle();
      channel[end]({ reason: 'exited', orderly: true });
      expect(seen).toEqual([{ method: 'a' }, ...rest]);
    }
  });

  it('gives what was sent last its time, and not more', () => {
    const scheduler = new TestScheduler(() => undefined);
    scheduler.run(() => {
      const { writable, channel, told } = open({ grace: 100, scheduler, highWaterMark: 1 });
      // Nobody reads it.
      writable.pause();
      channel.send({ method: 'x', params: 'x'.repeat(100_000) });
      channel.close();
      scheduler.schedule(() => expect(told).toEqual([]), 99);
      scheduler.schedule(() => expect(told).toEqual(['flushed']), 101);
    });
  });

  it('throws where JSON does, and sends nothing', async () => {
    const { channel, writable } = open();
    expect(() => channel.send({ method: 'x', params: 1n })).toThrow(TypeError);
    await settle();
    expect(writable.read()).toBeNull();
  });

  it('reads strings too, as a stream with an encoding gives them', async () => {
    const { readable, read } = open();
    readable.setEncoding('utf8');
    readable.write(line('ä'));
    await settle();
    expect(read).toEqual([{ method: 'ä' }]);
  });
});
