import type { Lagged } from './lagged.js';

/**
 * Tells a {@link Lagged} marker from an event, by shape alone.
 *
 * No brand and no class: a marker that came through `postMessage` or JSON counts as well. An event of yours that has
 * `type: 'lagged'` and a numeric `skipped` would be taken for one, so do not make such events.
 *
 * @param value Anything, `null` and primitives included.
 */
export function isLagged(value: unknown): value is Lagged {
  if (typeof value !== 'object' || value === null) return false;
  const { type, skipped } = value as { readonly type?: unknown; readonly skipped?: unknown };
  return type === 'lagged' && typeof skipped === 'number';
}
