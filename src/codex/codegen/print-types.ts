import type { JsonSchema, JsonSchemaObject } from '../json-schema.js';
import { printComment } from './print-comment.js';
import { printObject, printType, printUnion } from './print-type.js';

/**
 * Prints definitions as the declarations of a TypeScript module, in the order of their names.
 *
 * Objects are interfaces, the rest are type aliases. The kinds of a union get the names codex gives them, and with them
 * what all kinds of it have, so that `AgentMessageThreadItem` can be spoken of.
 */
export function printTypes(definitions: ReadonlyMap<string, JsonSchema>): string {
  const taken = new Set(definitions.keys());
  return [...definitions]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, schema]) => printDefinition(name, schema, taken))
    .join('\n');
}

function printDefinition(name: string, schema: JsonSchema, taken: Set<string>): string {
  const comment = printComment(typeof schema === 'object' ? schema.description : undefined, '');
  const options = typeof schema === 'object' ? (schema.oneOf ?? schema.anyOf) : undefined;
  if (typeof schema !== 'object' || options === undefined) return declare(name, schema, comment);
  const kinds: string[] = [];
  const refs = options.map((option) => {
    if (typeof option !== 'object' || (option.properties === undefined && schema.properties === undefined))
      return option;
    const kind = withCommon(option, schema);
    const { title } = option;
    if (title === undefined || !/^[A-Z]\w*$/.test(title) || taken.has(title)) return kind;
    taken.add(title);
    kinds.push(declare(title, kind, printComment(option.description, '')));
    return { $ref: title };
  });
  const text = printUnion(refs, '');
  return [[...comment, `export type ${name} =${text.startsWith('\n') ? '' : ' '}${text};\n`].join('\n'), ...kinds].join(
    '\n',
  );
}

/** A kind together with what all kinds of its union have. */
function withCommon(kind: JsonSchemaObject, { properties, required = [] }: JsonSchemaObject): JsonSchemaObject {
  if (properties === undefined) return kind;
  if (kind.properties === undefined) return { allOf: [kind, { properties, required }] };
  return {
    ...kind,
    properties: { ...kind.properties, ...properties },
    required: [...(kind.required ?? []), ...required],
  };
}

function declare(name: string, schema: JsonSchema, comment: readonly string[]): string {
  const isInterface =
    typeof schema === 'object' &&
    schema.properties !== undefined &&
    schema.oneOf === undefined &&
    schema.anyOf === undefined &&
    schema.allOf === undefined &&
    Object.keys(schema.properties).length > 0;
  const text = isInterface ? printObject(schema, '') : printType(schema);
  const line = isInterface
    ? `export interface ${name} ${text}`
    : `export type ${name} =${text.startsWith('\n') ? '' : ' '}${text};`;
  return [...comment, `${line}\n`].join('\n');
}
