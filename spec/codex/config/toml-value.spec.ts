import { isBareKey, tomlKey, tomlValue, type TomlValue } from '../../../src/codex/config/toml-value.js';

describe('tomlValue', () => {
  it.each<[TomlValue, string]>([
    ['plain', '"plain"'],
    ['a "b" \\ c\n\t\u0001', '"a \\"b\\" \\\\ c\\n\\t\\u0001"'],
    ['\u007f', '"\\u007f"'],
    ['é 𝄞', '"é 𝄞"'],
    [1, '1'],
    [-1.5, '-1.5'],
    [1e21, '1e+21'],
    [2 ** 53, '9007199254740992.0'],
    [-0, '-0.0'],
    [NaN, 'nan'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
    [2n ** 63n - 1n, '9223372036854775807'],
    [true, 'true'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [[], '[]'],
    [[1, ['a'], { b: 2 }], '[1, ["a"], { b = 2 }]'],
    [{}, '{}'],
    [{ a: 1, 'b c': { d: undefined, e: false } }, '{ a = 1, "b c" = { e = false } }'],
  ])('writes %p as %s', (value, text) => {
    expect(tomlValue(value)).toBe(text);
  });

  it.each<[string, unknown]>([
    ['TOML has no null: leave the member out', null],
    ['TOML has no null: leave the member out', [null]],
    ['TOML has no function', () => 1],
    ['TOML has no undefined', [undefined]],
    ['an invalid date', new Date(NaN)],
    ['9223372036854775808 has more than 64 bits', 2n ** 63n],
    ['a TOML string has no half of a character', '\ud834'],
  ])('refuses what TOML cannot say: %s', (message, value) => {
    expect(() => tomlValue(value as TomlValue)).toThrow(new TypeError(message));
  });
});

describe('a key', () => {
  it('is bare where that is allowed', () => {
    expect(['a-B_1', 'a b', 'a.b', ''].map((key) => [isBareKey(key), tomlKey(key)])).toEqual([
      [true, 'a-B_1'],
      [false, '"a b"'],
      [false, '"a.b"'],
      [false, '""'],
    ]);
  });
});
