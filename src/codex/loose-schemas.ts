import * as z from 'zod';

import type { JsonSchema, JsonSchemaObject } from './json-schema.js';
import { schemaUnion, type UnionOption } from './schema-union.js';

/** Makes the schema of one definition, when it is first needed. `optional`: the value may also be absent, or null. */
export type LooseSchema = <T>(name: string, presence?: 'optional') => () => z.ZodType<T, T>;

/**
 * Reads JSON schemas as zod schemas that a newer codex does not break.
 *
 * What is known must be of its type. What is not known passes as it came: members, values of an enumeration, kinds of a
 * union, words of the schema language itself. A definition is read when a value of it arrives for the first time, and once.
 *
 * **Use it when** there is a generated contract: it calls this. **Rather use** zod's own `z.fromJSONSchema` where a value
 * nobody has heard of is a mistake.
 *
 * @param definitions JSON schemas as text, by name. A `$ref` of theirs is such a name.
 */
export function looseSchemas(definitions: Readonly<Record<string, string>>): LooseSchema {
  const texts = new Map(Object.entries(definitions));
  const parsed = new Map<string, JsonSchema>();
  const made = new Map<string, z.ZodType>();

  function definition(name: string): JsonSchema {
    let schema = parsed.get(name);
    if (schema === undefined) parsed.set(name, (schema = JSON.parse(texts.get(name) ?? 'true') as JsonSchema));
    return schema;
  }

  function named(name: string): z.ZodType {
    let schema = made.get(name);
    if (schema === undefined) made.set(name, (schema = read(definition(name))));
    return schema;
  }

  function read(schema: JsonSchema): z.ZodType {
    if (typeof schema === 'boolean') return schema ? z.unknown() : z.never();
    const { $ref, type, allOf = [], anyOf, oneOf } = schema;
    const parts = allOf.map(read);
    // Definitions speak of each other, and of themselves.
    if ($ref !== undefined) parts.push(z.lazy(() => named($ref)));
    if (type !== undefined) parts.push(readTypes(typeof type === 'string' ? [type] : type, schema));
    else if (schema.properties !== undefined) parts.push(readType('object', schema));
    const options = anyOf ?? oneOf;
    if (options !== undefined) parts.push(schemaUnion(options.map(readOption)));
    return parts.reduce<z.ZodType | undefined>((all, part) => all?.and(part) ?? part, undefined) ?? z.unknown();
  }

  function readTypes(types: readonly string[], schema: JsonSchemaObject): z.ZodType {
    const [first, ...rest] = types.map((type) => readType(type, schema));
    return first === undefined || rest.length === 0 ? (first ?? z.unknown()) : z.union([first, ...rest]);
  }

  function readType(
    type: string,
    { properties = {}, required = [], additionalProperties, items }: JsonSchemaObject,
  ): z.ZodType {
    switch (type) {
      case 'string':
        return z.string();
      case 'integer':
      case 'number':
        return z.number();
      case 'boolean':
        return z.boolean();
      case 'null':
        return z.null();
      case 'array':
        return z.array(read(items ?? true));
      case 'object': {
        const members = Object.entries(properties).map(([key, member]) => {
          const value = read(member);
          return [key, required.includes(key) ? value : value.optional()];
        });
        const shape = z.looseObject(Object.fromEntries(members) as Record<string, z.ZodType>);
        return typeof additionalProperties === 'object' ? shape.catchall(read(additionalProperties)) : shape;
      }
      default:
        return z.unknown();
    }
  }

  function readOption(option: JsonSchema): UnionOption {
    let target = option;
    for (let hops = 0; typeof target === 'object' && target.$ref !== undefined && hops < 16; hops++) {
      target = definition(target.$ref);
    }
    return { outline: target, schema: read(option) };
  }

  return <T>(name: string, presence?: 'optional') => {
    const make = (): z.ZodType => (presence === 'optional' ? named(name).nullish() : named(name));
    return make as () => z.ZodType<T, T>;
  };
}
