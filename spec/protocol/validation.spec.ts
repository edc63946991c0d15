import { resolveValidation } from '../../src/protocol/index.js';

describe('resolveValidation', () => {
  it('C10: checks everything that comes from another process', () => {
    expect(resolveValidation(undefined, false)).toEqual({ params: true, results: true, events: true });
  });

  it('C10: checks params alone where both ends share a type checker', () => {
    expect(resolveValidation({}, true)).toEqual({ params: true, results: false, events: false });
  });

  it.each([true, false])('C10: does as it is told, also against the defaults', (told) => {
    const all = { params: told, results: told, events: told };
    expect([resolveValidation(all, true), resolveValidation(all, false)]).toEqual([all, all]);
  });
});
