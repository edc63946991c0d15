import { type JsonSchema, type JsonSchemaObject, wordsOf } from '../json-schema.js';
import { printComment } from './print-comment.js';

/** The longest a union may be on one line. */
const WIDTH = 80;

/** Any object. */
const OBJECT = '{ readonly [key: string]: unknown }';

/**
 * Prints a JSON schema as a TypeScript type.
 *
 * Members are read-only, since a message belongs to whoever sent it. An enumeration of words is a `KnownString`: the known
 * ones are offered, others are allowed. A single word stays what it is, so that kinds can be told apart by it.
 *
 * @param indent What stands before each further line.
 */
export function printType(schema: JsonSchema, indent = ''): string {
  if (typeof schema === 'boolean') return schema ? 'unknown' : 'never';
  const { $ref, type, allOf = [], anyOf, oneOf } = schema;
  const parts = allOf.map((part) => printType(part, indent));
  if ($ref !== undefined) parts.push($ref);
  const options = anyOf ?? oneOf;
  if (schema.enum !== undefined) parts.push(printWords(schema.enum, indent));
  else if (schema.properties !== undefined) parts.push(printObject(schema, indent));
  // "An object" says nothing beside the objects it may be.
  else if (type !== undefined && !(type === 'object' && options))
    parts.push(joinUnion(listTypes(schema, indent), indent));
  if (options !== undefined) parts.push(printUnion(options, indent));
  if (parts.length === 0) return 'unknown';
  const types = [...new Set(parts)];
  return types.length === 1 ? types.join('') : types.map(inBrackets).join(' & ');
}

/** Prints the options of a union: words together, each type once, `null` last. */
export function printUnion(options: readonly JsonSchema[], indent: string): string {
  const words = options.flatMap((option) => wordsOf(option).enum ?? []);
  const others = options.filter((option) => wordsOf(option).enum === undefined);
  const types = others.flatMap((option) =>
    // A list of types is a union in the union.
    isObject(option) && Array.isArray(option.type)
      ? listTypes(option, `${indent}    `)
      : [inUnion(printType(option, `${indent}    `))],
  );
  const areOpen = words.length > 1 && words.every((word) => typeof word === 'string');
  const all = [...(words.length > 0 ? [printWords(words, `${indent}    `)] : []), ...types];
  // Any string is one of the words that are not known.
  return joinUnion(areOpen ? all.filter((printed) => printed !== 'string') : all, indent);
}

/** Prints the members of an object, in braces. */
export function printObject(schema: JsonSchemaObject, indent: string): string {
  const { properties = {}, required = [], additionalProperties } = schema;
  const inner = `${indent}  `;
  const lines = Object.entries(properties).flatMap(([key, member]) => [
    ...printComment(wordsOf(member).description, inner),
    `${inner}readonly ${printKey(key)}${required.includes(key) ? '' : '?'}: ${printType(member, inner)};`,
  ]);
  if (additionalProperties === true || isObject(additionalProperties)) {
    // The type of a member that is not named holds for those that are.
    const isMap = lines.length === 0 && isObject(additionalProperties);
    lines.push(`${inner}readonly [key: string]: ${isMap ? printType(additionalProperties, inner) : 'unknown'};`);
  }
  return lines.length === 0 ? OBJECT : `{\n${lines.join('\n')}\n${indent}}`;
}

function listTypes(schema: JsonSchemaObject, indent: string): readonly string[] {
  return [schema.type ?? []].flat().map((type) => printNamed(type, schema, indent));
}

/** One line, or where that gets long a line for each. */
function joinUnion(types: readonly string[], indent: string): string {
  const ordered = [
    ...new Set([...types.filter((type) => type !== 'null'), ...types.filter((type) => type === 'null')]),
  ];
  if (ordered.includes('unknown')) return 'unknown';
  const line = ordered.join(' | ');
  const isShort = ordered.length === 1 || (line.length + indent.length <= WIDTH && !line.includes('\n'));
  return isShort ? line : ordered.map((printed) => `\n${indent}  | ${printed}`).join('');
}

function inUnion(type: string): string {
  return /^\n|^\w+ & /.test(type) ? `(${type})` : type;
}

function printNamed(type: string, schema: JsonSchemaObject, indent: string): string {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
      return type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return `readonly ${inBrackets(printType(schema.items ?? true, indent))}[]`;
    case 'object': {
      const { additionalProperties } = schema;
      if (isObject(additionalProperties))
        return `{ readonly [key: string]: ${printType(additionalProperties, indent)} }`;
      return OBJECT;
    }
    default:
      return 'unknown';
  }
}

/** Words that are known; one alone is itself. */
function printWords(words: readonly unknown[], indent: string): string {
  const printed = [...new Set(words.map((word) => (typeof word === 'string' ? quote(word) : JSON.stringify(word))))];
  if (printed.length === 1 || words.some((word) => typeof word !== 'string')) return printed.join(' | ');
  const known = joinUnion(printed, indent);
  return known.startsWith('\n') ? `KnownString<${known}\n${indent}>` : `KnownString<${known}>`;
}

/** A member's name as source text. */
export function printKey(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key);
}

/** A string as source text. */
export function quote(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  return `'${inner.replaceAll("'", "\\'")}'`;
}

function inBrackets(type: string): string {
  return / [|&] |^\n|^readonly /.test(type.replaceAll(/\{[^]*\}|<[^>]*>/g, '')) ? `(${type})` : type;
}

function isObject(schema: JsonSchema | undefined): schema is JsonSchemaObject {
  return typeof schema === 'object';
}
