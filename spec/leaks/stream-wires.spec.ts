import { PassThrough } from 'node:stream';

import { firstValueFrom, lastValueFrom, VirtualTimeScheduler } from 'rxjs';

import { type SpawnedWire, spawnWire, streamWire } from '../../src/node/index.js';
import type { Wire } from '../../src/protocol/index.js';
import { stillHeld, type Watch } from './still-held.js';

/** A wire, and the streams of the other end. */
function pipes(): { readonly wire: Wire; readonly toWire: PassThrough; readonly fromWire: PassThrough } {
  const [toWire, fromWire] = [new PassThrough(), new PassThrough()];
  return { wire: streamWire({ readable: toWire, writable: fromWire }), toWire, fromWire };
}

/** Listens to all a wire tells. */
function listen(wire: Wire, watch: Watch): void {
  wire.inbound$.subscribe(watch('reader', { next: () => undefined }));
  wire.closed$.subscribe(watch('closed$', { next: () => undefined }));
  wire.writable$.subscribe(watch('writable$', { next: () => undefined }));
}

const line = (method: string): Buffer => Buffer.from(`{"method":"${method}"}\n`);

describe('section 5: a wire over streams', () => {
  it('holds nothing that it has read or written', async () => {
    const found = await stillHeld(async (watch) => {
      const { wire, toWire, fromWire } = pipes();
      fromWire.resume();
      const read = new Promise<void>((resolve) => {
        wire.inbound$.subscribe((message) => {
          watch('message', message);
          resolve();
        });
      });
      toWire.write(watch('bytes', line('read')));
      wire.send(watch('sent', { method: 'written', params: watch('params', {}) }));
      await read;
      await new Promise((resolve) => setImmediate(resolve));
      return [wire, toWire, fromWire];
    });
    expect(found).toEqual({});
  });

  const ends: Readonly<Record<string, (pair: ReturnType<typeof pipes>) => unknown>> = {
    'was closed': ({ wire }) => wire.close(),
    'was closed by its peer': ({ toWire }) => toWire.end(),
    'broke in the middle of a message': ({ toWire }) => {
      toWire.write('{"method":');
      return toWire.destroy(new Error('EPIPE'));
    },
  };

  it.each(Object.keys(ends))(
    'holds neither reader nor listeners once it %s, and neither do its streams',
    async (end) => {
      const found = await stillHeld(async (watch) => {
        const pair = pipes();
        listen(pair.wire, watch);
        ends[end]?.(pair);
        await lastValueFrom(pair.wire.closed$);
        return [pair.wire, pair.toWire, pair.fromWire];
      });
      expect(found).toEqual({});
    },
  );

  it('holds nothing that came before it was closed and nobody will read', async () => {
    const found = await stillHeld(async (watch) => {
      const { wire, toWire, fromWire } = pipes();
      wire.inbound$.subscribe(() => wire.pause?.());
      // A message that is delivered, and more that waits; long enough to have memory of its own.
      const bytes = Buffer.concat([line('first'), line('waits'), Buffer.alloc(65_536, ' ')]);
      watch('memory', bytes.buffer);
      const came = new Promise((resolve) => toWire.once('data', resolve));
      toWire.write(bytes);
      await came;
      wire.close();
      return [wire, fromWire];
    });
    expect(found).toEqual({});
  });

  it('is not held by the clock on which what was sent last had time to get out', async () => {
    const clock = new VirtualTimeScheduler();
    const found = await stillHeld(async (watch) => {
      const [readable, writable] = [new PassThrough(), new PassThrough()];
      const wire = watch('wire', streamWire({ readable, writable, scheduler: clock }));
      listen(wire, watch);
      wire.send({ method: 'last' });
      wire.close();
      await new Promise((resolve) => readable.once('close', resolve));
      return clock;
    });
    expect(found).toEqual({});
  });
});

/** A program that says what it is told, until its input ends. */
const echo = (): SpawnedWire => spawnWire({ command: 'cat' });

describe('section 5: a wire to a program that was started', () => {
  it('is kept after its end, and holds neither reader nor listeners', async () => {
    const found = await stillHeld(async (watch) => {
      const wire = echo();
      listen(wire, watch);
      wire.stderr$.subscribe(watch('stderr$', { next: () => undefined }));
      wire.exited$.subscribe(watch('exited$', { next: () => undefined }));
      wire.send(watch('sent', { method: 'x' }));
      await firstValueFrom(wire.inbound$);
      wire.close();
      await lastValueFrom(wire.exited$);
      await lastValueFrom(wire.stderr$, { defaultValue: '' });
      return wire;
    });
    expect(found).toEqual({});
  });

  it('is held by nobody after its program has ended: no clock, no guard of this process, no other program', async () => {
    const exits = process.listenerCount('exit');
    const other = echo();
    const found = await stillHeld(async (watch) => {
      const wire = watch('wire', echo());
      listen(wire, watch);
      wire.close();
      await lastValueFrom(wire.exited$);
    });
    expect(found).toEqual({});
    other.close();
    await lastValueFrom(other.exited$);
    expect(process.listenerCount('exit')).toBe(exits);
  });

  it('that could not be started is held by nobody', async () => {
    const found = await stillHeld(async (watch) => {
      const wire = watch('wire', spawnWire({ command: '/no/such/program' }));
      listen(wire, watch);
      await lastValueFrom(wire.closed$);
      // Its streams are destroyed a little later.
      await new Promise((resolve) => setImmediate(resolve));
    });
    expect(found).toEqual({});
  });
});
