import * as z from 'zod';

/** A string of which some values are known today. A newer codex may have more, and they pass. */
export type KnownString<T extends string> = T | (string & Record<never, never>);

/** A schema for {@link KnownString}: any string; the known ones are there for the reader and the editor. */
export function knownString<T extends string>(..._known: readonly T[]): z.ZodType<KnownString<T>, KnownString<T>> {
  return z.string();
}
