import { withUmask } from '../../src/websocket/with-umask.js';

/** There is no way to read it but to set it. */
function umask(): number {
  const mask = process.umask(0o22);
  process.umask(mask);
  return mask;
}

describe('withUmask', () => {
  it('holds while the work is done, and not after it, though it throws', () => {
    const before = umask();
    const seen: number[] = [];
    withUmask(0o177, () => seen.push(umask()));
    seen.push(umask());
    const work = (): void => {
      throw new Error('on purpose');
    };
    expect(() => withUmask(0o177, work)).toThrow('on purpose');
    seen.push(umask());
    expect(seen).toEqual([0o177, before, before]);
  });
});
