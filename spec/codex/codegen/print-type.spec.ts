import { printKey, printObject, printType, quote } from '../../../src/codex/codegen/print-type.js';
import type { JsonSchema } from '../../../src/codex/json-schema.js';

describe('printType', () => {
  it.each<[JsonSchema, string]>([
    [true, 'unknown'],
    [false, 'never'],
    [{}, 'unknown'],
    [{ type: 'string' }, 'string'],
    [{ type: 'integer' }, 'number'],
    [{ type: 'number' }, 'number'],
    [{ type: 'boolean' }, 'boolean'],
    [{ type: 'null' }, 'null'],
    [{ type: 'bigDecimal' }, 'unknown'],
    [{ type: ['null', 'string'] }, 'string | null'],
    [{ $ref: 'Thread' }, 'Thread'],
    [{ allOf: [{ $ref: 'Thread' }] }, 'Thread'],
    [{ allOf: [{ $ref: 'A' }, { anyOf: [{ $ref: 'B' }, { $ref: 'C' }] }] }, 'A & (B | C)'],
    [{ type: 'array' }, 'readonly unknown[]'],
    [{ type: 'array', items: { type: ['string', 'null'] } }, 'readonly (string | null)[]'],
    [{ type: 'array', items: { type: 'array', items: { $ref: 'A' } } }, 'readonly (readonly A[])[]'],
    [{ type: ['array', 'null'], items: { $ref: 'A' } }, 'readonly A[] | null'],
    [{ type: 'object' }, '{ readonly [key: string]: unknown }'],
    [{ type: 'object', additionalProperties: { $ref: 'A' } }, '{ readonly [key: string]: A }'],
    [{ anyOf: [{ type: 'null' }, { $ref: 'A' }] }, 'A | null'],
    [{ anyOf: [{ $ref: 'A' }, true] }, 'unknown'],
  ])('prints %j', (schema, text) => expect(printType(schema)).toBe(text));

  it('prints words so that the known ones are offered and others are allowed', () => {
    expect(printType({ type: 'string', enum: ['on', 'off'] })).toBe(`KnownString<'on' | 'off'>`);
    expect(printType({ oneOf: [{ enum: ['on'] }, { enum: ['off', 'on'] }] })).toBe(`KnownString<'on' | 'off'>`);
    expect(printType({ anyOf: [{ enum: ['on', 'off'] }, { type: ['string', 'null'] }] })).toBe(
      `KnownString<'on' | 'off'> | null`,
    );
    expect(printType({ type: 'array', items: { enum: ['on', 'off'] } })).toBe(`readonly KnownString<'on' | 'off'>[]`);
  });

  it('prints a word that stands alone, or a number, as what it is', () => {
    expect(printType({ enum: ['on'] })).toBe(`'on'`);
    expect(printType({ enum: [1, 2, null] })).toBe('1 | 2 | null');
  });

  it('prints a long union a line for each', () => {
    const words = ['a', 'b', 'c'].map((letter) => letter.repeat(30));
    expect(printType({ enum: words }, '  ').split('\n')).toEqual([
      'KnownString<',
      `    | '${words[0]!}'`,
      `    | '${words[1]!}'`,
      `    | '${words[2]!}'`,
      '  >',
    ]);
    const nested = { anyOf: [{ $ref: 'A' }, { oneOf: words.map((word) => ({ $ref: word })) }] };
    expect(printType(nested)).toMatch(/^\n {2}\| A\n {2}\| \(\n {6}\| a+\n {6}\| b+\n {6}\| c+\)$/);
  });

  it('prints members with what is said of them, and who may be missing', () => {
    const schema = {
      type: 'object',
      properties: {
        id: { type: 'string', description: 'Its name.' },
        'max-size': { anyOf: [{ type: 'integer' }, { type: 'null' }] },
        inner: { type: 'object', properties: { deep: { type: 'boolean' } } },
      },
      required: ['id'],
    };
    expect(printType(schema)).toBe(
      [
        '{',
        '  /** Its name. */',
        '  readonly id: string;',
        `  readonly 'max-size'?: number | null;`,
        '  readonly inner?: {',
        '    readonly deep?: boolean;',
        '  };',
        '}',
      ].join('\n'),
    );
  });
});

describe('printObject', () => {
  it('has further members where the schema speaks of them', () => {
    expect(printObject({ additionalProperties: { type: 'number' } }, '')).toBe(
      '{\n  readonly [key: string]: number;\n}',
    );
    expect(printObject({ properties: { a: true }, additionalProperties: { type: 'number' } }, '')).toBe(
      '{\n  readonly a?: unknown;\n  readonly [key: string]: unknown;\n}',
    );
    expect(printObject({}, '')).toBe('{ readonly [key: string]: unknown }');
  });
});

describe('printKey and quote', () => {
  it('write source text that means the same', () => {
    const texts = ['plain', `it's "quoted"`, 'back\\slash', 'new\nline', '\u2028'];
    expect(texts.map((text) => (0, eval)(quote(text)) as unknown)).toEqual(texts);
    expect(['threadId', 'max-size', '2nd', '$x'].map(printKey)).toEqual(['threadId', `'max-size'`, `'2nd'`, '$x']);
  });
});
