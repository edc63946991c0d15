import type { JsonSchema } from '../json-schema.js';

/** A method as codex describes it. */
export interface ProtocolMethod {
  readonly name: string;
  /** The definition of its params; undefined if it has none. */
  readonly params?: string;
  /** Whether the params may be left out, too. */
  readonly isOptional: boolean;
}

/** What one version of codex speaks. */
export interface Protocol {
  /** Schemas by name. A `$ref` in them is such a name. */
  readonly definitions: ReadonlyMap<string, JsonSchema>;
  readonly requests: readonly ProtocolMethod[];
  readonly notifications: readonly ProtocolMethod[];
  readonly serverRequests: readonly ProtocolMethod[];
  readonly serverNotifications: readonly ProtocolMethod[];
}
