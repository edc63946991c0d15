/** Something with members, none of which is sure to be there or of the right kind. */
export type JsonObject = Readonly<Record<string, unknown>>;

const NOTHING: JsonObject = {};

/**
 * Reads a value as an object; anything else has no members. So a server that leaves a member out, or makes something
 * else of it, costs what that member would have told and no more.
 */
export function jsonObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null ? (value as JsonObject) : NOTHING;
}
