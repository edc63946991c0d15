import { asyncScheduler, VirtualTimeScheduler } from 'rxjs';

import type { CloseInfo, Inbound, Wire } from '../../src/index.js';
import { run } from '../../src/testing/index.js';
import { webSocketWire } from '../../src/transports/index.js';
import { FakeNodeSocket, FakeSocket } from './fake-socket.js';

function watch(wire: Wire): { read: (Inbound | 'end')[]; ends: CloseInfo[] } {
  const read: (Inbound | 'end')[] = [];
  const ends: CloseInfo[] = [];
  wire.inbound$.subscribe({ next: (inbound) => read.push(inbound), complete: () => read.push('end') });
  wire.closed$.subscribe((info) => ends.push(info));
  return { read, ends };
}

const reasons = (read: readonly unknown[]): unknown[] =>
  read.map((one) => ((one as { malformed?: Error }).malformed ? String((one as { malformed: Error }).malformed) : one));

describe('webSocketWire', () => {
  it('reads one message in each text frame, and tells what is none', () => {
    const socket = new FakeSocket();
    const { read } = watch(webSocketWire(socket, { maxMessageBytes: 30 }));
    for (const value of [{ method: 'a' }, 'oops', '[]', 'x'.repeat(31), { id: 1, result: 2 }]) socket.text(value);
    socket.emit('message', { data: new ArrayBuffer(1) });
    expect(reasons(read)).toEqual([
      { method: 'a' },
      expect.stringContaining('not JSON'),
      expect.stringContaining('a message is a JSON object'),
      'RangeError: a message of 31 bytes is over the limit of 30',
      { id: 1, result: 2 },
      'TypeError: a binary frame is no message',
    ]);
  });

  it('keeps what comes before somebody reads', () => {
    const socket = new FakeSocket();
    const wire = webSocketWire(socket);
    for (const method of ['a', 'b']) socket.text({ method });
    expect(watch(wire).read).toEqual([{ method: 'a' }, { method: 'b' }]);
  });

  it('stops a socket that nobody reads yet, and lets it go on when somebody does, unless the wire is paused', () => {
    const [socket, paused] = [new FakeNodeSocket(), new FakeNodeSocket()];
    const wire = webSocketWire(socket);
    socket.text({ method: 'a' });
    socket.text({ method: 'b' });
    expect(socket.done).toEqual(['pause']);
    expect(watch(wire).read).toEqual([{ method: 'a' }, { method: 'b' }]);
    expect(socket.done).toEqual(['pause', 'resume']);
    socket.text({ method: 'c' });
    expect(socket.done).toHaveLength(2);

    const held = webSocketWire(paused);
    held.pause?.();
    paused.text({ method: 'a' });
    expect(watch(held).read).toEqual([]);
    expect(paused.done).not.toContain('resume');
  });

  it('E3: closes a socket that cannot be stopped when nobody reads what would fill the limit', () => {
    const socket = new FakeSocket();
    const wire = webSocketWire(socket, { maxMessageBytes: 40 });
    for (let n = 0; n < 3; n += 1) socket.text({ method: 'aaaa' });
    expect(socket.done).toEqual(['close 4000 slow-consumer']);
    expect(watch(wire)).toEqual({
      read: [{ method: 'aaaa' }, { method: 'aaaa' }, 'end'],
      ends: [{ reason: 'slow-consumer', orderly: false }],
    });
  });

  it('keeps what comes before somebody reads, over the end of the socket too', () => {
    const socket = new FakeSocket();
    const wire = webSocketWire(socket);
    socket.text({ method: 'a' });
    socket.emit('close', { code: 1_000, reason: '' });
    expect(watch(wire)).toEqual({ read: [{ method: 'a' }, 'end'], ends: [{ reason: 'peer closed', orderly: true }] });
  });

  it('delivers all that came before the end, also to a reader that pauses at each message', () => {
    const socket = new FakeNodeSocket();
    const wire = webSocketWire(socket);
    const read: unknown[] = [];
    wire.inbound$.subscribe({
      next: (inbound) => {
        read.push(inbound);
        wire.pause?.();
      },
      complete: () => read.push('end'),
    });
    for (const method of ['a', 'b', 'c']) socket.text({ method });
    expect(read).toEqual([{ method: 'a' }]);
    socket.emit('close', { code: 1_000, reason: '' });
    expect(read).toEqual([{ method: 'a' }, { method: 'b' }, { method: 'c' }, 'end']);
  });

  it('sends what was sent before the socket opened, when it opens', () => {
    const socket = new FakeSocket();
    socket.readyState = 0;
    const wire = webSocketWire(socket, { highWaterMark: 30 });
    expect([wire.send({ method: 'a' }), wire.send({ method: 'bbbbbbbbbb' })]).toEqual([true, false]);
    let room = 0;
    wire.writable$.subscribe(() => (room += 1));
    expect(socket.sent).toEqual([]);
    socket.readyState = 1;
    socket.emit('open');
    expect([socket.sent, room]).toEqual([['{"method":"a"}', '{"method":"bbbbbbbbbb"}'], 1]);
    expect(wire.send({ method: 'c' })).toBe(true);
  });

  it('E7: is full above the high-water mark, and looks for room only while it is', () => {
    run(({ expectObservable }) => {
      const socket = new FakeSocket();
      const wire = webSocketWire(socket, { highWaterMark: 100, pollInterval: 10 });
      expectObservable(wire.writable$, '70ms !').toBe('30ms r', { r: undefined });
      socket.bufferedAmount = 100;
      expect(wire.send({ method: 'a' })).toBe(true);
      socket.bufferedAmount = 101;
      expect([wire.send({ method: 'b' }), wire.send({ method: 'c' })]).toEqual([false, false]);
      asyncScheduler.schedule(() => (socket.bufferedAmount = 51), 15);
      asyncScheduler.schedule(() => (socket.bufferedAmount = 50), 25);
    });
  });

  it('E7: is still full when what was sent before it opened has not left this process', () => {
    run(({ expectObservable }) => {
      const socket = new FakeSocket();
      socket.readyState = 0;
      const wire = webSocketWire(socket, { highWaterMark: 10, pollInterval: 10 });
      expectObservable(wire.writable$, '50ms !').toBe('25ms r', { r: undefined });
      wire.send({ method: 'aaaaaaaaaa' });
      asyncScheduler.schedule(() => {
        socket.readyState = 1;
        socket.bufferedAmount = 11;
        socket.emit('open');
        expect(wire.send({ method: 'b' })).toBe(false);
      }, 5);
      asyncScheduler.schedule(() => (socket.bufferedAmount = 0), 20);
    });
  });

  it('has one timer, however much is sent while it is full', () => {
    const scheduler = new VirtualTimeScheduler();
    const socket = new FakeSocket();
    const wire = webSocketWire(socket, { highWaterMark: 10, scheduler });
    socket.bufferedAmount = 11;
    for (let n = 0; n < 10; n += 1) wire.send({ method: 'a' });
    expect(scheduler.actions).toHaveLength(1);
  });

  it('throws where JSON does, and sends nothing', () => {
    const socket = new FakeSocket();
    expect(() => webSocketWire(socket).send({ method: 'x', params: 1n })).toThrow(TypeError);
    expect(socket.sent).toEqual([]);
  });

  it('pauses only if the socket can', () => {
    expect(webSocketWire(new FakeSocket()).pause).toBeUndefined();
    const socket = new FakeNodeSocket();
    const wire = webSocketWire(socket);
    const { read } = watch(wire);
    wire.pause?.();
    socket.text({ method: 'a' });
    socket.text({ method: 'b' });
    expect(read).toEqual([]);
    wire.inbound$.subscribe();
    wire.resume?.();
    expect(socket.done).toEqual(['pause', 'resume']);
  });

  it('E5: takes no more stack for a reader that pauses and resumes at each message', () => {
    const socket = new FakeNodeSocket();
    const wire = webSocketWire(socket);
    for (let n = 0; n < 20_000; n += 1) socket.text('{"method":"a"}');
    let read = 0;
    wire.inbound$.subscribe(() => {
      read += 1;
      wire.pause?.();
      wire.resume?.();
    });
    expect(read).toBe(20_000);
  });

  it('delivers one by one to a reader that pauses in the middle', () => {
    const socket = new FakeNodeSocket();
    const wire = webSocketWire(socket);
    const read: Inbound[] = [];
    socket.text({ method: 'a' });
    socket.text({ method: 'b' });
    wire.inbound$.subscribe((inbound) => {
      read.push(inbound);
      wire.pause?.();
    });
    expect(read).toEqual([{ method: 'a' }]);
    wire.resume?.();
    expect(read).toEqual([{ method: 'a' }, { method: 'b' }]);
  });

  describe('its end (D3)', () => {
    it('is told the peer by code and reason, once, behind what was sent', () => {
      const socket = new FakeSocket();
      const wire = webSocketWire(socket);
      const { read, ends } = watch(wire);
      wire.close({ reason: 'slow-consumer', orderly: false });
      wire.close({ reason: 'again', orderly: true });
      expect(wire.send({ method: 'late' })).toBe(true);
      socket.text({ method: 'late' });
      socket.emit('close', { code: 1_006 });
      expect([socket.done, socket.sent]).toEqual([['close 4000 slow-consumer'], []]);
      expect([read, ends]).toEqual([['end'], [{ reason: 'slow-consumer', orderly: false }]]);
    });

    it('is what the peer told, or what its code says', () => {
      const socket = new FakeSocket();
      const { read, ends } = watch(webSocketWire(socket));
      socket.emit('close', { code: 1_001, reason: 'reload' });
      expect([read, ends]).toEqual([['end'], [{ reason: 'reload', orderly: true }]]);
    });

    it('has the error of the socket, if it was a disorderly one', () => {
      const socket = new FakeSocket();
      const { ends } = watch(webSocketWire(socket));
      const error = new Error('reset');
      socket.emit('error', { error });
      socket.emit('close', { code: 1_006, reason: '' });
      expect(ends).toEqual([{ reason: 'connection lost', orderly: false, error }]);
    });

    it('has none after an orderly one, whatever went wrong before', () => {
      const socket = new FakeSocket();
      const { ends } = watch(webSocketWire(socket));
      socket.emit('error', { error: new Error('late') });
      socket.emit('close', { code: 1_000, reason: 'done' });
      expect(ends).toEqual([{ reason: 'done', orderly: true }]);
    });

    it('says that it never opened', () => {
      const socket = new FakeSocket();
      socket.readyState = 0;
      const { ends } = watch(webSocketWire(socket));
      socket.emit('error');
      socket.emit('close', { code: 1_006, reason: '' });
      expect(ends).toEqual([{ reason: 'could not connect', orderly: false, error: {} }]);
    });

    it('delivers what a paused wire held', () => {
      const socket = new FakeNodeSocket();
      const wire = webSocketWire(socket);
      const { read } = watch(wire);
      wire.pause?.();
      socket.text({ method: 'a' });
      socket.emit('close', { code: 1_000, reason: '' });
      expect(read).toEqual([{ method: 'a' }, 'end']);
    });

    it('is there at once for a socket that has closed before', () => {
      const socket = new FakeSocket();
      socket.readyState = 3;
      expect(watch(webSocketWire(socket))).toEqual({
        read: ['end'],
        ends: [{ reason: 'connection lost', orderly: false }],
      });
    });

    it('cuts the connection of a peer that does not answer, and leaves no timer behind one that does', () => {
      run(() => {
        const [silent, polite] = [new FakeNodeSocket(), new FakeNodeSocket()];
        for (const socket of [silent, polite]) {
          const wire = webSocketWire(socket, { closeTimeout: 100 });
          wire.pause?.();
          wire.close();
        }
        polite.emit('close', { code: 1_000 });
        asyncScheduler.schedule(() => expect(silent.done.at(-1)).toBe('close 1000 closed'), 99);
        asyncScheduler.schedule(() => expect(silent.done.at(-1)).toBe('terminate'), 101);
        asyncScheduler.schedule(() => expect(polite.done).toEqual(['pause', 'resume', 'close 1000 closed']), 200);
      });
    });
  });
});
