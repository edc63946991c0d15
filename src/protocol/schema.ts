import type { ZodType } from 'zod';

const TYPE_ONLY = Symbol.for('rx-sluice.type');

/** A word about a type that nothing checks at run time; see {@link type}. */
export interface TypeOnly<T> {
  readonly [TYPE_ONLY]: T | true;
}

/**
 * What a contract says of a value: a zod schema, a function that makes one when it is first needed, or only a type.
 *
 * The type is the schema's *input*: messages pass as they came, unknown keys and all, so what a transform or a default
 * would make of them is never seen.
 */
export type Schema<T> = ZodType<unknown, T> | (() => ZodType<unknown, T>) | TypeOnly<T>;

/** A {@link Schema} whose type is no longer of interest. */
export type AnySchema = SchemaChecker | (() => SchemaChecker) | TypeOnly<unknown>;

/** The part of a zod schema that is needed at run time; read structurally, since two copies of zod may be installed. */
export interface SchemaChecker {
  /** As in zod: says what is wrong with a value instead of throwing it. */
  safeParse(value: unknown): {
    readonly success: boolean;
    readonly error?: {
      readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
    };
  };
}

/**
 * Says what a value is without checking it.
 *
 * @example
 * ```ts
 * const add = request({ params: type<readonly [number, number]>(), result: type<number>() });
 * ```
 */
export function type<T>(): TypeOnly<T> {
  return { [TYPE_ONLY]: true };
}
