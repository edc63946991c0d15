import { Semaphore } from '../../../src/node/thread-log/semaphore.js';

/** Work that ends when it is told to. */
function held(): { readonly work: () => Promise<string>; readonly end: (error?: Error) => void; started: boolean } {
  const state = {
    started: false,
    end: (_error?: Error): void => undefined,
    work: () =>
      new Promise<string>((resolve, reject) => {
        state.started = true;
        state.end = (error) => {
          if (error === undefined) resolve('done');
          else reject(error);
        };
      }),
  };
  return state;
}

const rest = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Semaphore', () => {
  it('starts so many at once and the others in line', async () => {
    const semaphore = new Semaphore(2);
    const all = [held(), held(), held(), held()];
    const runs = all.map(({ work }) => semaphore.run(work));
    const started = (): string => all.map((one) => Number(one.started)).join('');
    await rest();
    expect(started()).toBe('1100');
    all[1]!.end();
    await rest();
    expect(started()).toBe('1110');
    all[0]!.end();
    all[2]!.end();
    await rest();
    expect(started()).toBe('1111');
    all[3]!.end();
    expect(await Promise.all(runs)).toEqual(['done', 'done', 'done', 'done']);
  });

  it('gives the place on when work fails, and tells its error', async () => {
    const semaphore = new Semaphore(1);
    const [first, second] = [held(), held()];
    const failed = expect(semaphore.run(first.work)).rejects.toThrow('broken');
    const done = semaphore.run(second.work);
    await rest();
    first.end(new Error('broken'));
    await failed;
    await rest();
    second.end();
    expect(await done).toBe('done');
    expect(await semaphore.run(() => Promise.resolve('at once'))).toBe('at once');
  });
});
