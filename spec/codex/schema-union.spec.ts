import * as z from 'zod';

import type { JsonSchema } from '../../src/codex/json-schema.js';
import { schemaUnion } from '../../src/codex/schema-union.js';

/** What is wrong with a value, as `path: message`. */
function complaints(union: z.ZodType, value: unknown): readonly string[] {
  return (union.safeParse(value).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

const tagged = (tag: string, members: Record<string, z.ZodType>): { outline: JsonSchema; schema: z.ZodType } => ({
  outline: {
    type: 'object',
    properties: { type: { type: 'string', enum: [tag] } },
    required: [...Object.keys(members), 'type'],
  },
  schema: z.looseObject({ type: z.string(), ...members }),
});

describe('schemaUnion', () => {
  describe('of kinds that are told apart by a word', () => {
    const union = schemaUnion([
      tagged('text', { text: z.string() }),
      tagged('image', { url: z.string(), size: z.looseObject({ width: z.number() }) }),
    ]);

    it('takes what fits the kind it says it is', () => {
      expect(complaints(union, { type: 'text', text: 'hello', more: 1 })).toEqual([]);
      expect(complaints(union, { type: 'image', url: 'x', size: { width: 1 } })).toEqual([]);
    });

    it('names the very member that is wrong in a known kind', () => {
      expect(complaints(union, { type: 'image', url: 'x', size: { width: '1' } })).toEqual([
        'size.width: Invalid input: expected number, received string',
      ]);
      // It would fit the other kind.
      expect(complaints(union, { type: 'image', text: 'hello' })).toHaveLength(2);
    });

    it('passes a kind that came later, as it is', () => {
      const value = { type: 'sound', text: 5 };
      expect(union.safeParse(value)).toEqual({ success: true, data: value });
      expect(complaints(union, 'silence')).toEqual([]);
    });

    it.each([5, true, null, undefined, [[]]])('refuses what can be no kind: %j', (value) => {
      expect(complaints(union, value)).toEqual([': Invalid input: none of what it may be']);
    });
  });

  describe('of kinds that are told apart by their only member', () => {
    const kind = (key: string): { outline: JsonSchema; schema: z.ZodType } => ({
      outline: { type: 'object', properties: { [key]: true }, required: [key], additionalProperties: false },
      schema: z.looseObject({ [key]: z.looseObject({ status: z.number() }) }),
    });
    const union = schemaUnion([kind('lost'), kind('late'), { outline: { type: 'string' }, schema: z.string() }]);

    it('looks at the kind that is meant, and passes those that came later', () => {
      expect(complaints(union, { late: { status: 1 } })).toEqual([]);
      expect(complaints(union, { late: { status: 'x' } })).toEqual([
        'late.status: Invalid input: expected number, received string',
      ]);
      expect(complaints(union, { never: 5 })).toEqual([]);
      expect(complaints(union, 'other')).toEqual([]);
    });
  });

  describe('of types', () => {
    const union = schemaUnion([
      { outline: { type: 'integer' }, schema: z.number() },
      { outline: { type: 'array' }, schema: z.array(z.string()) },
      { outline: { type: 'object' }, schema: z.looseObject({ id: z.string() }) },
      { outline: { type: 'null' }, schema: z.null() },
    ]);

    it('is not open: an object here is meant to be that one', () => {
      expect([5, ['x'], { id: 'x' }, null].flatMap((value) => complaints(union, value))).toEqual([]);
      expect(complaints(union, { id: 5 })).toEqual(['id: Invalid input: expected string, received number']);
      expect(complaints(union, [5])).toEqual(['0: Invalid input: expected string, received number']);
      expect(complaints(union, 'x')).toHaveLength(1);
      expect(complaints(union, true)).toHaveLength(1);
    });
  });

  it('tries each option that may be meant', () => {
    const union = schemaUnion([
      { outline: { type: ['string', 'object'] }, schema: z.union([z.string(), z.looseObject({ a: z.string() })]) },
      { outline: true, schema: z.number() },
    ]);
    expect(complaints(union, 5)).toEqual([]);
    expect(complaints(union, 'x')).toEqual([]);
    expect(complaints(union, true)).toHaveLength(1);
  });
});
