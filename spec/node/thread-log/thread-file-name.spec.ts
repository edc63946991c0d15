import fc from 'fast-check';

import { fromThreadFileName, toThreadFileName } from '../../../src/node/thread-log/thread-file-name.js';

describe('the name of a thread file', () => {
  it.each([
    ['0195c3f2-8b1a', 'thread-0195c3f2-8b1a.jsonl'],
    ['01JQ_z', 'thread-01=j=q_z.jsonl'],
    ['con', 'thread-con.jsonl'],
  ])('of %s is %s, and back', (id, name) => {
    expect(toThreadFileName(id)).toBe(name);
    expect(fromThreadFileName(name)).toBe(id);
  });

  it.each(['', '.', '..', '../x', 'a/b', 'a\\b', 'a.b', 'a\0', 'a b', 'é', 'C:', '=a', 'a\n', 'x'.repeat(101)])(
    'is refused for %j',
    (id) => {
      expect(() => toThreadFileName(id)).toThrow(expect.objectContaining({ reason: 'invalidId' }) as Error);
    },
  );

  it.each([
    'index.jsonl',
    'lock-1',
    'thread-.jsonl',
    'thread-A.jsonl',
    'thread-a.jsonl.x.aside',
    'thread-a=1.jsonl',
    'xthread-a.jsonl',
  ])('is not %s', (name) => expect(fromThreadFileName(name)).toBeUndefined());

  it('is another one for another id, also where capitals are the same as small letters', () => {
    const id = fc.stringMatching(/^[0-9A-Za-z_-]{1,8}$/);
    fc.assert(
      fc.property(id, id, (one, other) => {
        fc.pre(one !== other);
        expect(toThreadFileName(one).toLowerCase()).not.toBe(toThreadFileName(other).toLowerCase());
        expect(fromThreadFileName(toThreadFileName(one))).toBe(one);
      }),
    );
  });
});
