/** What is read of a JSON schema; codex describes itself with no more than this. `true` is any value, `false` none. */
export type JsonSchema = boolean | JsonSchemaObject;

/** The words of a schema that is more than yes or no. */
export interface JsonSchemaObject {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema;
  readonly items?: JsonSchema;
  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly title?: string;
  readonly description?: string;
}

/** The words of a schema: none of one that is not there, or is only yes or no. */
export function wordsOf(schema: JsonSchema | undefined): JsonSchemaObject {
  return typeof schema === 'object' ? schema : {};
}
