/** The turn that an event's params speak of; undefined if they speak of a whole thread. */
export function turnIdOf(params: unknown): string | undefined {
  const { turnId, turn } = (params ?? {}) as { readonly turnId?: unknown; readonly turn?: unknown };
  const id = turnId ?? (turn as { readonly id?: unknown } | null | undefined)?.id;
  return typeof id === 'string' ? id : undefined;
}
