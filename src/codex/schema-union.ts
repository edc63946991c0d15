import * as z from 'zod';

import { type JsonSchema, wordsOf } from './json-schema.js';

/** One of the things a value may be. */
export interface UnionOption {
  /** What it looks like, by which a value is recognised as meant to be it. */
  readonly outline: JsonSchema;
  readonly schema: z.ZodType;
}

/** Whether a value is meant to be a certain option, well formed or not. */
type Claim = (value: unknown) => boolean;

/**
 * A union that stays open: a value that is meant to be one of the options must fit it, and an object, or a word, that is
 * meant to be none of them is of a kind that came later and passes.
 *
 * It looks at one option instead of trying all, and what it complains of is the very member that is wrong.
 */
export function schemaUnion(options: readonly UnionOption[]): z.ZodType {
  const claims = options.map(({ outline, schema }) => ({ ...claimOf(outline), schema }));
  const hasKinds = claims.some(({ isKind }) => isKind);
  return z.unknown().superRefine((value, context) => {
    const meant = claims.filter(({ claims: isMeant }) => isMeant(value));
    if (meant.length === 0) {
      const isNewKind = hasKinds && (isObject(value) || typeof value === 'string');
      if (!isNewKind) context.addIssue({ code: 'custom', message: 'Invalid input: none of what it may be' });
      return;
    }
    const outcomes = meant.map(({ schema }) => schema.safeParse(value));
    if (outcomes.some(({ success }) => success)) return;
    for (const { path, message } of outcomes[0]?.error?.issues ?? []) {
      context.addIssue({ code: 'custom', path: [...path], message });
    }
  });
}

/** How an option is recognised, and whether it is one kind among others that may come. */
function claimOf(outline: JsonSchema): { readonly claims: Claim; readonly isKind: boolean } {
  if (typeof outline === 'boolean' || typeof outline.type !== 'string') return { claims: () => true, isKind: false };
  switch (outline.type) {
    case 'object': {
      const { properties = {}, required = [] } = outline;
      const tags = required.flatMap((key) => {
        const [tag, ...more] = wordsOf(properties[key]).enum ?? [];
        return typeof tag === 'string' && more.length === 0 ? [[key, tag] as const] : [];
      });
      if (tags.length > 0) {
        return { claims: (value) => isObject(value) && tags.every(([key, tag]) => value[key] === tag), isKind: true };
      }
      // `{ retryAfter: {...} }`: the only member says what it is.
      const [key] = required;
      if (key !== undefined && required.length === 1 && outline.additionalProperties === false) {
        return { claims: (value) => isObject(value) && Object.hasOwn(value, key), isKind: true };
      }
      return { claims: isObject, isKind: false };
    }
    case 'array':
      return { claims: Array.isArray, isKind: false };
    case 'null':
      return { claims: (value) => value === null, isKind: false };
    case 'integer':
      return { claims: (value) => typeof value === 'number', isKind: false };
    default: {
      const { type } = outline;
      return { claims: (value) => typeof value === type, isKind: false };
    }
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
