import { brandGuard } from '../../src/protocol/brand.js';

describe('brandGuard', () => {
  const brand = Symbol.for('rx-sluice.spec.brand');
  const isBranded = brandGuard<{ readonly name: string }>(brand);

  it('recognises what carries the symbol, whoever made it', () => {
    expect(isBranded({ [Symbol.for('rx-sluice.spec.brand')]: true })).toBe(true);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a primitive', 'text'],
    ['a function', () => undefined],
    ['an object without it', {}],
    ['an object with another value there', { [brand]: 'yes' }],
    ['a symbol of the same description', { [Symbol('rx-sluice.spec.brand')]: true }],
  ])('does not recognise %s', (_name, value) => {
    expect(isBranded(value)).toBe(false);
  });
});
