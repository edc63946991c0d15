import { messageOf } from './message-of.js';
import type { AnySchema, SchemaChecker } from './schema.js';

/** One difference between a value and its schema: where it is, and what is wrong there. */
export interface Issue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const made = new WeakMap<() => SchemaChecker, SchemaChecker>();

/**
 * Compares a value with a schema and lists the differences; `undefined` when there are none.
 *
 * The value itself is never changed: what a schema would strip, default or transform stays as it came.
 */
export function checkSchema(schema: AnySchema | undefined, value: unknown): readonly Issue[] | undefined {
  let outcome: ReturnType<SchemaChecker['safeParse']> | undefined;
  try {
    outcome = toChecker(schema)?.safeParse(value);
  } catch (error) {
    // Whoever waits for the value must hear of it: a schema that fails has not found it good.
    return [{ path: [], message: `the schema failed: ${messageOf(error)}` }];
  }
  if (outcome === undefined || outcome.success) return undefined;
  return (outcome.error?.issues ?? []).map(({ path, message }) => ({
    path: path.map((key) => (typeof key === 'symbol' ? String(key) : key)),
    message,
  }));
}

function toChecker(schema: AnySchema | undefined): SchemaChecker | undefined {
  if (schema === undefined || isChecker(schema)) return schema;
  if (typeof schema !== 'function') return undefined;
  let checker = made.get(schema);
  if (checker === undefined) made.set(schema, (checker = schema()));
  return checker;
}

function isChecker(schema: AnySchema): schema is SchemaChecker {
  return 'safeParse' in schema;
}
