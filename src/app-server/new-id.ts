let counted = 0;

/**
 * Makes an id nobody else makes: a random UUID where the platform has one (a page served without TLS has none), else a
 * random number and a count.
 *
 * @internal
 */
export function newId(): string {
  const { crypto } = globalThis as { readonly crypto?: { readonly randomUUID?: () => string } };
  if (typeof crypto?.randomUUID === 'function') return crypto.randomUUID();
  counted += 1;
  return `${Math.random().toString(36).slice(2)}-${counted}`;
}
