import { type PostMessagePort, postMessageWire } from '../../src/transports/index.js';
import { stillHeld } from './still-held.js';

/** A port that keeps nothing, and how the other end speaks through it. */
function port(): PostMessagePort & { say(...sluice: unknown[]): void } {
  let receive: ((value: unknown) => void) | undefined;
  return {
    post: () => undefined,
    listen: (listener) => {
      receive = listener;
      return () => (receive = undefined);
    },
    say: (...sluice) => receive?.({ sluice }),
  };
}

const HELLO = ['hello', 'peer', null, 1, 1_000];

describe('section 5: a wire over a port', () => {
  it('holds no message that was read, or posted', async () => {
    const found = await stillHeld(async (watch) => {
      const far = port();
      const wire = postMessageWire(far, { heartbeat: 0 });
      far.say(HELLO, { method: 'early', params: watch('early', {}) });
      const reading = wire.inbound$.subscribe();
      far.say({ method: 'late', params: watch('late', {}) });
      wire.send({ method: 'posted', params: watch('posted', {}) });
      await new Promise((resolve) => setImmediate(resolve));
      return [wire, far, reading];
    });
    expect(found).toEqual({});
  });

  it('holds neither its port, nor reader and listeners, nor what waited, once the other end has closed it', async () => {
    const found = await stillHeld((watch) => {
      const far = port();
      const wire = postMessageWire(far, { heartbeat: 1_000 });
      far.say(HELLO);
      wire.inbound$.subscribe(watch('reader', { next: () => undefined }));
      wire.closed$.subscribe(watch('closed$', { next: () => undefined }));
      wire.writable$.subscribe(watch('writable$', { next: () => undefined }));
      for (let n = 0; n < 3; n += 1) wire.send({ method: 'waits', params: watch('waits', {}) });
      far.say(['close', 'enough', true]);
      wire.send({ method: 'too late', params: watch('too late', {}) });
      return [wire];
    });
    expect(found).toEqual({});
  });
});
