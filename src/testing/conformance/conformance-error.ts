/** A rule does not hold over a wire, and what was seen instead. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError';

  constructor(
    /** The rule's id. */
    readonly rule: string,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(`${rule}: ${message}`, options);
  }
}
