import { withUmask } from '../../src/websocket/with-umask.js';

describe('withUmask', () => {
  it('holds while the work is done, and not after it, though it throws', () => {
    const before = process.umask();
    const seen: number[] = [];
    withUmask(0o177, () => seen.push(process.umask()));
    seen.push(process.umask());
    const work = (): void => {
      throw new Error('on purpose');
    };
    expect(() => withUmask(0o177, work)).toThrow('on purpose');
    seen.push(process.umask());
    expect(seen).toEqual([0o177, before, before]);
  });
});
