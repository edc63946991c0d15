import { printSchemas } from '../../../src/codex/codegen/print-schemas.js';
import type { JsonSchema } from '../../../src/codex/json-schema.js';

const definitions = new Map<string, JsonSchema>([
  ['Z', { type: 'array', items: { $ref: 'B' }, description: "the z's" }],
  ['A', { type: 'object', properties: { z: { $ref: 'Z' }, anyone: { type: ['string', 'null'] } }, required: ['z'] }],
  ['B', { title: 'B', oneOf: [{ type: 'string', enum: ['x'] }, { type: 'string', enum: ['y', 'z'] }, { $ref: 'A' }] }],
  ['Unused', { type: 'string' }],
  ["It's", { allOf: [{ properties: { "it's": true } }], additionalProperties: { $ref: 'Gone' } }],
]);

describe('printSchemas', () => {
  it('prints what is checked of definitions and of those they speak of, each once', () => {
    expect(printSchemas(definitions, ['A', 'Z'])).toBe(
      [
        `  A: '{"type":"object","properties":{"z":{"$ref":"Z"},"anyone":{"type":["string","null"]}},"required":["z"]}',\n`,
        `  B: '{"anyOf":[{"type":"string","enum":["x"]},{"type":"string"},{"$ref":"A"}]}',\n`,
        `  Z: '{"type":"array","items":{"$ref":"B"}}',\n`,
      ].join(''),
    );
  });

  it('writes text that can be read back', () => {
    const [, text] = /^ {2}'?.*?: ('.*'),\n$/.exec(printSchemas(definitions, ["It's"])) ?? [];
    expect(JSON.parse((0, eval)(text!) as string)).toEqual({
      allOf: [{ properties: { "it's": true } }],
      additionalProperties: { $ref: 'Gone' },
    });
  });
});
