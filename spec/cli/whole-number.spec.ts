import { wholeNumber } from '../../src/cli/whole-number.js';

describe('a whole number', () => {
  it.each([
    ['0', 0, 0],
    ['007', 1, 7],
    ['2147483647', 0, 2_147_483_647],
  ])('is read from "%s"', (given, least, value) => {
    expect(wholeNumber('--pace', given, least)).toBe(value);
  });

  it.each([
    ['fast', 0],
    ['1.5', 0],
    ['-5', 0],
    ['', 0],
    ['0x10', 0],
    ['1e3', 0],
    ['2147483648', 0],
    ['0', 1],
  ])('is not "%s" where it begins at %i', (given, least) => {
    expect(() => wholeNumber('--pace', given, least)).toThrow(
      `--pace takes a whole number from ${least}, not "${given}"`,
    );
  });
});
