import { countHeld, ROUNDS, stillHeld } from './still-held.js';

describe('the leak check itself', () => {
  it('finds what is kept', async () => {
    expect(await stillHeld((watch) => watch('kept', {}))).toEqual({ kept: ROUNDS });
  });

  it('finds what is reached over a closure, and tells it from what is not', async () => {
    const found = await stillHeld((watch) => {
      const reached = watch('reached', {});
      watch('dropped', {});
      return () => reached;
    });
    expect(found).toEqual({ reached: ROUNDS });
  });

  it('waits for a use that takes its time', async () => {
    const found = await stillHeld(async (watch) => {
      watch('dropped', await Promise.resolve({}));
    });
    expect(found).toEqual({});
  });

  it('counts what is kept now and then', async () => {
    const { kept } = await countHeld((watch, round) => {
      const object = watch('kept', {});
      return round < 7 ? object : undefined;
    });
    expect(kept).toBeGreaterThanOrEqual(7);
    expect(kept).toBeLessThan(ROUNDS);
  });

  it('refuses to pass when nothing was watched', async () => {
    await expect(stillHeld(() => undefined)).rejects.toThrow('too little was watched');
  });
});
