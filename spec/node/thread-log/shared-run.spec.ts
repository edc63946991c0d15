import { SharedRun } from '../../../src/node/thread-log/shared-run.js';

describe('SharedRun', () => {
  function counted(): { readonly shared: SharedRun; readonly ends: ((error?: Error) => void)[] } {
    const ends: ((error?: Error) => void)[] = [];
    const shared = new SharedRun(
      () =>
        new Promise((resolve, reject) => {
          ends.push((error) => {
            if (error === undefined) resolve();
            else reject(error);
          });
        }),
    );
    return { shared, ends };
  }
  const rest = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('gives all who ask during a run one further run', async () => {
    const { shared, ends } = counted();
    const told: string[] = [];
    void shared.run().then(() => told.push('first'));
    for (const name of ['second', 'third', 'fourth']) void shared.run().then(() => told.push(name));
    expect(ends).toHaveLength(1);
    ends[0]!();
    await rest();
    expect(told).toEqual(['first']);
    expect(ends).toHaveLength(2);
    void shared.run().then(() => told.push('fifth'));
    ends[1]!();
    await rest();
    expect(told).toEqual(['first', 'second', 'third', 'fourth']);
    expect(ends).toHaveLength(3);
    ends[2]!();
    await rest();
    expect(told.at(-1)).toBe('fifth');
    expect(shared.isBusy).toBe(false);
  });

  it('tells a failure to those who shared the run, and begins the next all the same', async () => {
    const { shared, ends } = counted();
    const failed = expect(shared.run()).rejects.toThrow('broken');
    const next = shared.run();
    expect(shared.isBusy).toBe(true);
    ends[0]!(new Error('broken'));
    await failed;
    await rest();
    ends[1]!();
    await next;
    void shared.run();
    expect(ends).toHaveLength(3);
  });
});
