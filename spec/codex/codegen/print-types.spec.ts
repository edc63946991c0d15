import { printTypes } from '../../../src/codex/codegen/print-types.js';
import type { JsonSchema } from '../../../src/codex/json-schema.js';

const print = (definitions: Record<string, JsonSchema>): string => printTypes(new Map(Object.entries(definitions)));

describe('printTypes', () => {
  it('prints objects as interfaces and the rest as aliases, by name', () => {
    const text = print({
      Turn: { type: 'object', description: 'Work.', properties: { id: { type: 'string' } }, required: ['id'] },
      Id: { type: 'string' },
      Anything: true,
      Empty: { type: 'object', properties: {} },
    });
    expect(text).toBe(
      [
        'export type Anything = unknown;\n',
        'export type Empty = { readonly [key: string]: unknown };\n',
        'export type Id = string;\n',
        '/** Work. */\nexport interface Turn {\n  readonly id: string;\n}\n',
      ].join('\n'),
    );
  });

  it('gives the kinds of a union a name, and what all of them have', () => {
    const kind = (word: string, title?: string): JsonSchema => ({
      type: 'object',
      properties: { type: { enum: [word] } },
      required: ['type'],
      ...(title !== undefined && { title }),
    });
    const text = print({
      Item: {
        type: 'object',
        properties: { at: { type: 'integer' } },
        oneOf: [kind('text', 'TextItem'), kind('turn', 'Turn'), kind('odd', 'an odd one'), kind('plain')],
      },
      Turn: { type: 'string' },
    });
    expect(text).toContain('  | TextItem\n');
    expect(text).toContain(`export interface TextItem {\n  readonly type: 'text';\n  readonly at?: number;\n}\n`);
    // Their names are somebody else's, or are none.
    expect(text.match(/ {6}readonly at\?: number;/g)).toHaveLength(3);
    expect(text.match(/export \w+ \w+/g)).toEqual([
      'export type Item',
      'export interface TextItem',
      'export type Turn',
    ]);
  });

  it('puts together what stands beside a union with kinds of other definitions', () => {
    const text = print({ It: { properties: { a: { type: 'string' } }, anyOf: [{ $ref: 'A' }, { $ref: 'B' }] } });
    expect(text.replaceAll(/\s+/g, ' ')).toBe(
      'export type It = | (A & { readonly a?: string; }) | (B & { readonly a?: string; }); ',
    );
  });
});
