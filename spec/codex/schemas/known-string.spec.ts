import { type KnownString, knownString } from '../../../src/codex/schemas/known-string.js';
import { type Equal, expectType } from '../../protocol/expect-type.js';

describe('knownString', () => {
  const schema = knownString('idle', 'active');

  it('lets any string pass, and nothing else', () => {
    expect(['idle', 'new in the next version', 1, null].map((value) => schema.safeParse(value).success)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('names the known ones in its type', () => {
    expectType<Equal<ReturnType<typeof schema.parse>, KnownString<'idle' | 'active'>>>();
    expectType<'anything' extends KnownString<'idle'> ? true : false>();
  });
});
