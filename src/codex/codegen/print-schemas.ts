import type { JsonSchema } from '../json-schema.js';
import { printKey, quote } from './print-type.js';

/**
 * Prints what is checked of some definitions, and of those they speak of, as the entries of an object: one line of JSON
 * for each, so that a comparison of two versions shows which definitions changed.
 */
export function printSchemas(definitions: ReadonlyMap<string, JsonSchema>, names: Iterable<string>): string {
  const needed = new Map<string, string>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const schema = definitions.get(name);
    if (schema === undefined || needed.has(name)) continue;
    needed.set(
      name,
      JSON.stringify(
        checked(schema, (ref) => {
          waiting.push(ref);
        }),
      ),
    );
  }
  return [...needed]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, json]) => `  ${printKey(name)}: ${quote(json)},\n`)
    .join('');
}

/** The words of a schema by which a value is checked: no descriptions, no defaults, no words of an enumeration. */
function checked(schema: JsonSchema, speaksOf: (ref: string) => void): JsonSchema {
  if (typeof schema !== 'object') return schema;
  const inner = (part: JsonSchema): JsonSchema => checked(part, speaksOf);
  const { $ref, type, properties, required, additionalProperties, items, allOf } = schema;
  const options = schema.anyOf ?? schema.oneOf;
  if ($ref !== undefined) speaksOf($ref);
  return {
    ...($ref !== undefined && { $ref }),
    ...(type !== undefined && { type }),
    // A word that stands alone tells the kinds of a union apart.
    ...(schema.enum?.length === 1 && { enum: schema.enum }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, part]) => [key, inner(part)])),
    }),
    ...(required && { required }),
    ...(additionalProperties !== undefined && { additionalProperties: inner(additionalProperties) }),
    ...(items !== undefined && { items: inner(items) }),
    ...(allOf && { allOf: allOf.map(inner) }),
    ...(options && { anyOf: options.map(inner) }),
  };
}
