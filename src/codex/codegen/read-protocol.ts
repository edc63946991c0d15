import { type JsonSchema, wordsOf } from '../json-schema.js';
import type { Protocol, ProtocolMethod } from './protocol.js';
import { toPascalCase } from './result-name.js';

/** Definitions of messages as a whole, which a wire reads and no contract speaks of. */
const ENVELOPES = /^(JSONRPC\w*|W3cTraceContext)$/;

type Definitions = Readonly<Record<string, JsonSchema>>;

/**
 * Reads the bundle of schemas that codex writes.
 *
 * Its definitions are nested in two folders, one of them named after the second version of the protocol; here they are
 * one list. Where both have a name and mean different things, the older one gets `V1` behind it.
 *
 * @throws SyntaxError if the text is no such bundle.
 */
export function readProtocol(bundle: string): Protocol {
  const { definitions: { v2 = {}, ...v1 } = {} } = readBundle(bundle);
  const nameIn = (folder: 'v1' | 'v2', name: string): string => {
    const plain = name.replaceAll(/\W/g, '_');
    return folder === 'v1' && isOlder(v1[name], v2[name]) ? `${plain}V1` : plain;
  };
  const rename = (ref: string): string => {
    const [, folder, name] = /^#\/definitions\/(v2\/)?([^/]+)$/.exec(ref) ?? [];
    if (name === undefined) throw new SyntaxError(`the schema speaks of "${ref}", which is not in it`);
    return nameIn(folder === undefined ? 'v1' : 'v2', name);
  };
  const definitions = new Map<string, JsonSchema>();
  for (const [folder, schemas] of [['v1', v1] as const, ['v2', v2] as const]) {
    for (const [name, schema] of Object.entries(schemas)) {
      if (!ENVELOPES.test(name)) definitions.set(nameIn(folder, name), renamed(schema, rename));
    }
  }
  const read = (list: string): readonly ProtocolMethod[] => {
    const { oneOf } = wordsOf(definitions.get(list));
    if (oneOf === undefined) throw new SyntaxError(`the schema has no list of methods named ${list}`);
    definitions.delete(list);
    return oneOf.map((method) => readMethod(method, list, definitions));
  };
  return {
    requests: read('ClientRequest'),
    notifications: read('ClientNotification'),
    serverRequests: read('ServerRequest'),
    serverNotifications: read('ServerNotification'),
    definitions,
  };
}

function readBundle(text: string): { readonly definitions?: Definitions & { readonly v2?: Definitions } } {
  const bundle: unknown = JSON.parse(text);
  const { definitions } = (bundle ?? {}) as { readonly definitions?: unknown };
  if (typeof definitions !== 'object' || definitions === null) throw new SyntaxError('the schema has no definitions');
  return bundle as { readonly definitions: Definitions & { readonly v2?: Definitions } };
}

function isOlder(older: JsonSchema | undefined, newer: JsonSchema | undefined): boolean {
  return older !== undefined && newer !== undefined && meaning(older) !== meaning(newer);
}

/** A schema as text without what does not count. */
function meaning(schema: JsonSchema): string {
  return JSON.stringify(schema, (key, value: unknown) =>
    ['$schema', 'title', 'description'].includes(key) && typeof value === 'string' ? undefined : value,
  );
}

/** The schema with its references renamed, wherever a schema can stand. */
function renamed(schema: JsonSchema, rename: (ref: string) => string): JsonSchema {
  if (typeof schema !== 'object') return schema;
  const inner = (part: JsonSchema): JsonSchema => renamed(part, rename);
  const { $ref, properties, items, additionalProperties, allOf, anyOf, oneOf } = schema;
  return {
    ...schema,
    ...($ref !== undefined && { $ref: rename($ref) }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, part]) => [key, inner(part)])),
    }),
    ...(items !== undefined && { items: inner(items) }),
    ...(additionalProperties !== undefined && { additionalProperties: inner(additionalProperties) }),
    ...(allOf && { allOf: allOf.map(inner) }),
    ...(anyOf && { anyOf: anyOf.map(inner) }),
    ...(oneOf && { oneOf: oneOf.map(inner) }),
  };
}

function readMethod(schema: JsonSchema, list: string, definitions: Map<string, JsonSchema>): ProtocolMethod {
  const { properties: { method, params } = {}, required = [] } = wordsOf(schema);
  const [name] = wordsOf(method).enum ?? [];
  if (typeof name !== 'string') throw new SyntaxError(`a method in ${list} has no name`);
  const isOptional = !required.includes('params');
  const options = wordsOf(params).anyOf ?? (params === undefined ? [] : [params]);
  const [described, ...more] = options.filter((option) => wordsOf(option).type !== 'null');
  if (described === undefined) return { name, isOptional };
  const { $ref } = wordsOf(described);
  if ($ref !== undefined && more.length === 0) return { name, params: $ref, isOptional };
  // Described on the spot: it gets the name it would have had.
  const own = `${toPascalCase(name)}Params`;
  definitions.set(own, params ?? true);
  return { name, params: own, isOptional };
}
