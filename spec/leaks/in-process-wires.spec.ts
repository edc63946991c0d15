import { inProcessWires } from '../../src/in-process/index.js';
import { stillHeld } from './still-held.js';

describe('section 5: an in-process wire', () => {
  it('holds no message that was read, early or late', async () => {
    const found = await stillHeld((watch) => {
      const [near, far] = inProcessWires();
      near.send({ method: 'early', params: watch('early', {}) });
      const reading = far.inbound$.subscribe();
      near.send({ method: 'late', params: watch('late', {}) });
      return [near, far, reading];
    });
    expect(found).toEqual({});
  });

  it.each(['near', 'far'])('holds neither reader nor listeners once its %s end has closed it', async (end) => {
    const found = await stillHeld((watch) => {
      const [near, far] = inProcessWires();
      for (const wire of [near, far]) {
        wire.inbound$.subscribe(watch('reader', { next: () => undefined }));
        wire.closed$.subscribe(watch('closed$', { next: () => undefined }));
        wire.writable$.subscribe(watch('writable$', { next: () => undefined }));
      }
      (end === 'near' ? near : far).close();
      near.send({ method: 'too late', params: watch('too late', {}) });
      return [near, far];
    });
    expect(found).toEqual({});
  });
});
