import type * as z from 'zod';

import type { JsonSchema } from '../../src/codex/json-schema.js';
import { looseSchemas } from '../../src/codex/loose-schemas.js';

const schemasOf = (definitions: Record<string, JsonSchema>): ReturnType<typeof looseSchemas> =>
  looseSchemas(Object.fromEntries(Object.entries(definitions).map(([name, it]) => [name, JSON.stringify(it)])));

/** The schema of one definition that speaks of no other. */
const only = (schema: JsonSchema): z.ZodType => schemasOf({ It: schema })('It')();

/** Where a value does not fit, as paths. */
const misfits = (schema: z.ZodType, value: unknown): readonly string[] =>
  (schema.safeParse(value).error?.issues ?? []).map(({ path }) => path.join('.'));

describe('looseSchemas', () => {
  it.each<[JsonSchema, unknown, unknown]>([
    [{ type: 'string' }, 'x', 5],
    [{ type: 'integer' }, 2 ** 63, '5'],
    [{ type: 'number' }, 1.5, null],
    [{ type: 'boolean' }, false, 0],
    [{ type: 'null' }, null, 0],
    [{ type: ['string', 'null'] }, null, 5],
    [{ type: 'array', items: { type: 'string' } }, ['x'], [5]],
    [{ type: 'array' }, [1, 'x'], {}],
    [{ type: 'object' }, { any: 1 }, [1]],
    [{ properties: { a: { type: 'string' } }, required: ['a'] }, { a: 'x' }, {}],
    [{ type: 'object', additionalProperties: { type: 'number' } }, { a: 1 }, { a: 'x' }],
    [{ allOf: [{ properties: { a: { type: 'string' } } }, { properties: { b: { type: 'string' } } }] }, {}, { b: 1 }],
  ])('reads %j', (schema, good, bad) => {
    expect(only(schema).safeParse(good).success).toBe(true);
    expect(only(schema).safeParse(bad).success).toBe(false);
  });

  it('wants what is required, and takes what is not when it is right', () => {
    const schema = only({
      type: 'object',
      properties: { id: { type: 'string' }, size: { type: 'integer' } },
      required: ['id'],
    });
    expect(misfits(schema, { id: 'x' })).toEqual([]);
    expect(misfits(schema, { size: 1 })).toEqual(['id']);
    expect(misfits(schema, { id: 'x', size: 'large' })).toEqual(['size']);
  });

  it('lets members, values and words pass that came later (C10)', () => {
    const value = { level: 'warmer', more: [1] };
    const schema = only({
      type: 'object',
      properties: { level: { type: 'string', enum: ['cold', 'warm'] } },
      additionalProperties: false,
    });
    expect(schema.safeParse(value)).toEqual({ success: true, data: value });
    expect(only({ unheardOf: { minimum: 3 } } as JsonSchema).safeParse(1).success).toBe(true);
    expect(only({ type: 'bigDecimal' }).safeParse(1).success).toBe(true);
    expect(only({}).safeParse(undefined).success).toBe(true);
  });

  it('checks what stands beside a union, too', () => {
    const kind = { type: 'object', properties: { type: { enum: ['a'] }, a: { type: 'string' } }, required: ['type'] };
    const schema = only({ type: 'object', properties: { at: { type: 'integer' } }, oneOf: [kind] });
    expect(misfits(schema, { type: 'a', at: 1 })).toEqual([]);
    expect(misfits(schema, { type: 'a', at: 'now', a: 5 })).toEqual(['at', 'a']);
    expect(misfits(schema, { type: 'later', at: 1, a: 5 })).toEqual([]);
  });

  it('reads definitions that speak of each other, of themselves, and of what is not there', () => {
    const schema = schemasOf({
      Tree: {
        type: 'object',
        properties: { trees: { type: 'array', items: { $ref: 'Tree' } }, leaf: { $ref: 'Leaf' } },
      },
      Leaf: { anyOf: [{ $ref: 'Green' }, { $ref: 'Gone' }, { type: 'null' }] },
      Green: { type: 'object', properties: { type: { enum: ['green'] }, hue: { type: 'number' } }, required: ['type'] },
    });
    const tree = schema('Tree')();
    expect(misfits(tree, { trees: [{ trees: [] }], leaf: { type: 'green', hue: 1 } })).toEqual([]);
    expect(misfits(tree, { trees: [{ trees: [{ trees: 5 }] }] })).toEqual(['trees.0.trees.0.trees']);
    expect(misfits(schema('Gone')(), 5)).toEqual([]);
  });

  it('reads a definition when it is first needed, and once', () => {
    const schema = looseSchemas({ Good: '{"type":"string"}', Broken: '{' });
    const make = schema<string>('Good');
    expect(schema('Good')()).toBe(make());
    expect(() => schema('Broken')()).toThrow(SyntaxError);
  });

  it('takes nothing for something that may be left out', () => {
    const optional = schemasOf({ Params: { type: 'object' } })('Params', 'optional')();
    expect([undefined, null, {}].map((value) => optional.safeParse(value).success)).toEqual([true, true, true]);
    expect(optional.safeParse(5).success).toBe(false);
  });

  it('takes no name for a definition that every object has', () => {
    expect(looseSchemas({})('constructor')().safeParse(1).success).toBe(true);
  });
});
